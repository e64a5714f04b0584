import assert from 'node:assert/strict';
import { it } from 'node:test';
import { recordedEvents, serveForTest } from '@portcullis/testing';
import { accounts } from '../src/service.ts';

it('puts every outcome of accounts on record', async (t) => {
  const served = await serveForTest(accounts);
  t.after(served.close);
  const register = () =>
    fetch(`${served.url}/register/`, {
      method: 'POST',
      body: new URLSearchParams({ username: 'ada', password: 'password' }),
    });
  const logIn = (credentials: string) =>
    fetch(`${served.url}/login/`, {
      method: 'POST',
      headers: { Authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
    });
  assert.equal((await register()).status, 201);
  assert.equal((await register()).ok, false);
  for (const wrong of ['ada:guess', 'eve:password', `${'x'.repeat(1000)}:password`]) {
    assert.equal((await logIn(wrong)).status, 401);
  }
  const loggedIn = (await (await logIn('ada:password')).json()) as { readonly data: { readonly auth_token: string } };
  const headers = { Authorization: `Bearer ${loggedIn.data.auth_token}` };
  assert.equal((await fetch(`${served.url}/logout/`, { headers })).status, 200);
  assert.deepEqual(await recordedEvents(served), {
    registered: 1,
    'registration-refused': 1,
    'logged-in': 1,
    'login-failed': 3,
    'logged-out': 1,
  });
});

it('puts a login on record whose credentials nobody can read, and none where there are none (generated)', async (t) => {
  const served = await serveForTest(accounts);
  t.after(served.close);
  const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');
  const bytes = Array.from({ length: 64 }, (_, n) => Buffer.from([0xc0 + n, 0x80 | n, n % 32]));
  const unreadable = [
    ...['', 'ada', 'no colon', '\0', 'a\0:b', 'ada:pass\0word'].map(base64),
    ...['*', 'YQ', 'YQ=', '=', 'ada:password', 'YTpi YTpi', `${base64('ada:password')}=`].map(String),
    // No text in UTF-8, or one without a colon.
    ...bytes.map(base64),
  ];
  for (const [n, encoded] of unreadable.entries()) {
    const scheme = ['Basic', 'basic', 'BASIC'][n % 3];
    const headers = { Authorization: `${scheme} ${encoded}` };
    assert.equal((await fetch(`${served.url}/login/`, { method: 'POST', headers })).status, 401, encoded);
  }
  // A browser asks so before it asks its user.
  for (const headers of [{}, { Authorization: 'Bearer abc' }]) {
    assert.equal((await fetch(`${served.url}/login/`, { method: 'POST', headers })).status, 401);
  }
  assert.deepEqual(await recordedEvents(served), { 'login-failed': unreadable.length });
});
