import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import { startMongod, withMongod } from '@portcullis/mongod';
import { CHEAP_HASHING, jsonClient, programAt, temporaryFolder } from '@portcullis/testing';

const { runCli, startServerProcess } = programAt(new URL('../dist/main.js', import.meta.url));

/** Starts three processes at once on one empty store and looks at what they made of it. */
async function startTogether(t: TestContext, store: Readonly<Record<string, string>>): Promise<void> {
  const environment = { DATA_DIR: temporaryFolder(t), LOG_LEVEL: 'error', ...CHEAP_HASHING, ...store };
  const servers = await Promise.all(Array.from({ length: 3 }, () => startServerProcess(environment)));
  t.after(() => Promise.all(servers.map((server) => server.stop('SIGKILL'))));
  for (const { url } of servers) {
    const send = jsonClient(() => url);
    assert.deepEqual((await send('GET', '/api/users')).json, [
      { id: 1, name: 'user' },
      { id: 2, name: 'guest' },
    ]);
    assert.equal((await send('GET', '/api/ships')).json.length, 15);
  }
  const [one, other] = servers.map(({ url }) => jsonClient(() => url));
  assert.ok(one && other);
  const json = { name: 'third', password: 'iron bars' };
  assert.equal((await one('POST', '/api/users', { json })).json.id, 3);
  const { access_token } = (await other('POST', '/auth/login', { json: { username: 'third', password: 'iron bars' } }))
    .json;
  const ship = {
    affiliation: '',
    category: '',
    crew: 1,
    length: 1,
    manufacturer: '',
    model: '',
    roles: [],
    ship_class: '',
  };
  const headers = { Authorization: `Bearer ${access_token}` };
  assert.equal((await other('POST', '/api/ships', { headers, json: ship })).json.id, 16);
}

const PRODUCTION = {
  APP_ENV: 'production',
  TOKEN_SECRET: randomBytes(48).toString('base64'),
  // A machine that has much else to do is not what these tests are about.
  PASSWORD_HASH_WAIT_SECONDS: '60',
};
const EXAMPLES = [
  { username: 'user', password: 'password' },
  { username: 'guest', password: 'guest' },
];

describe('ships in production', { timeout: 300_000 }, () => {
  const statusesOf = (url: string) =>
    Promise.all(EXAMPLES.map(async (json) => (await jsonClient(() => url)('POST', '/auth/login', { json })).status));

  it('begins without example users, and with the ships', async (t) => {
    const server = await startServerProcess({ DATA_DIR: temporaryFolder(t), ...PRODUCTION });
    t.after(() => server.stop('SIGKILL'));
    assert.deepEqual(await statusesOf(server.url), [401, 401]);
    const send = jsonClient(() => server.url);
    assert.deepEqual((await send('GET', '/api/users')).json, []);
    assert.equal((await send('GET', '/api/ships')).json.length, 15);
    const json = { name: 'first', password: 'a gate of iron bars' };
    assert.equal((await send('POST', '/api/users', { json })).json.id, 1);
  });

  it('disables the example users of a store from development, says so, and leaves those with another password', async (t) => {
    const DATA_DIR = temporaryFolder(t);
    const development = await startServerProcess({ DATA_DIR, ...CHEAP_HASHING, TOKEN_SECRET: PRODUCTION.TOKEN_SECRET });
    const send = jsonClient(() => development.url);
    const { access_token } = (await send('POST', '/auth/login', { json: EXAMPLES[0] })).json;
    const headers = { Authorization: `Bearer ${access_token}` };
    const changed = await send('PUT', '/api/users/1', { headers, json: { name: 'user', password: 'a gate of iron' } });
    assert.equal(changed.status, 200);
    assert.deepEqual(await statusesOf(development.url), [401, 200]);
    await development.stop('SIGTERM');

    const server = await startServerProcess({ DATA_DIR, ...PRODUCTION });
    t.after(() => server.stop('SIGKILL'));
    assert.deepEqual(await statusesOf(server.url), [401, 401]);
    const json = { username: 'user', password: 'a gate of iron' };
    assert.equal((await jsonClient(() => server.url)('POST', '/auth/login', { json })).status, 200);
    assert.match(server.output(), /"warning":"example-user-disabled","msg":"the user guest had the published password/);
    assert.ok(!server.output().includes('the user user'));
    // Enabled again, or added anew: what the contract publishes is no password.
    assert.equal((await runCli(['users', 'enable', 'guest'], { DATA_DIR, ...PRODUCTION })).code, 0);
    assert.deepEqual(await statusesOf(server.url), [401, 401]);
    assert.equal((await runCli(['users', 'remove', 'guest'], { DATA_DIR, ...PRODUCTION })).code, 0);
    for (const { username: name, password } of EXAMPLES) {
      const published = await jsonClient(() => server.url)('POST', '/api/users', {
        json: { name: `${name}2`, password },
      });
      assert.equal(published.status, 400, JSON.stringify(published.json));
      const added = await runCli(['users', 'add', `${name}3`, '--password', password.toUpperCase()], {
        DATA_DIR,
        ...PRODUCTION,
      });
      assert.equal(added.code, 1, added.stdout);
    }
    const anew = { name: 'guest', password: 'a gate of oak' };
    assert.equal((await jsonClient(() => server.url)('POST', '/api/users', { json: anew })).status, 201);
    const login = { username: anew.name, password: anew.password };
    assert.equal((await jsonClient(() => server.url)('POST', '/auth/login', { json: login })).status, 200);
  });

  it('does not start where such a user is the last administrator', async (t) => {
    const DATA_DIR = temporaryFolder(t);
    const development = await startServerProcess({ DATA_DIR, ...CHEAP_HASHING });
    await development.stop('SIGTERM');
    assert.equal((await runCli(['users', 'promote', 'guest'], { DATA_DIR })).code, 0);
    const { code, stderr } = await runCli(['serve'], { DATA_DIR, PORT: '0', ...PRODUCTION });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^Error: the user guest has the published password of an example, and is the last administrator/,
    );
  });
});

describe('processes that start together on an empty store', { timeout: 120_000 }, () => {
  it('load the examples once, on SQLite', (t) => startTogether(t, {}));

  withMongod(() => {
    it('load the examples once, on MongoDB', async (t) => {
      const server = await startMongod();
      t.after(() => server.stop());
      await startTogether(t, {
        MONGODB_URL: `mongodb://127.0.0.1:${server.instanceInfo?.port}/together`,
      });
    });

    it('load them as soon as MongoDB is there, and answer nothing before', async (t) => {
      const server = await startMongod();
      const { port = 0, dbPath = '' } = server.instanceInfo ?? {};
      await server.stop({ doCleanup: false });
      const api = await startServerProcess({
        DATA_DIR: temporaryFolder(t),
        LOG_LEVEL: 'silent',
        STORE_WAIT_SECONDS: '1',
        ...CHEAP_HASHING,
        MONGODB_URL: `mongodb://127.0.0.1:${port}/late`,
      });
      t.after(() => api.stop('SIGKILL'));
      const send = jsonClient(() => api.url);
      const early = await send('GET', '/api/ships');
      assert.deepEqual([early.status, early.headers.get('retry-after')], [503, '1']);
      assert.equal((await send('GET', '/readyz')).status, 503);
      assert.equal((await send('GET', '/healthz')).status, 200);
      const again = await startMongod({ port, dbPath });
      t.after(() => again.stop());
      let answer = await send('GET', '/api/ships');
      for (let tries = 0; answer.status !== 200 && tries < 100; tries += 1) answer = await send('GET', '/api/ships');
      assert.equal(answer.json?.length, 15);
      assert.equal((await send('GET', '/readyz')).status, 200);
    });
  });
});
