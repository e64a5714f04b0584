import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { startMongod, withMongod } from '@portcullis/mongod';
import { CHEAP_HASHING, programAt, temporaryFolder } from '@portcullis/testing';

const SERVICES = ['api', 'books', 'ships', 'accounts', 'all'] as const;
type Name = (typeof SERVICES)[number];
const programOf = (name: Name) => programAt(new URL(`../../${name}/dist/main.js`, import.meta.url));
const api = programOf('api');

/** Every command that says nothing of making anything. */
const looks = (login: string): readonly (readonly string[])[] => [
  ['users', 'list'],
  ...['promote', 'demote', 'disable', 'enable', 'remove'].map((action) => ['users', action, login]),
  ['audit'],
  ['db', 'status'],
  ['routes'],
  ['openapi'],
  ['settings'],
];
const LOOKS_AT_WIDGETS = [
  ['keys', 'list'],
  ['keys', 'retire', 'none'],
  ['sessions', 'list', 'one@example.org'],
  ['sessions', 'end', 'one@example.org'],
];
const looksOf = (name: Name): readonly (readonly string[])[] =>
  name === 'api' ? [...looks('one@example.org'), ...LOOKS_AT_WIDGETS] : looks('one').filter((_, n) => n % 4 === 0);

const settings = (t: TestContext) => ({
  ...{ APP_ENV: 'testing', ACCESS_TOKEN_LIFETIME_SECONDS: '600', LOG_LEVEL: 'info' },
  ...{ DATA_DIR: join(temporaryFolder(t), 'data'), ...CHEAP_HASHING },
});
type Variables = Readonly<Record<string, string>>;

async function keysOf(environment: Variables): Promise<readonly { kid: string; algorithm: string; state: string }[]> {
  const { code, stdout, stderr } = await api.runCli(['keys', 'list', '--json'], environment);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

const algorithmOf = async (url: string, path: string): Promise<string> => {
  const answer = await fetch(`${url}/api/v1/auth/${path}`, {
    method: 'POST',
    body: new URLSearchParams({ email: 'one@example.org', password: 'a gate of iron bars' }),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).alg;
};

describe('a command that only looks', { timeout: 600_000 }, () => {
  for (const name of SERVICES) {
    it(`makes nothing where nothing is there, and has no stack to show: ${name}`, async (t) => {
      const folder = temporaryFolder(t);
      const environment = { ...CHEAP_HASHING, DATA_DIR: 'data' };
      for (const args of looksOf(name)) {
        const { code, stderr } = await programOf(name).runCli(args, environment, { folder });
        assert.ok(code === 0 || code === 1, args.join(' '));
        assert.doesNotMatch(stderr, /^ +at /m, args.join(' '));
        assert.deepEqual(readdirSync(folder), [], args.join(' '));
      }
    });
  }

  it('says that there are no keys yet', async (t) => {
    const { stdout } = await api.runCli(['keys', 'list'], settings(t));
    assert.equal(stdout, 'There are no keys yet; `serve` makes the first one.\n');
    assert.deepEqual(await keysOf(settings(t)), []);
  });

  it('makes no key for want of a secret, and says so', async (t) => {
    const { code, stderr } = await api.runCli(['keys', 'rotate', '--json'], settings(t));
    assert.equal(code, 1);
    assert.equal(JSON.parse(stderr).error.kind, 'token-secret-missing');
  });

  it('leaves the keys of a running service as they are, whatever algorithm its shell names', async (t) => {
    const environment = settings(t);
    const server = await api.startServerProcess({ ...environment, TOKEN_ALGORITHM: 'EdDSA' });
    t.after(() => server.stop('SIGKILL'));
    const before = await keysOf(environment);
    assert.deepEqual(
      before.map(({ algorithm, state }) => [algorithm, state]),
      [['EdDSA', 'signing']],
    );
    for (const TOKEN_ALGORITHM of ['HS256', '']) {
      for (const args of [['users', 'list'], ...LOOKS_AT_WIDGETS])
        await api.runCli(args, { ...environment, TOKEN_ALGORITHM });
      assert.deepEqual(await keysOf({ ...environment, TOKEN_ALGORITHM }), before);
    }
    const { stdout } = await api.runCli(['keys', 'rotate', '--json'], { ...environment, TOKEN_ALGORITHM: 'HS256' });
    assert.equal(JSON.parse(stdout).algorithm, 'EdDSA');
  });
});

async function startApart(t: TestContext, environment: Variables): Promise<void> {
  const algorithms = ['HS256', 'EdDSA', 'ES256'];
  const servers = await Promise.all(
    algorithms.map((TOKEN_ALGORITHM) => api.startServerProcess({ ...environment, TOKEN_ALGORITHM })),
  );
  t.after(() => Promise.all(servers.map((server) => server.stop('SIGKILL'))));
  const [key, ...more] = await keysOf(environment);
  assert.deepEqual(more, []);
  for (const [n, { url, output, said }] of servers.entries()) {
    assert.equal(await algorithmOf(url, n === 0 ? 'register' : 'login'), key?.algorithm);
    if (algorithms[n] === key?.algorithm) assert.ok(!output().includes('token-algorithm-differs'));
    else await said(/"warning":"token-algorithm-differs","msg":"TOKEN_ALGORITHM is \w+, but .* the store decides/);
  }
}

describe('nodes that disagree on TOKEN_ALGORITHM', { timeout: 300_000 }, () => {
  it('make one key together on SQLite, and those that wanted another one say so', (t) => startApart(t, settings(t)));

  withMongod(() => {
    it('make one key together on MongoDB, and those that wanted another one say so', async (t) => {
      const server = await startMongod();
      t.after(() => server.stop());
      const MONGODB_URL = server.getUri('apart');
      await startApart(t, { ...settings(t), MONGODB_URL, TOKEN_SECRET: 'Zq3vT8wLr0xKp5sYb9nHc2mJf7dGe4uA' });
    });

    it('and a command that only looks makes no database', async (t) => {
      const server = await startMongod();
      t.after(() => server.stop());
      const environment = { ...settings(t), MONGODB_URL: server.getUri('untouched') };
      for (const args of [['users', 'list'], ...LOOKS_AT_WIDGETS]) {
        const { stderr } = await api.runCli(args, environment);
        assert.doesNotMatch(stderr, /^ +at /m, args.join(' '));
      }
      const { stdout } = await api.runCli(['db', 'status', '--json'], environment);
      assert.match(JSON.parse(stdout).indexes, /^users \(_id\) is missing/);
    });
  });
});
