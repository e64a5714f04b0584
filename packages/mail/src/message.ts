import { isWellFormed, type Mail } from '@portcullis/domain';
import { type Sender, senderIn } from './sender.ts';

/** The mail will not be taken, however often it is sent. */
export class MailRefused extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(`the mail is refused: ${reason}`, options);
    this.name = 'MailRefused';
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be in there
const ONE_LINE = /^[^\u0000-\u001f\u007f]+$/;
/** One addr-spec of RFC 5322 §3.4.1 without quotes and comments; RFC 6531 lets it be of any script. */
const ADDRESS = /^[^\s\p{Cc}<>(),;:"\\@[\]]+@[^\s\p{Cc}<>(),;:"\\@[\]]+$/u;

/**
 * What nodemailer is told. A line break in a header would begin another header, and a second address another mail.
 * @throws MailRefused for what is not one address and one line.
 */
export function messageOf({ to, subject, text }: Mail, from: Sender) {
  if (typeof to !== 'string' || !ADDRESS.test(to)) throw new MailRefused('not one address');
  if (typeof subject !== 'string' || !ONE_LINE.test(subject) || !isWellFormed(subject))
    throw new MailRefused('not one line of a subject');
  if (typeof text !== 'string' || text.includes('\0') || !isWellFormed(text)) throw new MailRefused('not a text');
  return {
    // In parts, so that nothing reads them anew.
    from: { ...from },
    to: { name: '', address: to },
    envelope: { from: from.address, to: [to] },
    subject,
    text,
    // Whatever is asked for by mail is answered by a program (RFC 3834 §5).
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** @throws TypeError for what is no sender: a setting that was not checked. */
export function senderOf(text: string): Sender {
  const sender = senderIn(text);
  if (!sender) throw new TypeError('not a sender of mails');
  return sender;
}
