import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startMongod, withMongod } from '@portcullis/mongod';
import { CHEAP_HASHING, temporaryFolder } from '@portcullis/testing';
import { type ApiClient, apiClient } from './support/api-client.ts';
import { runCli, type ServerProcess, startServerProcess } from './support/process.ts';

const WRITERS = 6;
const ADMIN = { email: 'admin@example.org', password: 'a gate of iron bars' };

/** What the API has acknowledged, and must still know whatever happens to the process. */
interface Acknowledged {
  readonly users: string[];
  readonly loggedOut: string[];
  /** For each widget what may stand there: what was acknowledged last (`none` before that), and what was sent after it. */
  readonly widgets: Map<string, Set<string>>;
  readonly removed: string[];
}

const countOf = ({ users, loggedOut, widgets, removed }: Acknowledged): number =>
  users.length + loggedOut.length + widgets.size + removed.length;

const urlOf = (version: number): string => `https://example.org/${version}`;

/** Writes without pause until the server is gone, and notes what was acknowledged. */
async function write(api: ApiClient, writer: string, token: string, seen: Acknowledged): Promise<void> {
  try {
    for (let version = 0; ; version += 1) {
      const email = `${writer}-${version}@example.org`;
      const registered = await api.post('/auth/register', { email, password: ADMIN.password });
      assert.equal(registered.status, 201);
      seen.users.push(email);

      const userToken = String(registered.json.access_token);
      assert.equal((await api.post('/auth/logout', {}, userToken)).status, 200);
      seen.loggedOut.push(userToken);

      const name = `${writer}-${version % 3}`;
      const fields = { info_url: urlOf(version), deadline: '2099-01-01' };
      seen.widgets.set(name, (seen.widgets.get(name) ?? new Set(['none'])).add(urlOf(version)));
      assert.ok((await api.put(`/widgets/${name}`, fields, token)).status <= 201);
      seen.widgets.set(name, new Set([urlOf(version)]));

      const doomed = `${writer}-doomed-${version}`;
      assert.equal((await api.put(`/widgets/${doomed}`, fields, token)).status, 201);
      assert.equal((await api.delete(`/widgets/${doomed}`, token)).status, 204);
      seen.removed.push(doomed);
    }
  } catch (end) {
    // The server was killed: what it had not acknowledged may or may not be there. Anything else is a failure.
    if (end instanceof assert.AssertionError) throw end;
  }
}

async function findEverything(api: ApiClient, token: string, seen: Acknowledged): Promise<void> {
  for (const loggedOut of seen.loggedOut) {
    const refused = await api.get('/auth/user', loggedOut);
    assert.equal(refused.json.message, 'Token blacklisted. Please log in again.');
  }
  for (const email of seen.users) {
    const again = await api.post('/auth/register', { email, password: ADMIN.password });
    assert.equal(again.status, 409, `${email} was acknowledged`);
  }
  for (const [name, possible] of seen.widgets) {
    const widget = await api.get(`/widgets/${name}`, token);
    const stands = widget.status === 404 ? 'none' : String(widget.json.info_url);
    assert.ok(possible.has(stands), `${name} holds ${stands}, acknowledged was ${[...possible]}`);
  }
  for (const name of seen.removed) assert.equal((await api.get(`/widgets/${name}`, token)).status, 404);
}

/** Kills the process `rounds` times while it writes to the store that `store` names, then looks for everything. */
async function killAndFind(t: TestContext, rounds: number, store: Readonly<Record<string, string>>): Promise<void> {
  const environment = {
    APP_ENV: 'testing',
    DATA_DIR: temporaryFolder(t),
    ACCESS_TOKEN_LIFETIME_SECONDS: '3600',
    ...CHEAP_HASHING,
    LOG_LEVEL: 'info',
    ...store,
  };
  const added = await runCli(['users', 'add', '--admin', '--password', ADMIN.password, ADMIN.email], environment);
  assert.equal(added.code, 0, added.stderr);

  const seen: Acknowledged = { users: [], loggedOut: [], widgets: new Map(), removed: [] };
  let running: ServerProcess | undefined;
  t.after(() => running?.stop('SIGKILL'));
  let token = '';
  for (let round = 0; round < rounds; round += 1) {
    running = await startServerProcess(environment);
    const api = apiClient(running.url);
    if (round === 0) token = String((await api.post('/auth/login', ADMIN)).json.access_token);
    const writers = Array.from({ length: WRITERS }, (_, writer) => write(api, `r${round}-w${writer}`, token, seen));
    // At a random moment, but not before there is something to lose, however busy the machine is.
    const enough = countOf(seen) + 10 + Math.random() * 60;
    while (countOf(seen) < enough) await delay(5);
    await delay(Math.random() * 20);
    await running.stop('SIGKILL');
    await Promise.all(writers);
  }
  running = await startServerProcess(environment);
  await findEverything(apiClient(running.url), token, seen);

  t.diagnostic(`${rounds} kills, ${countOf(seen)} things acknowledged, all found`);
}

describe('SIGKILL under write load', () => {
  it('loses nothing that was acknowledged in 20 rounds on SQLite', { timeout: 300_000 }, (t) => killAndFind(t, 20, {}));

  withMongod(() => {
    it('loses nothing that was acknowledged in 10 rounds on MongoDB', { timeout: 300_000 }, async (t) => {
      const server = await startMongod();
      t.after(() => server.stop());
      await killAndFind(t, 10, { MONGODB_URL: server.getUri('kill') });
    });
  });
});
