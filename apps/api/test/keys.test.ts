import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startMongod, withMongod } from '@portcullis/mongod';
import { CHEAP_HASHING, notRun } from '@portcullis/testing';
import { type ApiClient, apiClient } from './support/api-client.ts';
import { runCli, type ServerProcess, startServerProcess } from './support/process.ts';
import { pythonWith } from './support/python.ts';

const PASSWORD = 'a gate of iron bars';
const REQUESTS = 10_000;
const AT_ONCE = 32;

interface Jwks {
  readonly keys: readonly Readonly<Record<string, string>>[];
}

interface Listed {
  readonly kid: string;
  readonly algorithm: string;
  readonly state: string;
}

interface Fleet {
  readonly environment: Readonly<Record<string, string>>;
  readonly servers: readonly ServerProcess[];
  readonly nodes: readonly [ApiClient, ApiClient];
  cli(...args: string[]): Promise<string>;
  keys(): Promise<readonly Listed[]>;
  close(): Promise<void>;
}

/** Two nodes on one store. */
async function fleet(settings: Readonly<Record<string, string>>): Promise<Fleet> {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-keys-'));
  const environment = {
    ...{ APP_ENV: 'testing', ACCESS_TOKEN_LIFETIME_SECONDS: '600', DATA_DIR: folder, KEY_PUBLISH_SECONDS: '1' },
    ...CHEAP_HASHING,
    ...settings,
  };
  const servers = await Promise.all([startServerProcess(environment), startServerProcess(environment)]);
  const cli = async (...args: string[]) => {
    const { code, stdout, stderr } = await runCli(args, environment);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  return {
    ...{ environment, servers, cli },
    nodes: servers.map(({ url }) => apiClient(url)) as unknown as Fleet['nodes'],
    keys: async () => JSON.parse(await cli('keys', 'list', '--json')),
    async close() {
      await Promise.all(servers.map((server) => server.stop('SIGKILL')));
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

const headerOf = (token: string): { alg: string; kid: string } =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
const jwksOf = async ({ url }: ServerProcess): Promise<Jwks> =>
  (await (await fetch(`${url}/.well-known/jwks.json`)).json()) as Jwks;

function proveKeys(open: () => Promise<Fleet>): void {
  let all: Fleet;
  before(async () => {
    all = await open();
    const registered = await all.nodes[0].post('/auth/register', { email: 'one@example.org', password: PASSWORD });
    assert.equal(registered.status, 201);
  });
  after(() => all.close());
  const logInOn = async (node: ApiClient): Promise<string> =>
    String((await node.post('/auth/login', { email: 'one@example.org', password: PASSWORD })).json.access_token);
  const logIn = (n = 0): Promise<string> => logInOn(all.nodes[n % 2] ?? all.nodes[0]);
  /** A node looks every few seconds. */
  const onEveryNode = async (what: string, holds: (server: ServerProcess, node: ApiClient) => Promise<boolean>) => {
    for (const [n, server] of all.servers.entries()) {
      const since = performance.now();
      while (!(await holds(server, all.nodes[n] ?? all.nodes[0])))
        assert.ok(performance.now() - since < 15_000, `node ${n}: ${what}`);
    }
  };

  it('signs with one key on both nodes from the start, which both publish', async () => {
    const kids = (await Promise.all([logIn(0), logIn(1)])).map((token) => headerOf(token).kid);
    assert.equal(new Set(kids).size, 1);
    for (const server of all.servers) {
      const { keys } = await jwksOf(server);
      assert.deepEqual(
        keys.map(({ kid }) => kid),
        [kids[0]],
      );
      for (const key of keys) assert.ok(!('d' in key) && !('k' in key), 'nothing of it is private');
    }
  });

  it(`refuses none of ${REQUESTS} requests while keys rotate`, async () => {
    const first = await all.keys();
    let tokens = [await logIn(0), await logIn(1)];
    const statuses = new Map<number, number>();
    let sent = 0;
    const rotations = (async () => {
      for (let round = 0; round < 3; round += 1) await all.cli('keys', 'rotate', '--json');
    })();
    const client = async (): Promise<void> => {
      while (sent < REQUESTS) {
        sent += 1;
        const n = sent;
        if (n % 100 === 0) tokens = [...tokens.slice(-20), await logIn(n)];
        const { status } = await (all.nodes[n % 2] ?? all.nodes[0]).get('/auth/user', tokens[n % tokens.length]);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };
    await Promise.all([rotations, ...Array.from({ length: AT_ONCE }, client)]);
    assert.deepEqual([...statuses], [[200, REQUESTS]]);
    const made = await all.keys();
    const newest = made.at(-1)?.kid;
    assert.equal(made.length, first.length + 3);
    await onEveryNode('signs with the newest key', async (_, node) => headerOf(await logInOn(node)).kid === newest);
    await onEveryNode('publishes it', async (server) => (await jwksOf(server)).keys.some(({ kid }) => kid === newest));
  });

  it('believes a retired key no more, on every node, within seconds and without a restart', async () => {
    const old = await logIn();
    const { kid } = headerOf(old);
    const refused = await runCli(['keys', 'retire', kid], all.environment);
    assert.equal(refused.code, 1, 'the key that signs stays');
    await all.cli('keys', 'rotate', '--at-once');
    assert.equal((await all.nodes[0].get('/auth/user', old)).status, 200);
    await all.cli('keys', 'retire', kid);
    await onEveryNode('refuses its tokens', async (_, node) => (await node.get('/auth/user', old)).status === 401);
    for (const node of all.nodes) assert.equal((await node.get('/auth/user', await logIn())).status, 200);
    assert.equal((await all.keys()).find((each) => each.kid === kid)?.state, 'retired');
  });
}

describe('keys on SQLite, EdDSA', () => proveKeys(() => fleet({ TOKEN_ALGORITHM: 'EdDSA' })));

withMongod(() => {
  describe('keys on MongoDB, ES256', () =>
    proveKeys(async () => {
      const server = await startMongod();
      const settings = {
        TOKEN_ALGORITHM: 'ES256',
        MONGODB_URL: server.getUri('keys'),
        TOKEN_SECRET: 'a secret that two nodes share, for what they sign and seal',
      };
      const opened = await fleet(settings);
      return {
        ...opened,
        async close() {
          await opened.close();
          await server.stop();
        },
      };
    }));
});

describe('keys', () => {
  it('are public for EdDSA and ES256, none for HS256, and another algorithm takes over by a rotation, without refusing a token', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'portcullis-keys-'));
    t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
    const environment = {
      APP_ENV: 'testing',
      ACCESS_TOKEN_LIFETIME_SECONDS: '600',
      DATA_DIR: folder,
      KEY_PUBLISH_SECONDS: '0',
      ...CHEAP_HASHING,
    };
    const tokens: string[] = [];
    for (const [algorithm, published] of [
      ['HS256', []],
      ['EdDSA', ['EdDSA']],
      ['ES256', ['ES256', 'EdDSA']],
      ['HS256', ['EdDSA', 'ES256']],
    ] as const) {
      if (tokens.length > 0) {
        const { code } = await runCli(['keys', 'rotate', '--at-once', '--algorithm', algorithm], environment);
        assert.equal(code, 0);
      }
      const server = await startServerProcess({ ...environment, TOKEN_ALGORITHM: algorithm });
      const node = apiClient(server.url);
      const path = tokens.length === 0 ? '/auth/register' : '/auth/login';
      const { json } = await node.post(path, { email: 'one@example.org', password: PASSWORD });
      tokens.push(String(json.access_token));
      assert.equal(headerOf(tokens.at(-1) ?? '').alg, algorithm);
      for (const token of tokens) assert.equal((await node.get('/auth/user', token)).status, 200, algorithm);
      const answer = await fetch(`${server.url}/.well-known/jwks.json`);
      assert.match(answer.headers.get('content-type') ?? '', /^application\/jwk-set\+json/);
      assert.equal(answer.headers.get('cache-control'), 'public, max-age=60');
      const { keys } = (await answer.json()) as Jwks;
      assert.deepEqual(keys.map(({ alg }) => alg).sort(), [...published].sort());
      for (const key of keys) assert.equal(key.use, 'sig');
      await server.stop('SIGTERM');
    }
  });

  it('verify our tokens in Python, by PyJWT and the JWKS endpoint', async (t) => {
    const python = pythonWith('PyJWT==2.10.1', 'cryptography==44.0.0');
    if ('missing' in python) return notRun(t, python.missing);
    for (const algorithm of ['EdDSA', 'ES256']) {
      const all = await fleet({ TOKEN_ALGORITHM: algorithm });
      try {
        const { json } = await all.nodes[0].post('/auth/register', { email: 'one@example.org', password: PASSWORD });
        const program = `
import json, jwt, sys
url, token, algorithm = sys.argv[1:]
def claims(text):
    key = jwt.PyJWKClient(url).get_signing_key_from_jwt(text)
    return jwt.decode(text, key.key, algorithms=[algorithm], audience="portcullis-api", issuer="portcullis")
seen = claims(token)
head, body, mac = token.split(".")
try:
    claims(head + "." + body[:-4] + "AAAA." + mac)
    seen["forged"] = True
except jwt.InvalidTokenError:
    seen["forged"] = False
print(json.dumps(seen))`;
        const url = `${all.servers[1]?.url}/.well-known/jwks.json`;
        const ran: SpawnSyncReturns<string> = spawnSync(
          'python3',
          ['-c', program, url, String(json.access_token), algorithm],
          {
            env: python.environment,
            encoding: 'utf8',
            timeout: 60_000,
          },
        );
        assert.equal(ran.status, 0, ran.stderr);
        const seen = JSON.parse(ran.stdout);
        assert.equal(seen.forged, false);
        assert.deepEqual(Object.keys(seen).sort(), [
          'admin',
          'aud',
          'exp',
          'forged',
          'iat',
          'iss',
          'jti',
          'sid',
          'sub',
        ]);
        assert.equal(seen.exp - seen.iat, 600);
      } finally {
        await all.close();
      }
    }
    return undefined;
  });
});
