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
import { books } from '../src/service.ts';

const HOSTILE = [1, true, null, [], {}, ['x'], { $ne: '' }];

onEveryStore(books, '/books', (served) => {
  const send = jsonClient(() => served().url);
  const as = (token: string) => ({ 'x-access-token': token });
  const refused = ({ status, json }: JsonAnswer) => [status, json];

  /** Someone new, and their token. */
  async function someone(username = `user-${randomUUID()}`, password = 'pass:word') {
    assert.equal((await send('POST', '/signup', { json: { username, password } })).status, 201);
    const { json } = await send('POST', '/login', { json: { username, password } });
    return { username, password, token: String(json.token) };
  }
  const list = async (token: string) => (await send('GET', '/bookapi/books', { headers: as(token) })).json.Books;
  const add = (token: string, json: unknown) => send('POST', '/bookapi/addbook', { headers: as(token), json });

  const INVALID = [401, { message: 'Invalid token!' }];
  /** Whether a token opens the list; where not, it is refused as the contract has it. */
  const opens = async (token: string): Promise<boolean> => {
    const answer = await send('GET', '/bookapi/books', { headers: as(token) });
    if (answer.status !== 200) assert.deepEqual(refused(answer), INVALID);
    return answer.status === 200;
  };

  tokenEndings(served, {
    async register() {
      const { username: login, password } = await someone();
      return { login, password };
    },
    async logIn({ login: username, password }) {
      const { status, json } = await send('POST', '/login', { json: { username, password } });
      assert.equal(status, 201);
      return [() => opens(String(json.token))];
    },
  });

  it('takes a token of others, which names no epoch, until its user changes', async () => {
    const { username, token } = await someone();
    const { public_id } = readJwt(token).payload;
    const sign = (claims: object) => signJwt(served().secret, { public_id, ...claims });
    assert.equal(await opens(sign({})), true);
    assert.equal(await opens(sign({ epoch: 0 })), true);
    for (const epoch of [1, -1, 0.5, '0', null, [], {}, true, 1e300]) {
      assert.equal(await opens(sign({ epoch })), false, JSON.stringify(epoch));
    }
    const { users, changeAccess } = served().composition;
    const user = (await users.all()).find(({ login }) => login === username);
    assert.ok(user && (await changeAccess('operator', user.id, { disabled: true })).ok);
    assert.ok((await changeAccess('operator', user.id, { disabled: false })).ok);
    for (const claims of [{}, { epoch: 0 }, { epoch: 1 }, { epoch: 3 }]) assert.equal(await opens(sign(claims)), false);
    assert.equal(await opens(sign({ epoch: 2 })), true);
  });

  describe('signing up', () => {
    it('answers 201 and stores a hash', async () => {
      const username = `ada-${randomUUID()}`;
      const answer = await send('POST', '/signup', { json: { username, password: 'a secret word' } });
      assert.deepEqual(refused(answer), [201, { message: 'registered successfully' }]);
      const user = (await served().composition.users.all()).find(({ login }) => login === username);
      assert.match(user?.passwordHash ?? '', /^\$argon2id\$/);
      assert.equal(user?.admin, false);
    });

    it('refuses a name in use', async () => {
      const { username } = await someone();
      assert.deepEqual(refused(await send('POST', '/signup', { json: { username, password: 'another' } })), [
        409,
        { message: 'User already exists!' },
      ]);
    });

    it('lets one of twenty on two nodes have a name', async () => {
      const peer = await served().peer();
      const [one, other] = [send, jsonClient(() => peer.url)];
      const json = { username: `race-${randomUUID()}`, password: 'x' };
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) => (n % 2 ? one : other)('POST', '/signup', { json })),
      );
      assert.deepEqual(answers.map(({ status }) => status).sort(), [201, ...Array(19).fill(409)]);
    });

    it('tells names of another letter case apart', async () => {
      const name = randomUUID();
      await someone(`a${name}`);
      await someone(`A${name}`);
    });

    for (const field of ['username', 'password']) {
      it(`refuses a ${field} that is missing, empty or no text, and names it`, async () => {
        const right = { username: `u-${randomUUID()}`, password: 'x' };
        for (const value of [undefined, '', ...HOSTILE, '\ud800']) {
          const { status, json } = await send('POST', '/signup', { json: { ...right, [field]: value } });
          assert.equal(status, 400, JSON.stringify(value));
          assert.equal(typeof json.message, 'string');
          assert.deepEqual(Object.keys(json.errors), [field]);
        }
      });
    }

    it('takes a name of 64 characters and none of 65', async () => {
      const name = `${randomUUID()}${'😀'.repeat(28)}`;
      assert.equal((await send('POST', '/signup', { json: { username: name, password: 'x' } })).status, 201);
      assert.equal((await send('POST', '/signup', { json: { username: `${name}x`, password: 'x' } })).status, 400);
    });

    it('refuses a body that is no JSON object, a form included', async () => {
      const fields = { username: `u-${randomUUID()}`, password: 'x' };
      const bodies: JsonRequest[] = [
        { json: '{' },
        { json: '[]' },
        { json: '"x"' },
        { json: 'null' },
        { body: new URLSearchParams(fields) },
        { body: JSON.stringify(fields), headers: { 'Content-Type': 'text/plain' } },
        {},
      ];
      for (const body of bodies) {
        const { status, json } = await send('POST', '/signup', body);
        assert.equal(status, 400, JSON.stringify(body));
        assert.equal(typeof json.message, 'string');
      }
    });
  });

  describe('logging in', () => {
    it('answers a token of the contract', async () => {
      const { username, password } = await someone();
      const answer = await send('POST', '/login', { json: { username, password } });
      assert.equal(answer.status, 201);
      assert.deepEqual(Object.keys(answer.json), ['token']);
      const { header, payload } = readJwt(answer.json.token);
      assert.deepEqual([header.alg, header.typ], ['HS256', 'JWT']);
      const user = (await served().composition.users.all()).find(({ login }) => login === username);
      assert.equal(payload.public_id, user?.id);
      assert.ok(payload.exp - payload.iat > 300 * 86_400);
      const { json } = await send('POST', '/login', { json: { username, password } });
      assert.notEqual(json.token, answer.json.token);
    });

    const text = ({ status, text, headers }: JsonAnswer) => [status, text, headers.get('www-authenticate')];

    it('says in plain text what was wrong', async () => {
      const { username, password } = await someone();
      const incomplete = [401, 'Could not verify!', 'Basic-realm= "Login required!"'];
      const log = (json: unknown) => send('POST', '/login', { json });
      assert.deepEqual(text(await log({ username: 'nobody at all', password })), [
        401,
        'Could not verify user, Please signup!',
        'Basic-realm= "No user found!"',
      ]);
      assert.deepEqual(text(await log({ username, password: 'wrong' })), [
        403,
        'Could not verify password!',
        'Basic-realm= "Wrong Password!"',
      ]);
      for (const json of [{ username }, { password }, { username, password: '' }, { username: '', password }, {}]) {
        assert.deepEqual(text(await log(json)), incomplete, JSON.stringify(json));
      }
      assert.deepEqual(text(await send('POST', '/login')), incomplete);
      assert.deepEqual(
        text(await send('POST', '/login', { body: new URLSearchParams({ username, password }) })),
        incomplete,
      );
      const answer = await log({});
      assert.equal(answer.headers.get('content-type'), 'text/html; charset=utf-8');
    });

    it('refuses what is no text, and bodies that are no object', async () => {
      const { username, password } = await someone();
      for (const value of HOSTILE) {
        assert.equal((await send('POST', '/login', { json: { username: value, password } })).status, 401);
        assert.equal((await send('POST', '/login', { json: { username, password: value } })).status, 401);
        assert.equal((await send('POST', '/login', { json: [value] })).status, 401);
      }
    });

    it('tells a body that cannot be read from one without the fields', async () => {
      const { username, password } = await someone();
      const right = JSON.stringify({ username, password });
      const type = { 'Content-Type': 'application/json' };
      const unreadable: JsonRequest[] = [
        // No proper beginning of an object is JSON.
        ...Array.from({ length: right.length - 1 }, (_, index) => ({ json: right.slice(0, index + 1) })),
        ...[`${right}}`, ' ', "{'username':'x'}", 'undefined'].map((json) => ({ json })),
        { body: Buffer.from(right.replace('u', '\u00fc'), 'latin1'), headers: type },
        { body: right, headers: { ...type, 'Content-Encoding': 'br' } },
      ];
      for (const body of unreadable) {
        const { status, json } = await send('POST', '/login', body);
        assert.equal(status, 400, JSON.stringify(body));
        assert.equal(typeof json.message, 'string');
      }
      assert.equal(
        (await send('POST', '/login', { body: right, headers: { ...type, 'Content-Encoding': 'x' } })).status,
        415,
      );
      assert.equal((await send('POST', '/login', { json: `"${'x'.repeat(100_000)}"` })).status, 413);
      for (const json of ['{}', '[]', 'null', `[${right}]`, '{"username":null}']) {
        assert.equal((await send('POST', '/login', { json })).status, 401, json);
      }
    });

    it('lets nobody in by the spelling of another name', async () => {
      const { username, password } = await someone();
      for (const other of [username.toUpperCase(), `${username} `, `${username}\0`, '__proto__', 'x'.repeat(10_000)]) {
        assert.equal((await send('POST', '/login', { json: { username: other, password } })).status, 401, other);
      }
    });
  });

  describe('the guard', () => {
    const INVALID = [401, { message: 'Invalid token!' }];
    const ask = (headers: Readonly<Record<string, string>>) => send('GET', '/bookapi/books', { headers });

    it('stands before all three routes, and before the body', async () => {
      for (const [method, path] of [
        ['GET', '/bookapi/books'],
        ['POST', '/bookapi/addbook'],
        ['DELETE', '/bookapi/books/1'],
        ['DELETE', '/bookapi/books/x'],
      ] as const) {
        const missing = [401, { message: 'A valid token is missing!' }];
        assert.deepEqual(refused(await send(method, path)), missing);
        assert.deepEqual(refused(await send(method, path, { headers: as('') })), missing);
        assert.deepEqual(refused(await send(method, path, { headers: as('invalid-token') })), INVALID);
        if (method === 'POST') assert.deepEqual(refused(await send(method, path, { json: '{' })), missing);
      }
    });

    it('does not read Authorization', async () => {
      const { token } = await someone();
      assert.equal((await ask({ Authorization: `Bearer ${token}` })).status, 401);
    });

    it('takes what others sign with the key, and nothing else', async () => {
      const { token } = await someone();
      const { public_id } = readJwt(token).payload;
      const { secret } = served();
      const sign = (payload: object, header?: Readonly<Record<string, unknown>>) => signJwt(secret, payload, header);
      assert.equal((await ask(as(sign({ public_id })))).status, 200);
      assert.equal((await ask(as(sign({ public_id }, { typ: 'jwt', alg: 'HS256' })))).status, 200);
      const forged = {
        'another key': signJwt('x'.repeat(64), { public_id }),
        'a published word': signJwt('SERIALIZER_TOKEN', { public_id }),
        'no algorithm': sign({ public_id }, { alg: 'none', typ: 'JWT' }),
        'another algorithm': sign({ public_id }, { alg: 'HS512', typ: 'JWT' }),
        'a key sent along': sign({ public_id }, { alg: 'HS256', typ: 'JWT', jwk: { kty: 'oct', k: 'eA' } }),
        'a critical extension': sign({ public_id }, { alg: 'HS256', crit: ['exp'] }),
        'another type': sign({ public_id }, { alg: 'HS256', typ: 'at+jwt' }),
        'an unknown key id': sign({ public_id }, { alg: 'HS256', kid: 'x' }),
        'no user': sign({}),
        'a user that is none': sign({ public_id: 1 }),
        'a user that is not there': sign({ public_id: randomUUID() }),
        'an expiry that has passed': sign({ public_id, exp: 1 }),
        'an expiry that is none': sign({ public_id, exp: 'never' }),
        'no signature': token.split('.').slice(0, 2).join('.'),
        'another payload': token.replace(/\.[^.]+\./, `.${Buffer.from('{}').toString('base64url')}.`),
        'a changed signature': `${token.slice(0, -4)}AAAA`,
        'two tokens': `${token} ${token}`,
      };
      for (const [what, value] of Object.entries(forged)) {
        assert.deepEqual(refused(await ask(as(value))), INVALID, what);
      }
    });

    it('refuses the token of a user who is gone, here and on another node', async () => {
      const { token, username } = await someone();
      const peer = jsonClient(() => other.url);
      const other = await served().peer();
      assert.equal((await peer('GET', '/bookapi/books', { headers: as(token) })).status, 200);
      const { composition } = served();
      const user = await composition.findUser(username);
      assert.ok(user && (await composition.removeUser('operator', user.id)).ok);
      assert.deepEqual(refused(await peer('GET', '/bookapi/books', { headers: as(token) })), INVALID);
      assert.deepEqual(refused(await add(token, { title: randomUUID(), author: 'a' })), INVALID);
    });
  });

  describe('books', () => {
    it('are seen by everyone, added by anyone and removed by anyone', async () => {
      const [ada, bob] = [await someone(), await someone()];
      const title = `On gates ${randomUUID()}`;
      assert.deepEqual(refused(await add(ada.token, { title, author: 'Ada' })), [200, { message: 'new book created' }]);
      const book = (await list(bob.token)).find((each: { title: string }) => each.title === title);
      assert.deepEqual(book, { id: book.id, title, author: 'Ada' });
      assert.ok(Number.isInteger(book.id) && book.id > 0);
      const remove = () => send('DELETE', `/bookapi/books/${book.id}`, { headers: as(bob.token) });
      assert.deepEqual(refused(await remove()), [200, { message: 'Book deleted' }]);
      assert.ok(!(await list(ada.token)).some((each: { title: string }) => each.title === title));
      assert.deepEqual(refused(await remove()), [404, { message: 'book does not exist' }]);
    });

    it('keep their owner in the store and show none', async () => {
      const { token } = await someone();
      const title = randomUUID();
      await add(token, { title, author: 'a' });
      const stored = (await served().composition.listBooks(() => {})).find((each) => each.title === title);
      assert.equal(stored?.ownerId, readJwt(token).payload.public_id);
    });

    it('have a title of their own, whoever adds them', async () => {
      const [ada, bob] = [await someone(), await someone()];
      const title = randomUUID();
      await add(ada.token, { title, author: 'a' });
      assert.deepEqual(refused(await add(bob.token, { title, author: 'b' })), [
        409,
        { message: 'Book with same title already exists!' },
      ]);
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => add(ada.token, { title: `${title}!`, author: 'a' })),
      );
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array(19).fill(409)]);
    });

    it('never get the id of one that is gone, not even after a restart', async () => {
      const { token } = await someone();
      const newest = async () => {
        await add(token, { title: randomUUID(), author: 'a' });
        return Math.max(...(await list(token)).map(({ id }: { id: number }) => id));
      };
      const first = await newest();
      await send('DELETE', `/bookapi/books/${first}`, { headers: as(token) });
      const second = await newest();
      assert.ok(second > first);
      await send('DELETE', `/bookapi/books/${second}`, { headers: as(token) });
      const peer = await served().peer();
      const elsewhere = jsonClient(() => peer.url);
      await elsewhere('POST', '/bookapi/addbook', { headers: as(token), json: { title: randomUUID(), author: 'a' } });
      const { json } = await elsewhere('GET', '/bookapi/books', { headers: as(token) });
      assert.ok(Math.max(...json.Books.map(({ id }: { id: number }) => id)) > second);
    });

    it('need a title and an author that are text of up to 200 characters', async () => {
      const { token } = await someone();
      const right = { title: randomUUID(), author: 'a' };
      for (const field of ['title', 'author']) {
        for (const value of [undefined, ...HOSTILE, 'x'.repeat(201), '\ud800']) {
          const { status, json } = await add(token, { ...right, [field]: value });
          assert.equal(status, 400, `${field} ${JSON.stringify(value)}`);
          assert.equal(typeof json.message, 'string');
          assert.deepEqual(Object.keys(json.errors), [field]);
        }
      }
      assert.deepEqual(Object.keys((await add(token, {})).json.errors), ['title', 'author']);
      for (const json of ['{', '[]', '1', 'null']) assert.equal((await add(token, json)).status, 400, json);
      assert.equal((await add(token, { ...right, author: '😀'.repeat(200) })).status, 200);
    });

    it('do not exist under what is no id', async () => {
      const { token } = await someone();
      for (const id of ['0', '999999', 'abc', '-1', '1.5', '%00', '9'.repeat(400), '__proto__']) {
        const answer = await send('DELETE', `/bookapi/books/${id}`, { headers: as(token) });
        assert.deepEqual(refused(answer), [404, { message: 'book does not exist' }], id);
      }
    });
  });

  describe('conventions', () => {
    it('answer in JSON where there is no such path or method', async () => {
      const nowhere = await send('GET', '/nowhere');
      assert.equal(nowhere.status, 404);
      assert.equal(typeof nowhere.json.message, 'string');
      assert.equal((await send('GET', '/bookapi/book/1')).status, 404);
      const wrong = await send('GET', '/signup');
      assert.equal(wrong.status, 405);
      assert.equal(wrong.headers.get('allow'), 'POST, OPTIONS');
      assert.equal(typeof wrong.json.message, 'string');
    });

    it('let every page call', async () => {
      const { headers } = await send('GET', '/bookapi/books', { headers: { Origin: 'https://page.example' } });
      assert.equal(headers.get('access-control-allow-origin'), '*');
      const preflight = await send('OPTIONS', '/bookapi/addbook', {
        headers: {
          Origin: 'https://page.example',
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'x-access-token',
        },
      });
      assert.equal(preflight.status, 204);
      assert.equal(preflight.headers.get('access-control-allow-headers'), 'x-access-token');
    });

    it('have a document that names the header, and a page', async () => {
      const { json } = await send('GET', '/openapi.json');
      assert.deepEqual(json.components.securitySchemes, {
        token: { type: 'apiKey', in: 'header', name: 'x-access-token' },
      });
      assert.deepEqual(Object.keys(json.paths).slice(0, 5), [
        '/signup',
        '/login',
        '/bookapi/books',
        '/bookapi/addbook',
        '/bookapi/books/{id}',
      ]);
      assert.deepEqual(json.servers, [{ url: new URL(served().url).pathname }]);
      const page = await send('GET', '/ui');
      assert.equal(page.status, 200);
      assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/);
    });
  });
});

describe('books on a store of their own', () => {
  it('are none at first, exactly', async (t) => {
    const { composeForTest } = await import('@portcullis/testing');
    const composition = await composeForTest(t, books);
    assert.deepEqual(await composition.listBooks(() => {}), []);
  });
});
