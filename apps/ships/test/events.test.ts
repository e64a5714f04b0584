import assert from 'node:assert/strict';
import { it } from 'node:test';
import { instant, type NewPassword, type PasswordHash, type User, type UserId } from '@portcullis/domain';
import { jsonClient, recordedEvents, serveForTest } from '@portcullis/testing';
import { SEED_USERS } from '../src/seed-data.ts';
import { ships } from '../src/service.ts';

it('puts every outcome of ships on record', async (t) => {
  const served = await serveForTest(ships);
  t.after(served.close);
  const send = jsonClient(() => served.url);
  const as = (token: unknown) => ({ headers: { Authorization: `Bearer ${token}` } });
  const [ada, bob] = ['ada', 'bob'].map((name) => ({ name, password: 'password' }));
  const added = await send('POST', '/api/users', { json: ada });
  assert.equal(added.status, 201);
  assert.equal((await send('POST', '/api/users', { json: bob })).status, 201);
  assert.equal((await send('POST', '/api/users', { json: ada })).status >= 400, true);
  const logIn = (username: string, password: string) => send('POST', '/auth/login', { json: { username, password } });
  for (const [name, password] of [
    ['ada', 'guess'],
    ['eve', 'password'],
    ['x', 'password'],
  ] as const) {
    assert.equal((await logIn(name, password)).status, 401);
  }
  const { access_token: access, refresh_token: refresh } = (await logIn('ada', 'password')).json;
  for (let n = 0; n < 5; n += 1) assert.equal((await send('POST', '/auth/refresh', as(refresh))).status, 200);
  const own = `/api/users/${added.json.id}`;
  assert.equal((await send('PUT', own, { ...as(access), json: bob })).status >= 400, true);
  assert.equal((await send('PUT', own, { ...as(access), json: { ...ada, password: 'another' } })).status, 200);
  const again = (await logIn('ada', 'another')).json;
  assert.equal((await send('DELETE', '/auth/logout2', as(again.refresh_token))).status, 200);
  for (const token of [again.refresh_token, again.access_token, 'nonsense', refresh]) {
    assert.equal((await send('POST', '/auth/refresh', as(token))).status >= 400, true);
  }
  assert.equal((await send('DELETE', own, as(again.access_token))).status, 204);
  assert.deepEqual(await recordedEvents(served), {
    registered: 2,
    'registration-refused': 1,
    'logged-in': 2,
    'login-failed': 3,
    refreshed: 5,
    'refresh-refused': 4,
    'credentials-refused': 1,
    'credentials-replaced': 1,
    'logged-out': 1,
    'user-removed': 1,
  });
});

/** The cheapest that production takes, on a machine however busy. */
const HASHING = { PASSWORD_HASH_MEMORY_KIB: '7168', PASSWORD_HASH_PASSES: '5', PASSWORD_HASH_WAIT_SECONDS: '60' };

it('puts no login on record at a start in production, whatever users the store has (generated)', async (t) => {
  const served = await serveForTest(ships, { environment: { APP_ENV: 'production', ...HASHING } });
  t.after(served.close);
  const { hasher, logins } = served.composition;
  const hashes = await Promise.all(
    [...SEED_USERS.map(({ password }) => password), 'a gate of iron'].map((password) =>
      hasher.hash(password as NewPassword),
    ),
  );
  /** Undefined: there is no such user. */
  const states: readonly (Pick<User, 'passwordHash' | 'disabled'> | undefined)[] = [
    undefined,
    ...[...hashes, 'no hash' as PasswordHash].flatMap((passwordHash) =>
      [false, true].map((disabled) => ({ passwordHash, disabled })),
    ),
  ];
  let node = served;
  let disabled = 0;
  for (const state of states) {
    for (const [n, { name }] of SEED_USERS.entries()) {
      const login = logins.parse(name);
      assert.ok(login.ok);
      const id = `${n + 1}` as UserId;
      await node.composition.users.remove(id);
      if (!state) continue;
      const user: User = {
        ...{ id, login: login.value, loginKey: logins.keyOf(login.value), passwordHash: state.passwordHash },
        ...{ admin: false, disabled: state.disabled, registeredAt: instant(0), verifiedAt: null, tokenEpoch: 0 },
        ...{ firstName: null, lastName: null },
      };
      assert.ok((await node.composition.users.add(user)).ok);
      if (!state.disabled && state.passwordHash === hashes[n]) disabled += 1;
    }
    node = await node.restart();
  }
  assert.equal(disabled, SEED_USERS.length);
  assert.deepEqual(await recordedEvents(node), { 'access-changed': disabled });
});
