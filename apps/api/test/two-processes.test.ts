import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startMongod, withMongod } from '@portcullis/mongod';
import { CHEAP_HASHING } from '@portcullis/testing';
import { type ApiClient, apiClient } from './support/api-client.ts';
import { runCli, type ServerProcess, startServerProcess } from './support/process.ts';

const PASSWORD = 'a gate of iron bars';

interface Store {
  readonly settings: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
}

/** @param open answers the settings of a store that is new, and what ends it. */
function proveTwoProcesses(open: () => Promise<Store>): void {
  let store: Store;
  let environment: Readonly<Record<string, string>>;
  let processes: ServerProcess[] = [];
  let nodes: [ApiClient, ApiClient];

  before(async () => {
    store = await open();
    environment = {
      APP_ENV: 'testing',
      TOKEN_SECRET: 'two processes of one service share it, 64 bytes of it, as they must',
      ACCESS_TOKEN_LIFETIME_SECONDS: '600',
      ...CHEAP_HASHING,
      ...store.settings,
    };
    // At once, on an empty store: one of them makes what is needed, the other finds it.
    processes = await Promise.all([startServerProcess(environment), startServerProcess(environment)]);
    const [first, second] = processes;
    assert.ok(first && second);
    nodes = [apiClient(first.url), apiClient(second.url)];
  });
  after(async () => {
    await Promise.all(processes.map((server) => server.stop('SIGKILL')));
    await store.close();
  });

  const cli = async (...args: string[]): Promise<void> => {
    const { code, stderr } = await runCli(args, environment);
    assert.equal(code, 0, stderr);
  };
  const tokenOf = async (email: string): Promise<string> =>
    String((await nodes[0].post('/auth/login', { email, password: PASSWORD })).json.access_token);

  /** Sends the same request fifty times at once, in turn to one process and the other, and counts the statuses. */
  async function fifty(send: (node: ApiClient) => Promise<{ status: number }>): Promise<Record<number, number>> {
    const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => send(nodes[index % 2 === 0 ? 0 : 1])));
    const counts: Record<number, number> = {};
    for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  }

  const forty = (send: (node: ApiClient, n: number) => Promise<{ status: number }>) =>
    Promise.all(Array.from({ length: 40 }, (_, n) => send(nodes[n % 2 === 0 ? 0 : 1], n)));
  const done = (answers: readonly { status: number }[]) => answers.filter(({ status }) => status < 300).length;

  it('refuses on one, from the next request on, what was logged out on the other', async () => {
    const registered = await nodes[0].post('/auth/register', { email: 'out@example.org', password: PASSWORD });
    const token = String(registered.json.access_token);
    for (let round = 0; round < 20; round += 1) {
      const fresh = await tokenOf('out@example.org');
      assert.equal((await nodes[1].get('/auth/user', fresh)).status, 200);
      assert.equal((await nodes[0].post('/auth/logout', {}, fresh)).status, 200);
      const refused = await nodes[1].get('/auth/user', fresh);
      assert.equal(refused.status, 401);
      assert.equal(refused.json.message, 'Token blacklisted. Please log in again.');
    }
    assert.equal((await nodes[1].get('/auth/user', token)).status, 200, 'the other session lives on');
  });

  it('lets one of fifty registrations of one email win', async () => {
    const register = (node: ApiClient) => node.post('/auth/register', { email: 'One@example.org', password: PASSWORD });
    assert.deepEqual(await fifty(register), { 201: 1, 409: 49 });
  });

  it('tells one of fifty PUTs of a new widget that it created it', async () => {
    await cli('users', 'add', '--admin', '--password', PASSWORD, 'admin@example.org');
    const token = await tokenOf('admin@example.org');
    const put = (node: ApiClient) =>
      node.put('/widgets/gate', { info_url: 'https://example.org/', deadline: '2099-01-01' }, token);
    assert.deepEqual(await fifty(put), { 200: 49, 201: 1 });
  });

  it('does one of forty conditional PUTs with one entity tag, and one of forty PUTs and DELETEs', async () => {
    const token = await tokenOf('admin@example.org');
    const fields = { info_url: 'https://example.org/', deadline: '2099-01-01' };
    for (let round = 0; round < 20; round += 1) {
      const path = `/widgets/contested-${round}`;
      assert.equal((await nodes[0].put(path, fields, token)).status, 201);
      const { etag: first } = await nodes[1].get(path, token);
      const puts = await forty((node) => node.put(path, fields, token, first));
      assert.equal(done(puts), 1);
      assert.deepEqual([...new Set(puts.map(({ status }) => status))].sort(), [200, 412]);

      const { etag: second } = await nodes[0].get(path, token);
      const mixed = await forty((node, n) =>
        n % 4 < 2 ? node.put(path, fields, token, second) : node.delete(path, token, second),
      );
      assert.equal(done(mixed), 1);
      assert.ok(mixed.every(({ status }) => [200, 204, 404, 412].includes(status)));
    }
  });

  it('does one of forty conditional PATCHes of a user with one entity tag, and one of forty PATCHes and DELETEs', async () => {
    const token = await tokenOf('admin@example.org');
    const one = { email: 'contested@example.org', password: PASSWORD };
    for (let round = 0; round < 10; round += 1) {
      await nodes[0].post('/auth/register', one);
      const { items } = (await nodes[1].get(`/users?email=${one.email}`, token)).json;
      const [{ public_id: id = '' } = {}] = items as readonly { readonly public_id?: string }[];
      const path = `/users/${id}`;
      // An administrator in every other round, whom the store takes more care to change.
      await nodes[0].patch(path, { admin: String(round % 2 === 0) }, token);
      const { etag: first } = await nodes[1].get(path, token);
      const patches = await forty((node) => node.patch(path, { disabled: 'true' }, token, first));
      assert.deepEqual([done(patches), ...new Set(patches.map(({ status }) => status).sort())], [1, 200, 412]);

      await nodes[1].patch(path, { disabled: 'false' }, token);
      const { etag: second } = await nodes[0].get(path, token);
      const mixed = await forty((node, n) =>
        n % 4 < 2 ? node.patch(path, { disabled: 'true' }, token, second) : node.delete(path, token, second),
      );
      assert.equal(done(mixed), 1);
      assert.ok(mixed.every(({ status }) => [200, 204, 404, 412].includes(status)));
      await nodes[0].delete(path, token);
    }
  });

  it('lets one of fifty logouts of one token succeed', async () => {
    const token = await tokenOf('one@example.org');
    assert.deepEqual(await fifty((node) => node.post('/auth/logout', {}, token)), { 200: 1, 401: 49 });
  });

  it('demotes and removes on both from the next request on', async () => {
    await cli('users', 'add', '--admin', '--password', PASSWORD, 'second@example.org');
    const token = await tokenOf('second@example.org');
    const create = (node: ApiClient, name: string) =>
      node.post('/widgets', { name, info_url: 'https://example.org/', deadline: '2099-01-01' }, token);
    assert.equal((await create(nodes[0], 'before')).status, 201);
    await cli('users', 'demote', 'second@example.org');
    for (const node of nodes) assert.equal((await create(node, 'after')).status, 403);
    await cli('users', 'remove', 'second@example.org');
    for (const node of nodes) assert.equal((await node.get('/auth/user', token)).status, 401);
  });

  it('answers 40 refreshes of one token at once alike, and one alone where there is no grace', async () => {
    const refresh = (of: readonly ApiClient[], token: string, n = 0) =>
      (of[n % 2] ?? nodes[0]).post('/auth/refresh', { refresh_token: token });
    const strict = await Promise.all(
      [0, 1].map(() => startServerProcess({ ...environment, REFRESH_GRACE_SECONDS: '0' })),
    );
    try {
      const strictNodes = strict.map(({ url }) => apiClient(url));
      await nodes[0].post('/auth/register', { email: 'tabs@example.org', password: PASSWORD });
      for (let round = 0; round < 20; round += 1) {
        const login = () =>
          nodes[round % 2 === 0 ? 0 : 1].post('/auth/login', { email: 'tabs@example.org', password: PASSWORD });

        const first = String((await login()).json.refresh_token);
        const alike = await Promise.all(Array.from({ length: 40 }, (_, n) => refresh(nodes, first, n)));
        assert.deepEqual([...new Set(alike.map(({ status }) => status))], [200]);
        const [successor = '', ...more] = new Set(alike.map(({ json }) => String(json.refresh_token)));
        assert.deepEqual(more, []);
        const newest = await refresh(nodes, successor);
        assert.equal(newest.status, 200);
        assert.equal((await refresh(nodes, first, 1)).status, 401, 'a reuse');
        assert.equal((await refresh(nodes, String(newest.json.refresh_token))).status, 401);
        assert.equal((await nodes[1].get('/auth/user', String(newest.json.access_token))).status, 401);

        const single = String((await login()).json.refresh_token);
        const once = await Promise.all(Array.from({ length: 40 }, (_, n) => refresh(strictNodes, single, n)));
        const [winner, ...others] = once.filter(({ status }) => status === 200);
        assert.ok(winner);
        assert.deepEqual(others, []);
        assert.equal((await refresh(strictNodes, String(winner.json.refresh_token))).status, 401);
        assert.equal((await nodes[0].get('/auth/user', String(winner.json.access_token))).status, 401);
      }
    } finally {
      await Promise.all(strict.map((server) => server.stop('SIGKILL')));
    }
  });

  it('serves none of 300 requests that follow 100 logouts', async () => {
    await nodes[0].post('/auth/register', { email: 'hundred@example.org', password: PASSWORD });
    const tokens = await Promise.all(Array.from({ length: 100 }, () => tokenOf('hundred@example.org')));
    for (const token of tokens) assert.equal((await nodes[1].get('/auth/user', token)).status, 200);
    const asked = await Promise.all(
      tokens.map(async (token, index) => {
        const [own, other] = index % 2 === 0 ? nodes : [nodes[1], nodes[0]];
        assert.equal((await own.post('/auth/logout', {}, token)).status, 200);
        return Promise.all([
          other.get('/auth/user', token),
          own.get('/auth/user', token),
          other.get('/auth/user', token),
        ]);
      }),
    );
    const statuses = asked.flat().map(({ status }) => status);
    assert.equal(statuses.length, 300);
    assert.deepEqual(
      statuses.filter((status) => status !== 401),
      [],
    );
  });
}

describe('two processes on one SQLite file', () =>
  proveTwoProcesses(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'portcullis-'));
    return {
      settings: { DATA_DIR: folder, TOKEN_SECRET: '' },
      close: async () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
    };
  }));

withMongod(() => {
  describe('two processes on one MongoDB', () =>
    proveTwoProcesses(async () => {
      const server = await startMongod();
      return { settings: { MONGODB_URL: server.getUri('two') }, close: async () => void (await server.stop()) };
    }));
});
