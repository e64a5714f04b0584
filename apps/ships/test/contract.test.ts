import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { type JsonAnswer, jsonClient, onEveryStore, readJwt, signJwt, tokenEndings } from '@portcullis/testing';
import { ships } from '../src/service.ts';

const NOT_TEXT = [1, true, [], {}, { $ne: '' }, '\ud800'];
const NOT_INTEGERS = ['12', 1.7, true, [], {}, 1e300];

onEveryStore(ships, '/ships', (served) => {
  const send = jsonClient(() => served().url);
  const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
  const answered = ({ status, json }: JsonAnswer) => [status, json];
  const logIn = (username: string, password: string) => send('POST', '/auth/login', { json: { username, password } });
  const NOT_FOUND = [404, { error: 'Not Found' }];
  const BAD_REQUEST = [400, { error: 'Bad Request' }];
  const badRequest = (message: unknown) => [400, { error: 'Bad Request', message }];
  const ID_GIVEN = badRequest('Request data must not have an id: the service gives it.');
  const TAKEN = badRequest('User already exists.');
  const FORBIDDEN = [403, { error: 'Forbidden' }];
  const DIFFERS = badRequest('Request data id has to match resource id.');
  const REVOKED = [401, { error: 'Token has been revoked' }];

  /** Someone new, with both tokens. */
  async function someone(name = `user-${randomUUID()}`, password = 'pass:word') {
    const { status, json } = await send('POST', '/api/users', { json: { name, password } });
    assert.equal(status, 201, JSON.stringify(json));
    const tokens = (await logIn(name, password)).json;
    return {
      id: Number(json.id),
      name,
      password,
      access: String(tokens.access_token),
      refresh: String(tokens.refresh_token),
    };
  }
  const SHIP = {
    affiliation: 'Rebel Alliance',
    category: 'Transports',
    crew: 4,
    length: 30,
    manufacturer: '',
    model: 'Ghost',
    roles: ['Freighter', ''],
    ship_class: 'Light Freighter',
  };
  const addShip = (access: string, json: unknown = SHIP) =>
    send('POST', '/api/ships', { headers: bearer(access), json });

  const UNKNOWN = [401, { error: 'Unauthorized', message: 'Unknown user.' }];
  /** Whether a token is good for what its kind is for; where not, it is revoked, or its user disabled. */
  const opens = (token: string, method: string, path: string, status: number) => async (): Promise<boolean> => {
    const answer = await send(method, path, { headers: bearer(token) });
    if (answer.status !== status) {
      assert.ok(
        [REVOKED, UNKNOWN].some((refusal) => isDeepStrictEqual(answered(answer), refusal)),
        answer.text,
      );
    }
    return answer.status === status;
  };

  describe('what it begins with', () => {
    it('is two users and fifteen ships', async () => {
      const users = (await send('GET', '/api/users')).json;
      assert.deepEqual(users.slice(0, 2), [
        { id: 1, name: 'user' },
        { id: 2, name: 'guest' },
      ]);
      const all = (await send('GET', '/api/ships')).json;
      assert.deepEqual(
        all.slice(0, 15).map(({ id }: { id: number }) => id),
        Array.from({ length: 15 }, (_, n) => n + 1),
      );
      assert.deepEqual(all[13], {
        id: 14,
        affiliation: 'Empire',
        category: 'Transports',
        crew: 2,
        length: 20,
        manufacturer: 'Sienar Fleet Systems',
        model: 'Lambda-Class T-4a Shuttle',
        roles: ['Personnel Shuttle', 'Troop Transport', 'Escape Vessel'],
        ship_class: 'Armed Government Transport Shuttle',
      });
      assert.equal((await logIn('user', 'password')).status, 200);
      assert.equal((await logIn('guest', 'guest')).status, 200);
    });

    it('comes once, whatever was removed since', async () => {
      const { access } = await someone();
      assert.equal((await send('DELETE', '/api/ships/3', { headers: bearer(access) })).status, 204);
      const restarted = await (await served().peer()).restart();
      const again = jsonClient(() => restarted.url);
      assert.deepEqual(answered(await again('GET', '/api/ships/3')), NOT_FOUND);
      assert.equal((await again('GET', '/api/ships/4')).status, 200);
    });
  });

  describe('the guard', () => {
    const ask = (headers: Readonly<Record<string, string>>) => send('DELETE', '/api/ships/999', { headers });

    it('says what is wrong with the header', async () => {
      const malformed = [422, { error: "Bad Authorization header. Expected value 'Bearer <JWT>'" }];
      const { access } = await someone();
      assert.deepEqual(answered(await ask({})), [401, { error: 'Missing Authorization Header' }]);
      assert.deepEqual(answered(await ask({ Authorization: '' })), [401, { error: 'Missing Authorization Header' }]);
      for (const header of [
        `bearer ${access}`,
        `Basic ${access}`,
        access,
        'Bearer',
        `Bearer ${access} x`,
        'Bearer ü',
      ]) {
        assert.deepEqual(
          answered(await ask({ Authorization: Buffer.from(header).toString('latin1') })),
          malformed,
          header,
        );
      }
    });

    it('says what is wrong with the token', async () => {
      const { access, refresh } = await someone();
      const { payload } = readJwt(access);
      const { secret } = served();
      const sign = (claims: object, header?: Readonly<Record<string, unknown>>) =>
        bearer(signJwt(secret, claims, header));
      const invalid = [422, { error: 'Signature verification failed' }];
      assert.deepEqual(answered(await ask(sign(payload))), NOT_FOUND);
      assert.deepEqual(answered(await ask(bearer(signJwt('x'.repeat(64), payload)))), invalid);
      assert.deepEqual(answered(await ask(sign({ ...payload, exp: 1 }))), [401, { error: 'Token has expired' }]);
      assert.deepEqual(answered(await ask(bearer(refresh))), [422, { error: 'Only access tokens are allowed' }]);
      assert.deepEqual(answered(await send('POST', '/auth/refresh', { headers: bearer(access) })), [
        422,
        { error: 'Only refresh tokens are allowed' },
      ]);
      const wrong = {
        'no JWT': bearer('a.b.c'),
        'one part': bearer('abc'),
        'no algorithm': sign(payload, { alg: 'none' }),
        'another algorithm': sign(payload, { alg: 'HS512', typ: 'JWT' }),
        'an extension': sign(payload, { alg: 'HS256', crit: ['x'] }),
        'an identity that is text': sign({ ...payload, identity: '1' }),
        'an identity below 1': sign({ ...payload, identity: 0 }),
        'another type': sign({ ...payload, type: 'id' }),
        'a time to come': sign({ ...payload, nbf: payload.nbf + 3600 }),
      };
      for (const [what, headers] of Object.entries(wrong)) {
        assert.equal((await ask(headers)).status, 422, what);
        assert.deepEqual(Object.keys((await ask(headers)).json), ['error']);
      }
      for (const claim of ['identity', 'type', 'jti', 'iat', 'nbf', 'exp']) {
        assert.equal((await ask(sign({ ...payload, [claim]: undefined }))).status, 422, claim);
      }
    });

    it('stands before everything else', async () => {
      const { access } = await someone();
      for (const [method, path] of [
        ['POST', '/api/ships'],
        ['PUT', '/api/ships/999'],
        ['DELETE', '/api/ships/999'],
        ['PUT', '/api/users/999'],
        ['DELETE', '/api/users/999'],
        ['DELETE', '/auth/logout'],
        ['DELETE', '/auth/logout2'],
        ['POST', '/auth/refresh'],
      ] as const) {
        const bare = method === 'DELETE' ? {} : { json: '{' };
        assert.equal((await send(method, path, bare)).status, 401, `${method} ${path}`);
      }
      assert.deepEqual(
        answered(await send('PUT', '/api/ships/999', { headers: bearer(access), json: '{' })),
        BAD_REQUEST,
      );
    });
  });

  describe('logging in', () => {
    it('answers two tokens with the claims of the contract', async () => {
      const { name, password, id } = await someone();
      const { status, json } = await logIn(name, password);
      assert.deepEqual([status, Object.keys(json)], [200, ['access_token', 'refresh_token']]);
      const now = Math.floor(served().clock.now() / 1000);
      for (const [token, type, lifetime] of [
        [json.access_token, 'access', 900],
        [json.refresh_token, 'refresh', 2_592_000],
      ] as const) {
        const { header, payload } = readJwt(token);
        assert.equal(header.alg, 'HS256');
        const { jti, ...claims } = payload;
        assert.match(jti, /^[0-9a-f-]{36}$/);
        assert.deepEqual(claims, {
          identity: id,
          type,
          iat: now,
          nbf: now,
          exp: now + lifetime,
          ...(type === 'access' && { fresh: false }),
        });
      }
    });

    it('tells what is missing, and not what is wrong', async () => {
      const missing = badRequest('Username or password missing.');
      const invalid = [401, { error: 'Unauthorized', message: 'Username or password invalid.' }];
      for (const json of [
        {},
        { username: 'user' },
        { password: 'password' },
        { username: '', password: 'x' },
        { username: 'user', password: '' },
      ]) {
        assert.deepEqual(answered(await send('POST', '/auth/login', { json })), missing, JSON.stringify(json));
      }
      for (const [name, password] of [
        ['user', 'guest'],
        ['nobody', 'password'],
        ['USER', 'password'],
        ['user ', 'password'],
        ['u', 'x'],
        ['x'.repeat(10_000), 'x'],
        ['__proto__', 'x'],
      ] as const) {
        assert.deepEqual(answered(await logIn(name, password)), invalid, name);
      }
    });

    it('refuses bodies that are no JSON object', async () => {
      assert.deepEqual(answered(await send('POST', '/auth/login')), BAD_REQUEST);
      const form = new URLSearchParams({ username: 'user', password: 'password' });
      assert.deepEqual(answered(await send('POST', '/auth/login', { body: form })), BAD_REQUEST);
      assert.deepEqual(answered(await send('POST', '/auth/login', { json: '{' })), BAD_REQUEST);
      for (const json of ['[]', '"x"', 'null']) assert.equal((await send('POST', '/auth/login', { json })).status, 400);
      for (const value of NOT_TEXT) {
        assert.equal((await send('POST', '/auth/login', { json: { username: value, password: 'x' } })).status, 400);
      }
    });
  });

  describe('tokens', () => {
    const refresh = (token: string) => send('POST', '/auth/refresh', { headers: bearer(token) });

    it('are refreshed, and the refresh token stays', async () => {
      const one = await someone();
      const { status, json } = await refresh(one.refresh);
      assert.deepEqual([status, Object.keys(json)], [200, ['access_token']]);
      assert.notEqual(json.access_token, one.access);
      assert.deepEqual(
        answered(await send('DELETE', '/api/ships/999', { headers: bearer(json.access_token) })),
        NOT_FOUND,
      );
      assert.equal((await refresh(one.refresh)).status, 200);
    });

    it('are not refreshed for a user who is gone', async () => {
      const one = await someone();
      await send('DELETE', `/api/users/${one.id}`, { headers: bearer(one.access) });
      assert.deepEqual(answered(await refresh(one.refresh)), [
        401,
        { error: 'Unauthorized', message: 'Unknown user.' },
      ]);
    });

    it('expire, each in its time', async () => {
      const one = await someone();
      served().clock.advance(900);
      assert.deepEqual(answered(await addShip(one.access)), [401, { error: 'Token has expired' }]);
      assert.equal((await refresh(one.refresh)).status, 200);
      served().clock.advance(2_592_000 - 900);
      assert.deepEqual(answered(await refresh(one.refresh)), [401, { error: 'Token has expired' }]);
    });

    for (const [kind, path] of [
      ['access', '/auth/logout'],
      ['refresh', '/auth/logout2'],
    ] as const) {
      it(`are revoked one by one: the ${kind} token shown and no other, on every node, for good`, async () => {
        const one = await someone();
        const other = (await logIn(one.name, one.password)).json;
        const peer = await served().peer();
        const works = async (node: typeof send, access: string, refreshed: string) => [
          (await node('DELETE', '/api/ships/999', { headers: bearer(access) })).status,
          (await node('POST', '/auth/refresh', { headers: bearer(refreshed) })).status,
        ];
        const out = () => send('DELETE', path, { headers: bearer(one[kind]) });
        assert.deepEqual(answered(await out()), [200, { message: 'Successfully logged out.' }]);
        assert.deepEqual(answered(await out()), REVOKED);
        const again = await peer.restart();
        for (const node of [send, jsonClient(() => again.url)]) {
          assert.deepEqual(await works(node, one.access, one.refresh), kind === 'access' ? [401, 200] : [404, 401]);
          assert.deepEqual(await works(node, other.access_token, other.refresh_token), [404, 200]);
        }
      });
    }

    it('are revoked by one of twenty callers', async () => {
      const one = await someone();
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => send('DELETE', '/auth/logout', { headers: bearer(one.access) })),
      );
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array(19).fill(401)]);
    });
  });

  tokenEndings(served, {
    async register() {
      const { name: login, password } = await someone();
      return { login, password };
    },
    async logIn({ login, password }) {
      const { status, json } = await logIn(login, password);
      assert.equal(status, 200);
      return [
        opens(json.access_token, 'DELETE', '/api/ships/999999', 404),
        opens(json.refresh_token, 'POST', '/auth/refresh', 200),
      ];
    },
  });

  describe('users', () => {
    it('are created with a place of their own, and shown without a password', async () => {
      const name = `ada-${randomUUID()}`;
      const { status, json, headers } = await send('POST', '/api/users', { json: { name, password: 'word' } });
      assert.deepEqual([status, json], [201, { id: json.id, name }]);
      assert.equal(headers.get('location'), `${served().publicUrl}/api/users/${json.id}`);
      assert.deepEqual(answered(await send('GET', `/api/users/${json.id}`)), [200, { id: json.id, name }]);
      const listed = (await send('GET', '/api/users')).json;
      assert.deepEqual(listed.at(-1), { id: json.id, name });
      const stored = (await served().composition.users.all()).find(({ login }) => login === name);
      assert.match(stored?.passwordHash ?? '', /^\$argon2id\$/);
    });

    it('are refused with every reason at once', async () => {
      const create = (json: unknown) => send('POST', '/api/users', { json });
      assert.deepEqual(
        answered(await create({})),
        badRequest({ name: ['Missing data for required field.'], password: ['Missing data for required field.'] }),
      );
      assert.deepEqual(
        answered(await create({ name: 'x', password: 'abc', id: 0, extra: 1, __proto__: 1 })),
        badRequest({
          id: ['Must be greater than or equal to 1.'],
          name: ['Shorter than minimum length 2.'],
          password: ['Shorter than minimum length 4.'],
          extra: ['Unknown field.'],
        }),
      );
      assert.deepEqual(
        answered(await create('{"name": "ab", "password": "word", "__proto__": 1}')),
        badRequest(JSON.parse('{"__proto__": ["Unknown field."]}')),
      );
      assert.deepEqual(
        answered(await create({ name: null, password: null, id: null })),
        badRequest({
          id: ['Field may not be null.'],
          name: ['Field may not be null.'],
          password: ['Field may not be null.'],
        }),
      );
      for (const value of NOT_TEXT) {
        assert.deepEqual(
          answered(await create({ name: value, password: value })),
          badRequest({ name: ['Not a valid string.'], password: ['Not a valid string.'] }),
        );
      }
      for (const id of NOT_INTEGERS) {
        assert.deepEqual(
          answered(await create({ name: 'ab', password: 'word', id })),
          badRequest({ id: ['Not a valid integer.'] }),
        );
      }
      for (const json of ['[]', '"x"', '1', 'null']) {
        assert.deepEqual(answered(await create(json)), badRequest({ _schema: ['Invalid input type.'] }), json);
      }
      assert.deepEqual(answered(await create('{')), BAD_REQUEST);
    });

    it('are refused in this order: fields, a name in use, an id given', async () => {
      const { name } = await someone();
      const create = (json: unknown) => send('POST', '/api/users', { json });
      assert.deepEqual(answered(await create({ name, password: 'word' })), TAKEN);
      assert.deepEqual(answered(await create({ name, password: 'word', id: 7 })), TAKEN);
      assert.deepEqual(
        answered(await create({ name, password: 'abc', id: 7 })),
        badRequest({ password: ['Shorter than minimum length 4.'] }),
      );
      const free = `free-${randomUUID()}`;
      assert.deepEqual(answered(await create({ name: free, password: 'word', id: 7 })), ID_GIVEN);
      assert.equal((await logIn(free, 'word')).status, 401);
    });

    it('have ids and names that forty callers on two nodes do not share', async () => {
      const peer = await served().peer();
      const nodes = [send, jsonClient(() => peer.url)] as const;
      const create = (name: string) =>
        Promise.all(
          Array.from({ length: 40 }, (_, n) =>
            nodes[n % 2 ? 0 : 1]('POST', '/api/users', {
              json: { name: name.replace('?', String(n)), password: 'word' },
            }),
          ),
        );
      const distinct = await create(`race-?-${randomUUID()}`);
      assert.equal(new Set(distinct.map(({ json }) => json.id)).size, 40);
      const same = await create(`race-${randomUUID()}`);
      assert.deepEqual(same.map(({ status }) => status).sort(), [201, ...Array(39).fill(400)]);
    });

    it('never get the id of one who is gone', async () => {
      const first = await someone();
      await send('DELETE', `/api/users/${first.id}`, { headers: bearer(first.access) });
      const second = await someone();
      assert.ok(second.id > first.id);
      await send('DELETE', `/api/users/${second.id}`, { headers: bearer(second.access) });
      const restarted = await (await served().peer()).restart();
      const { json } = await jsonClient(() => restarted.url)('POST', '/api/users', {
        json: { name: `third-${randomUUID()}`, password: 'word' },
      });
      assert.ok(json.id > second.id);
    });

    it('give themselves another name and password, and nobody else', async () => {
      const [one, other] = [await someone(), await someone()];
      const name = `renamed-${randomUUID()}`;
      let access = one.access;
      const renew = async (password: string) => {
        access = (await logIn(name, password)).json.access_token;
      };
      const put = (id: number | string, json: unknown) =>
        send('PUT', `/api/users/${id}`, { headers: bearer(access), json });
      assert.deepEqual(answered(await put(one.id, { name, password: 'changed' })), [200, { id: one.id, name }]);
      assert.equal((await logIn(name, 'changed')).status, 200);
      assert.equal((await logIn(one.name, one.password)).status, 401);
      assert.equal((await logIn(name, one.password)).status, 401);
      // Whoever changes their password logs in anew.
      assert.deepEqual(answered(await put(one.id, { name, password: 'again' })), REVOKED);
      assert.deepEqual(answered(await send('POST', '/auth/refresh', { headers: bearer(one.refresh) })), REVOKED);
      await renew('changed');
      assert.equal((await put(one.id, { name, password: 'again', id: one.id })).status, 200);
      await renew('again');
      assert.equal((await put(`0${one.id}`, { name, password: 'again' })).status, 200);
      await renew('again');

      assert.deepEqual(answered(await put(other.id, { name, password: 'x' })), FORBIDDEN);
      assert.deepEqual(answered(await put(other.id, '{')), FORBIDDEN);
      assert.deepEqual(answered(await put(999_999, { name, password: 'word' })), FORBIDDEN);
      assert.deepEqual(
        answered(await put(one.id, { name })),
        badRequest({ password: ['Missing data for required field.'] }),
      );
      assert.deepEqual(answered(await put(one.id, { name, password: 'word', id: other.id })), DIFFERS);
      assert.deepEqual(answered(await put(one.id, { name: other.name, password: 'word' })), TAKEN);
      assert.equal((await logIn(other.name, other.password)).status, 200);
    });

    it('do not both take one name', async () => {
      const ten = await Promise.all(Array.from({ length: 10 }, () => someone()));
      const name = `wanted-${randomUUID()}`;
      const answers = await Promise.all(
        ten.map(({ id, access }) =>
          send('PUT', `/api/users/${id}`, { headers: bearer(access), json: { name, password: 'word' } }),
        ),
      );
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array(9).fill(400)]);
    });

    it('remove themselves, and nobody else', async () => {
      const [one, other] = [await someone(), await someone()];
      const remove = (id: number) => send('DELETE', `/api/users/${id}`, { headers: bearer(one.access) });
      assert.deepEqual(answered(await remove(other.id)), FORBIDDEN);
      const removed = await remove(one.id);
      assert.deepEqual([removed.status, removed.text], [204, '']);
      assert.deepEqual(answered(await remove(one.id)), NOT_FOUND);
      const put = { headers: bearer(one.access), json: { name: one.name, password: 'word' } };
      assert.deepEqual(answered(await send('PUT', `/api/users/${one.id}`, put)), NOT_FOUND);
      assert.deepEqual(answered(await send('GET', `/api/users/${one.id}`)), NOT_FOUND);
      assert.deepEqual(answered(await addShip(one.access)), [401, { error: 'Unauthorized', message: 'Unknown user.' }]);
      assert.equal((await someone(one.name)).name, one.name);
    });
  });

  describe('ships', () => {
    it('are created, read, replaced and removed', async () => {
      const { access } = await someone();
      const { status, json, headers } = await addShip(access);
      assert.deepEqual([status, json], [201, { id: json.id, ...SHIP }]);
      assert.ok(json.id >= 16);
      assert.equal(headers.get('location'), `${served().publicUrl}/api/ships/${json.id}`);
      const path = `/api/ships/${json.id}`;
      assert.deepEqual(answered(await send('GET', path)), [200, json]);
      const other = await someone();
      const next = { ...SHIP, model: 'Phantom', crew: 1, roles: [] };
      const put = (body: unknown) => send('PUT', path, { headers: bearer(other.access), json: body });
      assert.deepEqual(answered(await put(next)), [200, { id: json.id, ...next }]);
      assert.deepEqual(answered(await put({ ...next, id: json.id })), [200, { id: json.id, ...next }]);
      assert.deepEqual(answered(await put({ ...next, id: 1 })), DIFFERS);
      assert.deepEqual((await send('GET', '/api/ships')).json.at(-1), { id: json.id, ...next });
      const removed = await send('DELETE', path, { headers: bearer(access) });
      assert.deepEqual([removed.status, removed.text], [204, '']);
      for (const method of ['GET', 'DELETE']) {
        assert.deepEqual(answered(await send(method, path, { headers: bearer(access) })), NOT_FOUND);
      }
      assert.deepEqual(answered(await put(next)), NOT_FOUND);
      assert.deepEqual(answered(await put({ ...next, id: 1 })), NOT_FOUND);
      assert.ok((await addShip(access)).json.id > json.id);
    });

    it('have texts and roles of at most so many characters, as JSON Schema counts them', async () => {
      const { access } = await someone();
      const tooLong = (limit: number) => [`Longer than maximum length ${limit}.`];
      for (const character of ['x', 'ü', '😀', '"', '\\']) {
        const [longest, role] = [character.repeat(1_000), character.repeat(100)];
        for (const field of ['affiliation', 'category', 'manufacturer', 'model', 'ship_class']) {
          const { status, json } = await addShip(access, { ...SHIP, [field]: longest });
          assert.deepEqual([status, json[field]], [201, longest]);
          assert.deepEqual(
            answered(await addShip(access, { ...SHIP, [field]: `${longest}x` })),
            badRequest({ [field]: tooLong(1_000) }),
          );
        }
        assert.equal((await addShip(access, { ...SHIP, roles: Array(20).fill(role) })).status, 201);
        assert.deepEqual(
          answered(await addShip(access, { ...SHIP, roles: ['', `${role}x`] })),
          badRequest({ roles: { 1: tooLong(100) } }),
        );
        assert.deepEqual(
          answered(await addShip(access, { ...SHIP, roles: Array(21).fill(role) })),
          badRequest({ roles: tooLong(20) }),
        );
      }
    });

    it('are refused with every reason at once', async () => {
      const { access } = await someone();
      const missing = ['Missing data for required field.'];
      assert.deepEqual(
        answered(await addShip(access, {})),
        badRequest(Object.fromEntries(Object.keys(SHIP).map((field) => [field, missing]))),
      );
      assert.deepEqual(
        answered(
          await addShip(access, {
            ...{ affiliation: 1, category: null, crew: 0, length: -1, manufacturer: [], model: true },
            ...{ roles: ['a', 1, 'b', null], ship_class: {}, colour: 'red' },
          }),
        ),
        badRequest({
          affiliation: ['Not a valid string.'],
          category: ['Field may not be null.'],
          crew: ['Must be greater than or equal to 1.'],
          length: ['Must be greater than or equal to 1.'],
          manufacturer: ['Not a valid string.'],
          model: ['Not a valid string.'],
          roles: { 1: ['Not a valid string.'], 3: ['Not a valid string.'] },
          ship_class: ['Not a valid string.'],
          colour: ['Unknown field.'],
        }),
      );
      for (const value of NOT_INTEGERS) {
        assert.deepEqual(
          answered(await addShip(access, { ...SHIP, crew: value })),
          badRequest({ crew: ['Not a valid integer.'] }),
        );
      }
      for (const value of ['a', 1, {}, true]) {
        assert.deepEqual(
          answered(await addShip(access, { ...SHIP, roles: value })),
          badRequest({ roles: ['Not a valid list.'] }),
        );
      }
      for (const json of ['[]', '"x"', 'null']) {
        assert.deepEqual(answered(await addShip(access, json)), badRequest({ _schema: ['Invalid input type.'] }));
      }
      assert.deepEqual(answered(await addShip(access, '{')), BAD_REQUEST);
      assert.deepEqual(answered(await send('POST', '/api/ships', { headers: bearer(access) })), BAD_REQUEST);
    });

    it('are not given an id by those who add them', async () => {
      const { access } = await someone();
      for (const id of [1, 7, 99_999]) {
        assert.deepEqual(answered(await addShip(access, { ...SHIP, id })), ID_GIVEN);
      }
      assert.deepEqual(
        answered(await addShip(access, { ...SHIP, id: 0 })),
        badRequest({ id: ['Must be greater than or equal to 1.'] }),
      );
    });

    it('have ids that forty callers on two nodes do not share', async () => {
      const { access } = await someone();
      const peer = await served().peer();
      const nodes = [send, jsonClient(() => peer.url)] as const;
      const answers = await Promise.all(
        Array.from({ length: 40 }, (_, n) =>
          nodes[n % 2 ? 0 : 1]('POST', '/api/ships', { headers: bearer(access), json: SHIP }),
        ),
      );
      assert.equal(new Set(answers.map(({ json }) => json.id)).size, 40);
    });

    it('keep hostile text as it is', async () => {
      const { access } = await someone();
      for (const model of ['', ' ', '<script>', '$where', '__proto__', '🚀'.repeat(1000), 'e\u0301']) {
        const { json } = await addShip(access, { ...SHIP, model });
        assert.equal((await send('GET', `/api/ships/${json.id}`)).json.model, model);
      }
    });
  });

  describe('conventions', () => {
    it('know no ship or user under what is no id', async () => {
      const { access } = await someone();
      for (const id of ['0', '99999', '9'.repeat(15), '9'.repeat(400)]) {
        for (const list of ['ships', 'users']) {
          assert.deepEqual(answered(await send('GET', `/api/${list}/${id}`)), NOT_FOUND, id);
        }
        assert.deepEqual(answered(await send('DELETE', `/api/ships/${id}`, { headers: bearer(access) })), NOT_FOUND);
      }
    });

    it('know no path whose id is not digits alone, with a token or without', async () => {
      for (const id of ['abc', '-1', '1.5', '1a', '%31x', '__proto__', ' 1']) {
        for (const list of ['ships', 'users']) {
          for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
            assert.deepEqual(answered(await send(method, `/api/${list}/${id}`)), NOT_FOUND, `${method} ${id}`);
          }
        }
      }
    });

    it('know no other path, and no other method', async () => {
      for (const path of ['/', '/api', '/api/', '/nowhere', '/api/ships/']) {
        assert.deepEqual(answered(await send('GET', path)), NOT_FOUND, path);
      }
      const wrong = await send('PATCH', '/api/ships/1');
      assert.deepEqual(answered(wrong), [405, { error: 'Method Not Allowed' }]);
      assert.deepEqual(wrong.headers.get('allow')?.split(', ').sort(), ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PUT']);
      assert.equal((await send('GET', '/auth/login')).headers.get('allow'), 'POST, OPTIONS');
    });

    it('let no page of another origin read', async () => {
      const { headers } = await send('GET', '/api/ships', { headers: { Origin: 'https://page.example' } });
      assert.equal(headers.get('access-control-allow-origin'), null);
    });

    it('have a document with the bearer scheme, and a page', async () => {
      const { json } = await send('GET', '/openapi.json');
      assert.deepEqual(json.components.securitySchemes, {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      });
      assert.deepEqual(Object.keys(json.paths).slice(0, 8), [
        '/auth/login',
        '/auth/refresh',
        '/auth/logout',
        '/auth/logout2',
        '/api/users',
        '/api/users/{id}',
        '/api/ships',
        '/api/ships/{id}',
      ]);
      assert.equal((await send('GET', '/ui')).status, 200);
    });
  });
});
