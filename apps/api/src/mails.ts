import type { Mail, MailPurpose } from '@portcullis/domain';

/** RFC 5322 §2.1.1 asks for no more than 78; what is longer is encoded on its way, and hard to read in a file. */
const LINE_LENGTH = 72;

const UNITS: readonly (readonly [seconds: number, name: string])[] = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
];

/** `1 hour`, `90 minutes`: in the largest unit that it is a whole number of. */
function duration(seconds: number): string {
  const [length, name] = UNITS.find(([each]) => seconds % each === 0) ?? [1, 'second'];
  const count = seconds / length;
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** Words in lines of a length that every mail program shows. */
function wrapped(paragraph: string): string {
  const lines: string[] = [];
  for (const word of paragraph.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > LINE_LENGTH) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.join('\n');
}

/**
 * What is sent by mail. The secret stands in a line of its own, to be copied, and in no address: those end up in histories, logs and
 * the Referer of other pages (RFC 9110 §17.9).
 */
export function mailOf(purpose: MailPurpose, token: string, lifetimeSeconds: number): Omit<Mail, 'to'> {
  const { subject, asked, sentAs } = WORDS[purpose];
  const paragraphs = [
    'Hello,',
    wrapped(`somebody, we hope it was you, asked us ${asked}. This is what it takes:`),
    `    ${token}`,
    wrapped(
      `It works once, within ${duration(lifetimeSeconds)}, and until another one that was sent is used. A program sends it as ${sentAs}.`,
    ),
    wrapped('If it was not you who asked, you need not do anything: without this mail nobody can go on.'),
  ];
  return { subject, text: `${paragraphs.join('\n\n')}\n` };
}

const WORDS: Readonly<Record<MailPurpose, Readonly<Record<'subject' | 'asked' | 'sentAs', string>>>> = {
  'verify-email': {
    subject: 'Is this your address?',
    asked: 'to verify that this address is theirs',
    sentAs: 'the field `token` of POST /auth/verify-email',
  },
  'reset-password': {
    subject: 'Set another password',
    asked: 'to set another password',
    sentAs: 'the field `token` of POST /auth/password/reset, with `new_password`',
  },
};
