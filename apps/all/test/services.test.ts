import assert from 'node:assert/strict';
import { request } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CHEAP_HASHING, jsonClient, programAt, temporaryFolder } from '@portcullis/testing';
import { Validator } from '@seriousme/openapi-schema-validator';

const APPS = ['api', 'books', 'ships', 'accounts'] as const;
const programOf = (app: string) => programAt(new URL(`../../${app}/dist/main.js`, import.meta.url));
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

interface Document {
  readonly openapi: string;
  readonly servers: readonly [{ readonly url: string }];
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, unknown>> & { readonly servers?: Document['servers'] }>
  >;
}

for (const app of APPS) {
  describe(`the program of ${app}`, () => {
    const { runCli, startServerProcess } = programOf(app);
    const jsonOf = async <T>(...args: string[]): Promise<T> => {
      const { code, stdout, stderr } = await runCli(args, {});
      assert.equal(code, 0, stderr);
      return JSON.parse(stdout);
    };

    it('has a document that is valid OpenAPI 3.1 and lists its routes, and no others', async () => {
      const document = await jsonOf<Document>('openapi');
      const validator = new Validator();
      const { valid, errors } = await validator.validate({ ...document });
      assert.ok(valid, JSON.stringify(errors, null, 2));
      assert.equal(validator.version, '3.1');
      const documented = Object.entries(document.paths).flatMap(([path, item]) => {
        const { url } = (item.servers ?? document.servers)[0];
        return METHODS.filter((method) => method in item).map(
          (method) => `${method.toUpperCase()} ${url === '/' ? '' : url}${path}`,
        );
      });
      const listed = await jsonOf<{ method: string; path: string }[]>('routes', '--json');
      assert.deepEqual(documented.sort(), listed.map(({ method, path }) => `${method} ${path}`).sort());
    });

    it('takes no key that is published, and none that is too short', async () => {
      for (const word of [
        'SERIALIZER_TOKEN',
        'open sesame',
        'secret_key',
        'SERIALIZER_TOKEN'.repeat(4),
        'x'.repeat(31),
      ]) {
        const { code, stderr } = await runCli(['serve'], { TOKEN_SECRET: word, PORT: '0' });
        assert.equal(code, 1, word);
        assert.match(stderr, /TOKEN_SECRET/);
        assert.ok(!stderr.includes(word));
      }
    });

    it('starts alone, on a store of its own, and stops', async (t) => {
      const server = await startServerProcess({ DATA_DIR: temporaryFolder(t), LOG_LEVEL: 'error' });
      const send = jsonClient(() => server.url);
      assert.equal((await send('GET', '/healthz')).status, 200);
      assert.equal((await send('GET', '/readyz')).status, 200);
      assert.equal(await server.stop('SIGTERM'), 0);
    });
  });
}

/** Sends a request target as it is, which no URL could carry. */
const statusOf = (url: string, path: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    request({ hostname, port, path, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .once('error', reject)
      .end();
  });

describe('a malformed request target', () => {
  for (const app of [...APPS, 'all']) {
    it(`does not end the program of ${app}`, async (t) => {
      const server = await programOf(app).startServerProcess({ DATA_DIR: temporaryFolder(t), LOG_LEVEL: 'error' });
      for (const target of ['http://[/', 'http://[::1', 'http://%', '*', '?', '/%']) {
        assert.equal(await statusOf(server.url, target), 400, target);
      }
      assert.equal(await statusOf(server.url, 'http://h/healthz'), 200);
      if (app === 'all') assert.equal(await statusOf(server.url, 'http://h/ships/api/ships'), 200);
      assert.equal(await server.stop('SIGTERM'), 0);
    });
  }
});

const form = (fields: Record<string, string>) => ({ body: new URLSearchParams(fields) });
const basic = (username: string, password: string) => ({
  headers: { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
});

/** The process of all services, on a store of its own. */
async function serveAll(t: TestContext): Promise<ReturnType<typeof jsonClient>> {
  const server = await programOf('all').startServerProcess({
    DATA_DIR: temporaryFolder(t),
    LOG_LEVEL: 'error',
    ...CHEAP_HASHING,
  });
  t.after(() => server.stop('SIGTERM'));
  return jsonClient(() => server.url);
}

describe('all services in one process', () => {
  it('answer under their prefixes, each on data of its own', async (t) => {
    const send = await serveAll(t);
    const ada = { username: 'ada', password: 'iron bars and oak' };

    // The same name in each of them is another user.
    assert.equal((await send('POST', '/books/signup', { json: ada })).status, 201);
    assert.equal((await send('POST', '/accounts/register/', form(ada))).status, 201);
    assert.equal(
      (await send('POST', '/ships/api/users', { json: { name: 'ada', password: ada.password } })).json.id,
      3,
    );
    assert.equal(
      (await send('POST', '/api/v1/auth/register', form({ email: 'ada@example.org', password: ada.password }))).status,
      201,
    );
    for (const path of ['/api/v1/ui', '/books/ui', '/ships/ui', '/accounts/ui', '/readyz']) {
      assert.equal((await send('GET', path)).status, 200, path);
    }
    for (const path of ['/bookstore', '/book', '/books/nowhere', '/shipsapi/ships', '/BOOKS/ui']) {
      assert.equal((await send('GET', path)).status, 404, path);
    }

    // No token of one is one of another's, though they are signed with the same key.
    const tokens = {
      books: (await send('POST', '/books/login', { json: ada })).json.token,
      ships: (await send('POST', '/ships/auth/login', { json: ada })).json.access_token,
      accounts: (await send('POST', '/accounts/login/', basic('ada', ada.password))).json.data.auth_token,
      api: (await send('POST', '/api/v1/auth/login', form({ email: 'ada@example.org', password: ada.password }))).json
        .access_token,
    };
    const asks: Readonly<Record<keyof typeof tokens, (token: string) => Promise<{ status: number }>>> = {
      books: (token) => send('GET', '/books/bookapi/books', { headers: { 'x-access-token': token } }),
      ships: (token) => send('DELETE', '/ships/auth/logout', { headers: { Authorization: `Bearer ${token}` } }),
      accounts: (token) => send('GET', '/accounts/dashboard/', { headers: { Authorization: `Bearer ${token}` } }),
      api: (token) => send('GET', '/api/v1/auth/user', { headers: { Authorization: `Bearer ${token}` } }),
    };
    for (const [service, ask] of Object.entries(asks)) {
      for (const [owner, token] of Object.entries(tokens)) {
        const { status } = await ask(token);
        if (owner === service) assert.equal(status, 200, service);
        else assert.ok(status === 401 || status === 422, `${service} answers ${owner}'s token with ${status}`);
      }
    }
  });

  for (const trusted of [undefined, '127.0.0.1']) {
    const expected =
      trusted === undefined ? 'are told once of a proxy that is not listed' : 'say nothing of a proxy that is';
    it(`${expected}, whichever of them it asks`, async (t) => {
      const server = await programOf('all').startServerProcess({
        ...{ DATA_DIR: temporaryFolder(t), LOG_LEVEL: 'warn', ...CHEAP_HASHING },
        ...(trusted !== undefined && { TRUSTED_PROXIES: trusted }),
      });
      t.after(() => server.stop('SIGKILL'));
      const send = jsonClient(() => server.url);
      for (const path of ['/healthz', '/ships/api/ships', '/books/healthz', '/accounts/healthz', '/ships/api/users'])
        for (const headers of [{ 'X-Forwarded-For': '203.0.113.7' }, { Forwarded: 'for=203.0.113.7' }])
          await send('GET', path, { headers });
      assert.equal(await server.stop('SIGTERM'), 0);
      const told = server.output().match(/.*"peer":"127\.0\.0\.1".*"variable":"TRUSTED_PROXIES".*/g) ?? [];
      assert.equal(told.length, trusted === undefined ? 1 : 0, server.output());
    });
  }

  it('know a password in every spelling of it', async (t) => {
    const send = await serveAll(t);
    const [typed, retyped] = ['cafe\u0301\u00a0und iron bars', 'caf\u00e9 und iron bars'];
    const bea = { username: 'bea', password: typed };
    const mail = { email: 'bea@example.org', password: typed };
    for (const [register, logIn] of [
      [
        () => send('POST', '/books/signup', { json: bea }),
        (password: string) => send('POST', '/books/login', { json: { ...bea, password } }),
      ],
      [
        () => send('POST', '/ships/api/users', { json: { name: 'bea', password: typed } }),
        (password: string) => send('POST', '/ships/auth/login', { json: { ...bea, password } }),
      ],
      [
        () => send('POST', '/accounts/register/', form(bea)),
        (password: string) => send('POST', '/accounts/login/', basic('bea', password)),
      ],
      [
        () => send('POST', '/api/v1/auth/register', form(mail)),
        (password: string) => send('POST', '/api/v1/auth/login', form({ ...mail, password })),
      ],
    ] as const) {
      assert.equal((await register()).status, 201);
      for (const password of [typed, retyped]) assert.ok((await logIn(password)).status < 300, String(logIn));
      assert.ok((await logIn(retyped.toUpperCase())).status >= 400, String(logIn));
    }
  });

  it('are four programs that the scripts of the workspace start', async () => {
    const manifest = await import(fileURLToPath(new URL('../../../package.json', import.meta.url)), {
      with: { type: 'json' },
    });
    for (const app of ['books', 'ships', 'accounts', 'all']) {
      assert.equal(manifest.default.scripts[`start:${app}`], `node apps/${app}/dist/main.js serve`);
    }
  });
});
