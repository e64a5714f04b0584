import assert from 'node:assert/strict';
import { it } from 'node:test';
import { recordedEvents, serveForTest } from '@portcullis/testing';
import { api } from '../src/service.ts';

const PASSWORD = 'a gate of iron bars';

it('puts every outcome of the widgets service on record', async (t) => {
  const served = await serveForTest(api, { environment: { REFRESH_GRACE_SECONDS: '10' } });
  t.after(served.close);
  async function send(method: string, path: string, fields: Readonly<Record<string, string>>, token?: string) {
    const answer = await fetch(`${served.url}${path}`, {
      method,
      body: new URLSearchParams(fields),
      headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
    });
    const text = await answer.text();
    return { status: answer.status, json: text === '' ? {} : JSON.parse(text) };
  }
  const ada = { email: 'ada@example.org', password: PASSWORD };
  const refresh = (token: string) => send('POST', '/auth/refresh', { refresh_token: token });

  const { json: first } = await send('POST', '/auth/register', ada);
  assert.equal((await send('POST', '/auth/register', ada)).status, 409);
  for (const [email, password] of [
    [ada.email, 'a guess'],
    ['eve@example.org', PASSWORD],
  ] as const) {
    assert.equal((await send('POST', '/auth/login', { email, password })).status, 401);
  }
  const { json: tokens } = await send('POST', '/auth/login', ada);
  assert.equal((await refresh(tokens.refresh_token)).status, 200);
  assert.equal((await refresh(tokens.refresh_token)).status, 200);
  served.clock.advance(11);
  assert.equal((await refresh(tokens.refresh_token)).status, 401);
  assert.equal((await refresh(tokens.refresh_token)).status, 401);
  assert.equal((await refresh('nonsense')).status, 401);

  const access: string = first.access_token;
  const change = { old_password: 'a guess', new_password: 'another gate of iron' };
  for (let n = 0; n < 3; n += 1) assert.equal((await send('PUT', '/auth/password', change, access)).status, 403);
  assert.equal((await send('DELETE', '/auth/user', { password: 'a guess' }, access)).status, 403);
  assert.equal((await send('POST', '/auth/verify-email', { token: 'nonsense' })).status, 400);
  const reset = { token: 'nonsense', password: 'another gate of iron', new_password: 'another gate of iron' };
  assert.equal((await send('POST', '/auth/password/reset', reset)).status, 400);
  assert.equal((await send('POST', '/auth/introspect', { token: access })).status, 401);
  assert.equal((await send('POST', '/auth/revoke', { token: access })).status, 401);

  const { findUser, changeAccess, removeUser } = served.composition;
  const user = await findUser(ada.email);
  assert.ok(user);
  assert.equal((await changeAccess('operator', user.id, { admin: true })).ok, true);
  assert.equal((await changeAccess('operator', user.id, { admin: false })).ok, false);
  assert.equal((await removeUser('operator', user.id)).ok, false);
  assert.equal((await send('POST', '/auth/logout', {}, access)).status, 200);

  assert.deepEqual(await recordedEvents(served), {
    registered: 1,
    'registration-refused': 1,
    'logged-in': 2,
    'login-failed': 2,
    refreshed: 1,
    'refresh-replayed': 1,
    'refresh-token-reused': 1,
    'refresh-refused': 2,
    'password-refused': 4,
    'mail-token-refused': 2,
    'client-refused': 2,
    'access-changed': 1,
    'access-change-refused': 1,
    'removal-refused': 1,
    'logged-out': 1,
  });
});
