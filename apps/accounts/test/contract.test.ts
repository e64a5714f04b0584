import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import {
  type JsonAnswer,
  type JsonRequest,
  jsonClient,
  onEveryStore,
  readJwt,
  signJwt,
  tokenEndings,
} from '@portcullis/testing';
import { accounts } from '../src/service.ts';

onEveryStore(accounts, '/accounts', (served) => {
  const send = jsonClient(() => served().url);
  const form = (fields: Readonly<Record<string, string>>): JsonRequest => ({ body: new URLSearchParams(fields) });
  const register = (fields: Readonly<Record<string, string>>) => send('POST', '/register/', form(fields));
  const basic = (text: string) => ({ Authorization: `Basic ${Buffer.from(text).toString('base64')}` });
  const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
  const logIn = (headers: Readonly<Record<string, string>>) => send('POST', '/login/', { headers });
  const dashboard = (token: string) => send('GET', '/dashboard/', { headers: bearer(token) });
  const answered = ({ status, json }: JsonAnswer) => [status, json];
  const unauthorized = (scheme: 'Basic' | 'Bearer') => [
    401,
    'Unauthorized Access',
    `${scheme} realm="Authentication Required"`,
    'text/html; charset=utf-8',
  ];
  const refused = ({ status, text, headers }: JsonAnswer) => [
    status,
    text,
    headers.get('www-authenticate'),
    headers.get('content-type'),
  ];
  const INCOMPLETE = [400, { msg: 'username and password are required fields', data: null }];
  const TAKEN = [409, { msg: 'this user profile already exists', data: null }];
  const CREATED = [201, { msg: 'successfully created user profile', data: null }];

  /** Someone new, and a token of theirs. */
  async function someone(more: Readonly<Record<string, string>> = {}) {
    const username = `user-${randomUUID()}`;
    const password = 'pass:word: ü';
    assert.deepEqual(answered(await register({ username, password, ...more })), CREATED);
    const { json } = await logIn(basic(`${username}:${password}`));
    return { username, password, token: String(json.data.auth_token) };
  }
  const userOf = async (username: string) =>
    (await served().composition.users.all()).find(({ login }) => login === username);

  tokenEndings(served, {
    async register() {
      const { username: login, password } = await someone();
      return { login, password };
    },
    async logIn({ login, password }) {
      const { status, json } = await logIn(basic(`${login}:${password}`));
      assert.equal(status, 200);
      return [
        async () => {
          const answer = await dashboard(json.data.auth_token);
          if (answer.status !== 200) assert.deepEqual(refused(answer), unauthorized('Bearer'));
          return answer.status === 200;
        },
      ];
    },
  });

  it('greets, by GET and by POST', async () => {
    for (const method of ['GET', 'POST']) {
      const { status, text, headers } = await send(method, '/');
      assert.deepEqual([status, text, headers.get('content-type')], [200, 'Hello World', 'text/html; charset=utf-8']);
    }
  });

  it('stores by the ports that it names, and has nothing of any other', async () => {
    const status = Object.keys(await served().composition.store.status());
    for (const port of ['users', 'revokedTokens', 'audit']) assert.ok(status.includes(port), port);
    for (const port of ['sessions', 'counters', 'keys', 'mailTokens']) assert.ok(!status.includes(port), port);
  });

  describe('registering', () => {
    it('takes a form and multipart, and stores a hash and a date', async () => {
      const username = `Ada-${randomUUID()}`;
      assert.deepEqual(answered(await register({ username, password: 'x'.repeat(100), first_name: 'Ada' })), CREATED);
      const stored = await userOf(username.toLowerCase());
      assert.match(stored?.passwordHash ?? '', /^\$argon2id\$/);
      assert.equal(stored?.registeredAt, served().clock.now());
      assert.deepEqual([stored?.firstName, stored?.lastName], ['Ada', null]);

      const body = new FormData();
      body.set('username', `multi-${username}`);
      body.set('password', 'x');
      body.set('last_name', 'Lovelace');
      assert.deepEqual(answered(await send('POST', '/register/', { body })), CREATED);
      assert.equal((await userOf(`multi-${username}`.toLowerCase()))?.lastName, 'Lovelace');
    });

    it('counts every byte of a long password', async () => {
      const username = `long-${randomUUID()}`;
      await register({ username, password: 'x'.repeat(80) });
      assert.equal((await logIn(basic(`${username}:${'x'.repeat(80)}`))).status, 200);
      assert.equal((await logIn(basic(`${username}:${'x'.repeat(72)}`))).status, 401);
    });

    it('refuses a name or a password that is missing or empty', async () => {
      const right = { username: `u-${randomUUID()}`, password: 'x' };
      for (const fields of [
        {},
        { username: right.username },
        { password: 'x' },
        { ...right, username: '' },
        { ...right, password: '' },
      ]) {
        assert.deepEqual(answered(await register(fields as Record<string, string>)), INCOMPLETE);
      }
      assert.equal(await userOf(right.username), undefined);
    });

    it('reads neither JSON nor the query string', async () => {
      const fields = { username: `u-${randomUUID()}`, password: 'x' };
      assert.deepEqual(answered(await send('POST', '/register/', { json: fields })), INCOMPLETE);
      assert.deepEqual(answered(await send('POST', `/register/?${new URLSearchParams(fields)}`)), INCOMPLETE);
      assert.deepEqual(
        answered(
          await send('POST', '/register/', {
            body: new URLSearchParams(fields).toString(),
            headers: { 'Content-Type': 'text/plain' },
          }),
        ),
        INCOMPLETE,
      );
      assert.equal(await userOf(fields.username), undefined);
    });

    it('refuses a name in use, whatever its letter case', async () => {
      const { username } = await someone();
      for (const name of [username, username.toUpperCase()]) {
        assert.deepEqual(answered(await register({ username: name, password: 'other' })), TAKEN);
      }
    });

    it('lets one of twenty on two nodes have a name', async () => {
      const peer = await served().peer();
      const other = jsonClient(() => peer.url);
      const name = `race-${randomUUID()}`;
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) => {
          const fields = form({ username: n % 4 < 2 ? name : name.toUpperCase(), password: 'x' });
          return (n % 2 ? send : other)('POST', '/register/', fields);
        }),
      );
      assert.deepEqual(answers.map(({ status }) => status).sort(), [201, ...Array(19).fill(409)]);
    });

    it('refuses what could not log in, a file, a field twice, and broken bodies', async () => {
      const right = { username: `u-${randomUUID()}`, password: 'x' };
      assert.equal((await register({ ...right, username: 'a:b' })).status, 400);
      assert.equal((await register({ ...right, username: 'x'.repeat(10_000) })).status, 400);
      const file = new FormData();
      file.set('username', new Blob(['x']), 'name.txt');
      file.set('password', 'x');
      assert.equal((await send('POST', '/register/', { body: file })).status, 400);
      const twice = new URLSearchParams([...Object.entries(right), ['username', 'other']]);
      assert.equal((await send('POST', '/register/', { body: twice })).status, 400);
      for (const [type, body] of [
        ['application/x-www-form-urlencoded', 'username=%ff&password=x'],
        ['multipart/form-data; boundary=x', 'no parts'],
        ['multipart/form-data', 'no boundary'],
      ] as const) {
        assert.equal((await send('POST', '/register/', { body, headers: { 'Content-Type': type } })).status, 400, type);
      }
      assert.equal(await userOf(right.username), undefined);
    });
  });

  describe('logging in', () => {
    it('answers a token of the contract, another one each time', async () => {
      const { username, password } = await someone();
      const { status, json } = await logIn(basic(`${username.toUpperCase()}:${password}`));
      assert.deepEqual(
        [status, json.msg, Object.keys(json), Object.keys(json.data)],
        [200, 'successfully authenticated user', ['msg', 'data'], ['auth_token']],
      );
      const { header, payload } = readJwt(json.data.auth_token);
      assert.equal(header.alg, 'HS512');
      assert.equal(payload.username, username);
      assert.equal(payload.exp - Math.floor(served().clock.now() / 1000), 86_400);
      assert.notEqual((await logIn(basic(`${username}:${password}`))).json.data.auth_token, json.data.auth_token);
    });

    it('refuses everything else alike', async () => {
      const { username, password, token } = await someone();
      const right = Buffer.from(`${username}:${password}`).toString('base64');
      const wrong: Readonly<Record<string, Readonly<Record<string, string>>>> = {
        nothing: {},
        'an empty header': { Authorization: '' },
        'no credentials': { Authorization: 'Basic' },
        'another scheme': { Authorization: `Bearer ${right}` },
        'a token': bearer(token),
        'no base64': { Authorization: 'Basic !!!' },
        'base64 without its padding': { Authorization: `Basic ${right.replace(/=+$/, '')}x` },
        'no colon': basic(username),
        'bytes that are not UTF-8': { Authorization: `Basic ${Buffer.from([0x61, 0x3a, 0xff]).toString('base64')}` },
        'two of them': { Authorization: `Basic ${right} ${right}` },
        'an unknown name': basic(`nobody-${username}:${password}`),
        'a wrong password': basic(`${username}:wrong`),
        'no password': basic(`${username}:`),
        'no name': basic(`:${password}`),
        'a password with a NUL': basic(`${username}:${password}\0`),
        'the name of a prototype': basic(`__proto__:${password}`),
      };
      for (const [what, headers] of Object.entries(wrong)) {
        assert.deepEqual(refused(await logIn(headers)), unauthorized('Basic'), what);
      }
      assert.deepEqual(refused(await send('POST', '/login/', form({ username, password }))), unauthorized('Basic'));
      assert.equal((await logIn({ Authorization: `bAsIc ${right}` })).status, 200);
    });
  });

  describe('the dashboard', () => {
    it('shows who it is, null for names that were not given', async () => {
      const { token, username } = await someone({ first_name: 'Ada', last_name: 'Lovelace' });
      assert.deepEqual(answered(await dashboard(token)), [
        200,
        {
          msg: 'successfully requested user info',
          data: { username, first_name: 'Ada', last_name: 'Lovelace' },
        },
      ]);
      const other = await someone();
      assert.deepEqual((await dashboard(other.token)).json.data, {
        username: other.username,
        first_name: null,
        last_name: null,
      });
      assert.equal((await send('GET', '/dashboard/', { headers: { Authorization: `bEARER ${token}` } })).status, 200);
    });

    it('is served with and without its slash', async () => {
      const { token } = await someone();
      assert.equal((await send('GET', '/dashboard', { headers: bearer(token) })).status, 200);
    });

    it('refuses whatever is no token in force', async () => {
      const { token } = await someone();
      const { payload } = readJwt(token);
      const { secret } = served();
      const sign = (claims: object, header: Readonly<Record<string, unknown>> = { alg: 'HS512', typ: 'JWT' }) =>
        signJwt(secret, claims, header);
      assert.equal((await dashboard(sign(payload))).status, 200);
      assert.equal((await dashboard(sign(payload, { alg: 'HS512' }))).status, 200);
      const { exp: _exp, ...endless } = payload;
      const { username: _username, ...nameless } = payload;
      const { jti: _jti, ...anonymous } = payload;
      const wrong: Readonly<Record<string, Readonly<Record<string, string>>>> = {
        nothing: {},
        'no token': { Authorization: 'Bearer' },
        'another scheme': { Authorization: `Token ${token}` },
        'Basic credentials': basic('a:b'),
        'two tokens': { Authorization: `Bearer ${token} ${token}` },
        malformed: bearer('a.b.c'),
        'another key': bearer(signJwt('x'.repeat(64), payload, { alg: 'HS512' })),
        'the key of the seed': bearer(signJwt('SERIALIZER_TOKEN', payload, { alg: 'HS512' })),
        'another algorithm': bearer(sign(payload, { alg: 'HS256', typ: 'JWT' })),
        'no algorithm': bearer(sign(payload, { alg: 'none' })),
        expired: bearer(sign({ ...payload, exp: 1 })),
        'no expiry': bearer(sign(endless)),
        'no name': bearer(sign(nameless)),
        'no id': bearer(sign(anonymous)),
        'another user': bearer(sign({ ...payload, sub: randomUUID() })),
      };
      for (const [what, headers] of Object.entries(wrong)) {
        assert.deepEqual(refused(await send('GET', '/dashboard/', { headers })), unauthorized('Bearer'), what);
        assert.deepEqual(refused(await send('GET', '/logout/', { headers })), unauthorized('Bearer'), what);
      }
    });

    it('lets a token expire after 24 hours', async () => {
      const { token } = await someone();
      served().clock.advance(86_398);
      assert.equal((await dashboard(token)).status, 200);
      served().clock.advance(2);
      assert.deepEqual(refused(await dashboard(token)), unauthorized('Bearer'));
    });

    it('refuses the token of a user who is gone, also where another took the name', async () => {
      const { token, username } = await someone();
      const { composition } = served();
      const user = await composition.findUser(username);
      assert.ok(user && (await composition.removeUser('operator', user.id)).ok);
      assert.deepEqual(refused(await dashboard(token)), unauthorized('Bearer'));
      assert.deepEqual(answered(await register({ username, password: 'x' })), CREATED);
      assert.deepEqual(refused(await dashboard(token)), unauthorized('Bearer'));
    });
  });

  describe('logging out', () => {
    it('takes that token out of force, on every node and for good', async () => {
      const { token, username, password } = await someone();
      const other = (await logIn(basic(`${username}:${password}`))).json.data.auth_token;
      const peer = await served().peer();
      const elsewhere = jsonClient(() => peer.url);
      const out = () => send('GET', '/logout/', { headers: bearer(token) });
      assert.deepEqual(answered(await out()), [200, { msg: 'successfully invalidated token', data: null }]);
      assert.deepEqual(refused(await out()), unauthorized('Bearer'));
      assert.deepEqual(
        refused(await elsewhere('GET', '/dashboard/', { headers: bearer(token) })),
        unauthorized('Bearer'),
      );
      assert.equal((await dashboard(other)).status, 200);
      const again = await peer.restart();
      const restarted = jsonClient(() => again.url);
      assert.equal((await restarted('GET', '/dashboard/', { headers: bearer(token) })).status, 401);
      assert.equal((await restarted('GET', '/dashboard/', { headers: bearer(other) })).status, 200);
    });

    it('ends every spelling of a token', async () => {
      const { token } = await someone();
      const respelt = signJwt(served().secret, readJwt(token).payload, { alg: 'HS512' });
      assert.equal((await dashboard(respelt)).status, 200);
      await send('GET', '/logout/', { headers: bearer(token) });
      assert.equal((await dashboard(respelt)).status, 401);
    });

    it('succeeds once where it is asked for twenty times at once', async () => {
      const { token } = await someone();
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => send('GET', '/logout/', { headers: bearer(token) })),
      );
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array(19).fill(401)]);
    });

    it('is not done by POST', async () => {
      const { token } = await someone();
      const { status, headers } = await send('POST', '/logout/', { headers: bearer(token) });
      assert.deepEqual([status, headers.get('allow')], [405, 'HEAD, GET, OPTIONS']);
      assert.equal((await dashboard(token)).status, 200);
    });
  });

  describe('conventions', () => {
    it('know no other path, and no other method', async () => {
      assert.deepEqual(answered(await send('GET', '/nowhere')), [404, { msg: 'Not Found', data: null }]);
      for (const path of ['/register/', '/login/']) {
        const { status, headers } = await send('GET', path);
        assert.deepEqual([status, headers.get('allow')], [405, 'POST, OPTIONS']);
      }
    });

    it('let no page of another origin read', async () => {
      const { headers } = await send('GET', '/', { headers: { Origin: 'https://page.example' } });
      assert.equal(headers.get('access-control-allow-origin'), null);
    });

    it('have a document with both schemes, and a page', async () => {
      const { json } = await send('GET', '/openapi.json');
      assert.deepEqual(json.components.securitySchemes, {
        basic: { type: 'http', scheme: 'basic' },
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      });
      assert.deepEqual(Object.keys(json.paths).slice(0, 5), ['/', '/register/', '/login/', '/dashboard/', '/logout/']);
      assert.equal((await send('GET', '/ui')).status, 200);
    });
  });
});
