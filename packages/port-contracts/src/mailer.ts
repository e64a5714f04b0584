import assert from 'node:assert/strict';
import { type Mail, type Mailer, Unavailable } from '@portcullis/domain';
import { type CaseOptions, type ContractCase, cases, type Disposable, type NotApplicable } from './contract-case.ts';
import { orRefused, quoted } from './expect.ts';
import { given } from './store-subject.ts';

/** What arrived, as a mail program reads it. */
export interface ReceivedMail extends Mail {
  /** The names of all its headers, in lower case. */
  readonly headers: readonly string[];
}

export interface MailerSubject extends Disposable {
  readonly mailer: Mailer & { close(): Promise<void> };
  /** What has arrived so far, in any order: one entry for each mail and each address that it went to. */
  received(): Promise<readonly ReceivedMail[]>;
  /** Takes away what the mails go to, and gives it back. */
  readonly outage: { begin(): Promise<void>; end(): Promise<void> } | NotApplicable;
}

const MANY = 30;

const mail = (n: number, fields: Partial<Mail> = {}): Mail => ({
  to: `user-${n}@example.com`,
  subject: `Mail ${n}`,
  text: `Dear user,\n\nthis is mail ${n}.\n`,
  ...fields,
});

/** A mail program may add or drop line breaks at the end, and no more than that. */
const readAs = ({ to, subject, text }: Mail) => ({ to, subject, text: text.trimEnd() });

const byAddress = (one: Mail, other: Mail): number => (one.to < other.to ? -1 : 1);
const read = async (subject: MailerSubject) => (await subject.received()).toSorted(byAddress).map(readAs);

const contract = cases<MailerSubject>('contract', {
  'delivers a mail to whom it is for, to the letter': async (subject) => {
    const all = [
      mail(1),
      mail(2, { subject: 'Ünïcödé – Grüße 🔑', text: 'Ünï: пароль, 密碼, 🔑\n' }),
      mail(3, { text: `${'word '.repeat(400)}\n${'x'.repeat(1500)}\n` }),
      mail(4, { text: '.\n..\nFrom here on\n>From\n\n\n.\nend of it = 3D\n' }),
      mail(5, { subject: `A subject that is longer than one line may be, ${'again and '.repeat(20)}again` }),
      mail(6, { text: '  two blanks before, a tab\there, and none after\n' }),
    ];
    for (const each of all) await subject.mailer.send(each);
    assert.deepEqual(await read(subject), all.map(readAs));
  },

  'delivers a mail that is sent twice twice': async (subject) => {
    for (let time = 0; time < 2; time += 1) await subject.mailer.send(mail(1));
    assert.deepEqual(await read(subject), [readAs(mail(1)), readAs(mail(1))]);
  },
});

const races = cases<MailerSubject>('races', {
  'delivers each of many that are sent at once, each to its own': async (subject) => {
    const all = Array.from({ length: MANY }, (_, n) => mail(n));
    await Promise.all(all.map((each) => subject.mailer.send(each)));
    assert.deepEqual(await read(subject), all.toSorted(byAddress).map(readAs));
  },
});

const outage = cases<MailerSubject>('outage', {
  'is unavailable while nobody takes the mail, and goes on afterwards': async (subject) => {
    const away = given('outage', subject.outage);
    if ('notApplicable' in away) return away;
    await subject.mailer.send(mail(1));
    await away.value.begin();
    await assert.rejects(subject.mailer.send(mail(2)), Unavailable);
    await away.value.end();
    await subject.mailer.send(mail(3));
    assert.deepEqual(await read(subject), [readAs(mail(1)), readAs(mail(3))]);
    return undefined;
  },

  'is unavailable once it is closed, and has delivered what it took': async (subject) => {
    await Promise.all([subject.mailer.send(mail(1)), subject.mailer.close()]);
    await assert.rejects(subject.mailer.send(mail(2)), Unavailable);
    assert.deepEqual(await read(subject), [readAs(mail(1))]);
  },
});

const hostile = cases<MailerSubject>('hostile', {
  'lets no text make another header, another address or another mail': async (subject) => {
    const { mailer } = subject;
    await mailer.send(mail(0));
    const [{ headers = [] } = {}] = await subject.received();
    let taken = 1;
    for (const text of [
      'a\r\nBcc: eve@example.com',
      'a\nBcc: eve@example.com',
      'a\rX-Evil: 1',
      'a\r\n\r\nbody',
      'a\r\n.\r\nMAIL FROM:<eve@example.com>',
      'a\0b',
      'a\u0085b',
      'a\u2028b',
    ]) {
      for (const fields of [{ subject: text }, { to: `user@example.com${text.slice(1)}` }, { to: text }]) {
        const sent = await orRefused(async () => {
          await mailer.send(mail(9, fields));
          return true;
        });
        if (sent) taken += 1;
      }
    }
    for (const to of [
      ...['a@example.com,eve@example.com', 'a@example.com; eve@example.com', 'a@example.com eve@example.com'],
      ...['Eve <eve@example.com>', '<eve@example.com>', 'list: eve@example.com;', '"a b"@example.com', ''],
    ]) {
      const sent = await orRefused(async () => {
        await mailer.send(mail(9, { to }));
        return true;
      });
      if (sent) taken += 1;
    }
    const received = await subject.received();
    assert.equal(received.length, taken, 'one mail for each that was taken');
    for (const each of received) {
      assert.ok(!each.to.includes('eve@'), quoted(each.to));
      assert.deepEqual(
        each.headers.filter((name) => !headers.includes(name)),
        [],
      );
    }
  },

  'reads no file and no address on the network that a text names': async (subject) => {
    const text = 'file:///etc/passwd\nhttp://127.0.0.1:9/\n{"path":"/etc/passwd"}\n';
    await subject.mailer.send(mail(1, { text }));
    await orRefused(() => subject.mailer.send(mail(2, { text: { path: '/etc/hostname' } as never })));
    assert.deepEqual(await read(subject), [readAs(mail(1, { text }))]);
  },
});

/** What every Mailer must do. */
export const mailerContract = (options: CaseOptions<MailerSubject>): readonly ContractCase[] =>
  [contract, races, outage, hostile].flatMap((section) => section(options));
