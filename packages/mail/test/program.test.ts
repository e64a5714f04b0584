import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { CHEAP_HASHING, programAt } from '@portcullis/testing';
import { startSmtp } from './support/smtp.ts';

const { startServerProcess } = programAt(new URL('../../../apps/api/dist/main.js', import.meta.url));

const EMAIL = 'one@example.org';

it('the API resets a password by a mail that goes out by SMTP, also where the server was away at first', async (t) => {
  const smtp = await startSmtp({ user: 'gate', password: 'a word' });
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-mail-'));
  const { host } = new URL(smtp.url);
  const server = await startServerProcess({
    ...CHEAP_HASHING,
    ...{
      APP_ENV: 'testing',
      DATA_DIR: folder,
      MAIL_URL: `smtp://gate:a%20word@${host}`,
      MAIL_FROM: 'gate@example.org',
    },
  });
  t.after(async () => {
    await server.stop('SIGKILL');
    await smtp.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  });
  const post = (path: string, form: Readonly<Record<string, string>>) =>
    fetch(`${server.url}/api/v1${path}`, { method: 'POST', body: new URLSearchParams(form) });
  const mailed = async (count: number): Promise<string> => {
    while (smtp.received().length < count) await delay(20);
    const { to, text } = smtp.received()[count - 1] ?? assert.fail();
    assert.equal(to, EMAIL);
    return /^ {4}([0-9a-f]{64})$/m.exec(text)?.[1] ?? assert.fail(text);
  };
  assert.equal((await post('/auth/register', { email: EMAIL, password: 'a gate of iron bars' })).status, 201);

  assert.equal((await post('/auth/password/forgot', { email: EMAIL })).status, 202);
  const first = await mailed(1);
  const next = { token: first, new_password: 'a gate of oak and iron' };
  assert.equal((await post('/auth/password/reset', next)).status, 200);
  assert.equal((await post('/auth/login', { email: EMAIL, password: next.new_password })).status, 200);

  await smtp.stop();
  assert.equal((await post('/auth/password/forgot', { email: EMAIL })).status, 202);
  await delay(100);
  await smtp.start();
  const second = await mailed(2);
  assert.equal((await post('/auth/password/reset', { ...next, token: second })).status, 200);

  await smtp.stop();
  assert.equal((await post('/auth/verify-email/request', { email: EMAIL })).status, 202);
  await server.said(/"task":"mail: verify-email".*"msg":"task failed"/);
  for (const secret of [EMAIL, first, second, 'a word', 'a%20word', next.new_password]) {
    assert.ok(!server.output().includes(secret), secret);
  }
});
