import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { Unavailable } from '@portcullis/domain';
import { MailRefused, outboxMailer, smtpMailer } from '@portcullis/mail';
import { type MailerSubject, mailerContract } from '@portcullis/port-contracts';
import { testContract } from '@portcullis/port-contracts/node-test';
import { readMail } from './support/read-mail.ts';
import { type SmtpOptions, startSmtp } from './support/smtp.ts';

const FROM = 'Portcullis <portcullis@example.org>';
const MAIL = { to: 'one@example.org', subject: 'Hello', text: 'Hello.\n' };

async function smtpSubject(): Promise<MailerSubject> {
  const server = await startSmtp();
  const mailer = smtpMailer({ url: server.url, from: FROM, timeoutMs: 2000 });
  return {
    mailer,
    received: async () => server.received(),
    outage: { begin: server.stop, end: server.start },
    async dispose() {
      await mailer.close();
      await server.stop();
    },
  };
}

async function outboxSubject(): Promise<MailerSubject> {
  const parent = mkdtempSync(join(tmpdir(), 'portcullis-mail-'));
  const folder = join(parent, 'outbox');
  const files = () => (existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.eml')) : []);
  return {
    mailer: outboxMailer({ folder, from: FROM }),
    received: () => Promise.all(files().map((name) => readMail(readFileSync(join(folder, name))))),
    outage: { notApplicable: 'a folder is not away; one that cannot be written to is a test of its own' },
    dispose: async () => rmSync(parent, { recursive: true }),
  };
}

testContract('Mailer: SMTP', mailerContract({ make: smtpSubject }));
testContract('Mailer: an outbox', mailerContract({ make: outboxSubject }));

/** A server and a mailer to it, until the test ends. */
async function open(t: TestContext, options: SmtpOptions, query = '') {
  const server = await startSmtp(options);
  const { protocol, host } = new URL(server.url);
  const credentials = options.user === undefined ? '' : `${encodeURIComponent(options.user)}:p%40ss%3Aw%C3%B6rd@`;
  const mailer = smtpMailer({ url: `${protocol}//${credentials}${host}${query}`, from: FROM, timeoutMs: 2000 });
  t.after(async () => {
    await mailer.close();
    await server.stop();
  });
  return { server, mailer };
}

describe('a mail by SMTP', () => {
  it('is from whom the operator says, for one address, and says that a program sent it', async (t) => {
    const { server, mailer } = await open(t, {});
    await mailer.send(MAIL);
    const [mail] = server.envelopes();
    assert.deepEqual(mail, { from: 'portcullis@example.org', to: ['one@example.org'] });
    assert.match(server.raw()[0] ?? '', /^From: Portcullis <portcullis@example\.org>\r?$/m);
    assert.match(server.raw()[0] ?? '', /^Auto-Submitted: auto-generated\r?$/m);
    assert.doesNotMatch(server.raw()[0] ?? '', /nodemailer/i);
  });

  it('goes with user and password, percent-encoded in the URL', async (t) => {
    const { server, mailer } = await open(t, { user: 'gate@example.org', password: 'p@ss:wörd' });
    await mailer.send(MAIL);
    assert.equal(server.received().length, 1);
  });

  it('is refused for good where the password is wrong, without telling it', async (t) => {
    const { mailer } = await open(t, { user: 'gate@example.org', password: 'another' });
    await assert.rejects(mailer.send(MAIL), (fault: unknown) => {
      assert.ok(fault instanceof MailRefused);
      assert.match(fault.message, /535 to our credentials/);
      assert.doesNotMatch(JSON.stringify(fault, Object.getOwnPropertyNames(fault)), /p@ss/);
      return true;
    });
  });

  it('is refused for good where the server refuses the address, and may go later where it is busy', async (t) => {
    const { server, mailer } = await open(t, {
      onRecipient: (to) => (to.startsWith('gone') ? 550 : to.startsWith('busy') ? 451 : undefined),
    });
    await assert.rejects(mailer.send({ ...MAIL, to: 'gone@example.org' }), MailRefused);
    await assert.rejects(mailer.send({ ...MAIL, to: 'busy@example.org' }), Unavailable);
    await mailer.send(MAIL);
    assert.equal(server.received().length, 1);
  });

  it('is unavailable where nobody answers', async (t) => {
    const { mailer } = await open(t, { silent: true });
    await assert.rejects(mailer.send(MAIL), Unavailable);
  });

  it('is refused, and not mended, where it is no one line for one address in well-formed text', async (t) => {
    const { server, mailer } = await open(t, {});
    for (const wrong of [
      { subject: 'one\ntwo' },
      { subject: 'one\rtwo' },
      { subject: '' },
      { subject: 'a\ud800' },
      { to: 'one@example.org, two@example.org' },
      { text: 'a\0b' },
      { text: 'a\udbff' },
    ]) {
      await assert.rejects(mailer.send({ ...MAIL, ...wrong }), MailRefused, JSON.stringify(wrong));
    }
    assert.deepEqual(server.received(), []);
  });

  it('demands TLS of any host but this machine', async (t) => {
    const server = await startSmtp();
    t.after(server.stop);
    const { port } = new URL(server.url);
    // This machine by an address that does not say so.
    const to = (query: string) => {
      const mailer = smtpMailer({ url: `smtp://[::ffff:127.0.0.1]:${port}${query}`, from: FROM, timeoutMs: 2000 });
      t.after(() => mailer.close());
      return mailer;
    };
    await assert.rejects(to('').send(MAIL), MailRefused);
    assert.equal(server.received().length, 0);
    await to('?tls=none').send(MAIL);
    assert.equal(server.received().length, 1);
  });
});

describe('an outbox', () => {
  it('is a folder for its user alone, of files that a person can read', async (t) => {
    const parent = mkdtempSync(join(tmpdir(), 'portcullis-mail-'));
    t.after(() => rmSync(parent, { recursive: true }));
    const folder = join(parent, 'a', 'outbox');
    const mailer = outboxMailer({ folder, from: FROM });
    const text = `Use this:\n\n    ${'a1'.repeat(32)}\n`;
    await mailer.send({ ...MAIL, text });
    const [name = '', ...more] = readdirSync(folder);
    assert.deepEqual(more, []);
    assert.match(name, /^\d{4}-\d\d-\d\dT[\d.-]+Z-[0-9a-f]{8}\.eml$/);
    const file = join(folder, name);
    if (process.platform !== 'win32') {
      assert.equal(statSync(folder).mode & 0o777, 0o700);
      assert.equal(statSync(file).mode & 0o777, 0o600);
    }
    const shown = readFileSync(file, 'utf8');
    assert.match(shown, /^To: one@example\.org$/m);
    assert.match(shown, /^Subject: Hello$/m);
    assert.ok(shown.includes(text), shown);
  });

  it('is unavailable where it cannot be written to', async (t) => {
    const parent = mkdtempSync(join(tmpdir(), 'portcullis-mail-'));
    t.after(() => rmSync(parent, { recursive: true }));
    writeFileSync(join(parent, 'file'), '');
    const mailer = outboxMailer({ folder: join(parent, 'file', 'outbox'), from: FROM });
    await assert.rejects(mailer.send(MAIL), Unavailable);
  });

  const skip = existsSync('/proc/self') ? false : 'there is no /proc';
  it('is unavailable where no folder can be made', { skip, timeout: 60_000 }, async () => {
    for (const folder of ['/proc/x', '/proc/x/outbox', '/proc/self/x/outbox'])
      await assert.rejects(outboxMailer({ folder, from: FROM }).send(MAIL), Unavailable, folder);
  });
});
