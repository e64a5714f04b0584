// A suite is only worth what it catches: each mailer here is wrong in one way that mailers are wrong in.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type Mail, type Mailer, Unavailable } from '@portcullis/domain';
import { type MailerSubject, mailerContract, type ReceivedMail, type Section } from '@portcullis/port-contracts';

const ADDRESS = /^[^\s,;:<>"\p{Cc}@]+@[^\s,;:<>"\p{Cc}@]+$/u;

interface World {
  /** What is at the other end. */
  readonly inbox: ReceivedMail[];
  isAway(): boolean;
}

const headersOf = (source: string): ReceivedMail['headers'] =>
  source.split(/\r\n|\r|\n/).map((line) => (line.split(':')[0] ?? '').toLowerCase());

const honest = ({ inbox, isAway }: World): Mailer => ({
  async send({ to, subject, text }) {
    await setImmediate();
    if (isAway()) throw new Unavailable('mail');
    if (typeof text !== 'string' || !ADDRESS.test(to) || /\p{Cc}|[\u2028\u2029]/u.test(subject))
      throw new Error('refused');
    inbox.push({ to, subject, text, headers: ['to', 'subject'] });
  },
});

/** Makes a mailer wrong that was right. */
type Sabotage = (mailer: Mailer, world: World) => Mailer;

const changing =
  (change: (mail: Mail) => Mail): Sabotage =>
  (mailer) => ({ send: (mail) => mailer.send(change(mail)) });

const SHELF: readonly (readonly [section: Section, wrong: string, sabotage: Sabotage])[] = [
  [
    'contract',
    'subjects in ASCII alone',
    changing((mail) => ({ ...mail, subject: mail.subject.replace(/\P{ASCII}/gu, '?') })),
  ],
  [
    'contract',
    'a dot at the beginning of a line lost',
    changing((mail) => ({ ...mail, text: mail.text.replace(/^\./gm, '') })),
  ],
  [
    'contract',
    'long lines broken',
    changing((mail) => ({ ...mail, text: mail.text.replace(/(.{998})(?=.)/g, '$1\n') })),
  ],
  [
    'contract',
    'blanks at the beginning of a text lost',
    changing((mail) => ({ ...mail, text: mail.text.trimStart() })),
  ],
  [
    'contract',
    'the same mail sent once',
    (mailer) => {
      const sent = new Set<string>();
      return {
        async send(mail) {
          const key = JSON.stringify(mail);
          if (!sent.has(key)) await mailer.send(mail);
          sent.add(key);
        },
      };
    },
  ],
  [
    'races',
    'one envelope for all that are under way',
    (mailer) => {
      let current: Mail | undefined;
      return {
        async send(mail) {
          current = mail;
          await setImmediate();
          await mailer.send(current);
        },
      };
    },
  ],
  [
    'outage',
    'a mail that is lost in silence',
    (mailer) => ({ send: (mail) => mailer.send(mail).catch(() => undefined) }),
  ],
  [
    'outage',
    'a fault that nobody knows for one that passes',
    (mailer) => ({
      send: (mail) =>
        mailer.send(mail).catch(() => {
          throw new Error('ECONNREFUSED');
        }),
    }),
  ],
  [
    'outage',
    'a mailer that takes mails when it is closed, for nobody',
    (mailer) => ({ send: async (mail) => void mailer.send(mail).catch(() => undefined) }),
  ],
  [
    'hostile',
    'headers that are written as they come',
    (_, { inbox }) => ({
      async send({ to, subject, text }) {
        const source = `To: ${to}\nSubject: ${subject}`;
        const eve = /eve@example\.com/.exec(source);
        inbox.push({ to: eve ? eve[0] : to, subject, text, headers: headersOf(source) });
      },
    }),
  ],
  [
    'hostile',
    'a list of addresses taken for one',
    (mailer, { inbox }) => ({
      async send(mail) {
        const all = mail.to.split(/[,;]/).map((each) => each.trim());
        if (all.length > 1) for (const to of all) inbox.push({ ...mail, to, headers: ['to', 'subject'] });
        else await mailer.send(mail);
      },
    }),
  ],
  [
    'hostile',
    'a text that is a path, read',
    (mailer) => ({ send: (mail) => mailer.send(typeof mail.text === 'string' ? mail : { ...mail, text: 'contents' }) }),
  ],
];

const subjectOf = (sabotage: Sabotage) => async (): Promise<MailerSubject> => {
  const inbox: ReceivedMail[] = [];
  let away = false;
  let closed = false;
  const underWay = new Set<Promise<unknown>>();
  const world: World = { inbox, isAway: () => away || closed };
  const right = honest(world);
  const mailer = sabotage(right, world);
  return {
    mailer: {
      send(mail) {
        const sending = mailer.send(mail);
        underWay.add(sending);
        return sending;
      },
      async close() {
        await Promise.allSettled(underWay);
        closed = true;
      },
    },
    received: async () => inbox,
    outage: {
      async begin() {
        away = true;
      },
      async end() {
        away = false;
      },
    },
    async dispose() {},
  };
};

describe('the suite for mailers', () => {
  it('lets one pass that is right', async () => {
    for (const each of mailerContract({ make: subjectOf((mailer) => mailer) })) await each.run();
  });

  for (const [section, wrong, sabotage] of SHELF) {
    it(`catches ${wrong}, in its section on ${section}`, async () => {
      const cases = mailerContract({ make: subjectOf(sabotage) }).filter((each) => each.section === section);
      const outcomes = await Promise.allSettled(cases.map((each) => each.run()));
      assert.ok(outcomes.some(({ status }) => status === 'rejected'));
    });
  }

  it('has something for every section', () => {
    const sections = new Set(mailerContract({ make: subjectOf((mailer) => mailer) }).map(({ section }) => section));
    assert.deepEqual(new Set(SHELF.map(([section]) => section)), sections);
  });
});
