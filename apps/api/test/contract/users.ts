import assert from 'node:assert/strict';
import { chapter } from './case.ts';
import { sameUntilChanged, tagOf } from './entity-tags.ts';
import {
  answers,
  atOnce,
  notAdministrator,
  picked,
  refusesFields,
  tally,
  tokenBlacklisted,
  tokenInvalid,
} from './expect.ts';
import { decode } from './jwt.ts';
import {
  type Answer,
  content,
  fieldOf,
  newEmail,
  newName,
  PASSWORD,
  type Session,
  stringIn,
  type World,
} from './world.ts';

const idOf = ({ token }: Pick<Session, 'token'>): string => String(decode(token).payload.sub);
const NOT_FOUND = { message: 'User not found' };
const LAST = {
  status: 'fail',
  message: 'This is the last administrator who is not disabled; make another one first',
};

const patch = (world: World, token: string, id: string, fields: Readonly<Record<string, unknown>>): Promise<Answer> =>
  world.send('PATCH', `/users/${id}`, { token, json: fields });

interface Shown {
  readonly email: string;
  readonly public_id: string;
}

export const users = chapter('users', {
  async 'GET /users pages users as widgets are paged, by the beginning of the email where asked'(world) {
    const { token } = await world.logInAdministrator();
    const mark = newEmail().slice(0, 12);
    const emails = ['c', 'A', 'b', 'd', 'E', 'f', 'g'].map((letter) => `${mark}-${letter}@contract.example`);
    for (const email of emails) await world.register({ email });
    const path = `/users?email=${mark.toUpperCase()}-&per_page=5`;
    const answer = await world.send('GET', path, { token });
    assert.deepEqual(picked(answer, ['has_prev', 'has_next', 'page', 'total_pages', 'items_per_page', 'total_items']), {
      ...{ has_prev: false, has_next: true, page: 1, total_pages: 2, items_per_page: 5, total_items: 7 },
    });
    assert.equal(answer.header('Total-Count'), '7');
    const items = fieldOf(answer, 'items') as readonly Shown[];
    assert.deepEqual(
      items.map(({ email }) => email.at(-18)),
      ['A', 'b', 'c', 'd', 'E'],
    );
    assert.deepEqual(Object.keys(items[0] ?? {}), [
      ...['email', 'public_id', 'admin', 'disabled', 'email_verified', 'registered_on'],
    ]);
    const { next } = fieldOf(answer, 'links') as Readonly<Record<string, string>>;
    const second = await world.sendOutside('GET', next ?? assert.fail('no next'), { token });
    assert.equal((fieldOf(second, 'items') as readonly Shown[]).length, 2);
    assert.match(answer.header('Link') ?? '', new RegExp(`email=${mark.toUpperCase()}-`));
    const all = await world.send('GET', '/users?per_page=100', { token });
    assert.ok(Number(fieldOf(all, 'total_items')) > 7);
    for (const prefix of ['%25', '.*', '%5E', 'no-such-user']) {
      assert.equal(fieldOf(await world.send('GET', `/users?email=${prefix}`, { token }), 'total_items'), 0, prefix);
    }
    refusesFields(await world.send('GET', '/users?page=x&per_page=7', { token }), {
      page: undefined,
      per_page: undefined,
    });
  },

  async 'GET /users/{public_id} is one user: 200, and 404 for what is none'(world) {
    const { token } = await world.logInAdministrator();
    const user = await world.register();
    assert.deepEqual(
      picked(await world.send('GET', `/users/${idOf(user)}`, { token }), ['email', 'public_id', 'admin', 'disabled']),
      {
        email: user.email,
        public_id: idOf(user),
        admin: false,
        disabled: false,
      },
    );
    for (const id of ['00000000-0000-4000-8000-000000000000', 'nobody', '%00', '%25']) {
      answers(await world.send('GET', `/users/${id}`, { token }), 404, NOT_FOUND);
    }
  },

  async 'PATCH /users/{public_id} promotes and demotes, by JSON and by form, from the next request on'(world) {
    const { token } = await world.logInAdministrator();
    const user = await world.register();
    const create = () => world.send('POST', '/widgets', { token: user.token, form: { name: newName(), ...content } });
    notAdministrator(await create());
    answers(await patch(world, token, idOf(user), { admin: true }), 200, {
      status: 'success',
      message: `${user.email} was successfully updated`,
    });
    assert.equal((await create()).status, 201);
    const demoted = await world.send('PATCH', `/users/${idOf(user)}`, { token, form: { admin: 'false' } });
    assert.equal(demoted.status, 200, demoted.text);
    notAdministrator(await create());
    answers(await patch(world, token, 'nobody', { admin: true }), 404, NOT_FOUND);
  },

  async 'PATCH names every wrong field, and changes nothing then'(world) {
    const { token } = await world.logInAdministrator();
    const user = await world.register();
    refusesFields(await patch(world, token, idOf(user), { admin: 1, disabled: 'yes', email: 'x' }), {
      admin: 'admin must be true or false',
      disabled: 'disabled must be true or false',
      email: 'email is not a field of this body',
    });
    refusesFields(await patch(world, token, idOf(user), { admin: null, disabled: true }), {
      admin: 'admin must not be null',
    });
    assert.equal((await world.send('GET', '/auth/user', { token: user.token })).status, 200);
    const nothing = 'Send at least one of the fields: nothing would be changed';
    const path = `/users/${idOf(user)}`;
    for (const empty of [{ json: {} }, { form: {} }, {}]) {
      refusesFields(await world.send('PATCH', path, { token, ...empty }), { admin: nothing, disabled: nothing });
    }
  },

  async 'a disabled user can neither log in nor refresh, and tokens are refused, also after being enabled again'(
    world,
  ) {
    const { token } = await world.logInAdministrator();
    const user = await world.register();
    assert.equal((await patch(world, token, idOf(user), { disabled: true })).status, 200);
    tokenInvalid(await world.send('GET', '/auth/user', { token: user.token }));
    const form = { refresh_token: user.refreshToken };
    assert.equal((await world.send('POST', '/auth/refresh', { form })).status, 401);
    const credentials = { email: user.email, password: PASSWORD };
    const refused = await world.send('POST', '/auth/login', { form: credentials });
    assert.equal(stringIn(refused, 'message'), 'email or password does not match');
    assert.equal((await patch(world, token, idOf(user), { disabled: false })).status, 200);
    tokenBlacklisted(await world.send('GET', '/auth/user', { token: user.token }));
    await world.logIn(credentials);
  },

  async 'DELETE /users/{public_id} removes a user: 204, then 404; the widgets stay with owner null'(world) {
    const { token } = await world.logInAdministrator();
    const user = await world.register();
    await patch(world, token, idOf(user), { admin: true });
    const name = newName();
    await world.send('POST', '/widgets', { token: user.token, form: { name, ...content } });
    const removed = await world.send('DELETE', `/users/${idOf(user)}`, { token });
    assert.deepEqual([removed.status, removed.text], [204, '']);
    answers(await world.send('DELETE', `/users/${idOf(user)}`, { token }), 404, NOT_FOUND);
    tokenInvalid(await world.send('GET', '/auth/user', { token: user.token }));
    assert.equal(fieldOf(await world.send('GET', `/widgets/${name}`, { token }), 'owner'), null);
    await world.register({ email: user.email });
  },

  async 'DELETE /users/{public_id}/sessions ends the sessions of a user: 204'(world) {
    const { token } = await world.logInAdministrator();
    const user = await world.register();
    const other = await world.logIn({ email: user.email, password: PASSWORD });
    assert.equal((await world.send('DELETE', `/users/${idOf(user)}/sessions`, { token })).status, 204);
    for (const each of [user, other]) tokenBlacklisted(await world.send('GET', '/auth/user', { token: each.token }));
    assert.equal((await world.send('DELETE', `/users/${idOf(user)}/sessions`, { token })).status, 204);
    answers(await world.send('DELETE', '/users/nobody/sessions', { token }), 404, NOT_FOUND);
  },

  async 'GET of users: an entity tag, which differs after every change, and 304 for whoever has it'(world) {
    const { token } = await world.logInAdministrator();
    const user = await world.register();
    const own = await world.logIn(user);
    const paths = [`/users/${idOf(user)}`, `/users?email=${user.email}`] as const;
    const seen = new Set<string>();
    for (const change of [{ admin: true }, { admin: false }, { disabled: true }, { disabled: false }]) {
      for (const path of paths) seen.add(await sameUntilChanged(world, path, token));
      assert.equal((await patch(world, token, idOf(user), change)).status, 200);
    }
    assert.equal(seen.size, 2 * 4);
    tokenBlacklisted(await world.send('GET', '/auth/user', { token: own.token }));
    const again = await world.logIn(user);
    assert.equal(
      await sameUntilChanged(world, '/auth/user', again.token),
      await sameUntilChanged(world, paths[0], token),
    );
  },

  async 'PATCH and DELETE of users: If-Match and If-None-Match are honoured, or 412; what is no entity tag is 400'(
    world,
  ) {
    const { token } = await world.logInAdministrator();
    const user = await world.register();
    const path = `/users/${idOf(user)}`;
    const etag = await tagOf(world, path, token);
    const requests = (headers: Readonly<Record<string, string>>) =>
      [
        ['PATCH', path, { token, json: { disabled: true }, headers }],
        ['DELETE', path, { token, headers }],
        ['DELETE', '/auth/user', { token: user.token, form: { password: PASSWORD }, headers }],
      ] as const;
    const refused = [{ 'If-Match': '"x"' }, { 'If-Match': `W/${etag}` }, { 'If-None-Match': '*' }] as const;
    for (const headers of [...refused, { 'If-None-Match': etag }]) {
      for (const [method, target, sending] of requests(headers)) {
        const { status } = await world.send(method, target, sending);
        assert.equal(status, 412, `${method} ${target} ${JSON.stringify(headers)}`);
      }
    }
    for (const [method, target, sending] of requests({ 'If-Match': 'x' })) {
      assert.equal((await world.send(method, target, sending)).status, 400, `${method} ${target}`);
    }
    assert.equal(await tagOf(world, path, token), etag);
    const ifMatch = (tags: string) => ({ token, json: { admin: true }, headers: { 'If-Match': tags } });
    assert.equal((await world.send('PATCH', path, ifMatch(`"x", ${etag}`))).status, 200);
    answers(await world.send('PATCH', path, ifMatch(etag)), 412, {
      message: 'The resource is not in the state that was demanded',
    });
    for (const method of ['PATCH', 'DELETE'] as const) {
      assert.equal((await world.send(method, '/users/nobody', ifMatch('*'))).status, 404, method);
    }
    assert.equal((await world.send('DELETE', path, { token, headers: { 'If-Match': etag } })).status, 412);
    const now = await tagOf(world, path, token);
    assert.equal((await world.send('DELETE', path, { token, headers: { 'If-Match': now } })).status, 204);
  },

  async 'DELETE /auth/user with the entity tag of GET /auth/user: 204'(world) {
    const user = await world.register();
    const headers = { 'If-Match': await tagOf(world, '/auth/user', user.token) };
    const form = { password: PASSWORD };
    assert.equal((await world.send('DELETE', '/auth/user', { token: user.token, form, headers })).status, 204);
  },

  async 'of administrators who demote, disable and remove one another at once, one stays'(world) {
    const { token, ...first } = await world.logInAdministrator();
    const others = await Promise.all(Array.from({ length: 4 }, () => world.register()));
    for (const other of others) await patch(world, token, idOf(other), { admin: true });
    const others_ = [...others];
    const changes = await atOnce(12, (n) => {
      const [by, on] = [others_[n % 4] ?? assert.fail(), others_[(n + 1) % 4] ?? assert.fail()];
      if (n % 3 === 0) return patch(world, by.token, idOf(on), { admin: false });
      return n % 3 === 1
        ? patch(world, by.token, idOf(on), { disabled: true })
        : world.send('DELETE', `/users/${idOf(on)}`, { token: by.token });
    });
    for (const status of Object.keys(tally(changes)))
      assert.ok(['200', '204', '401', '403', '404', '409'].includes(status), status);
    const still = await world.logIn(first);
    assert.equal((await world.send('GET', '/users?per_page=5', { token: still.token })).status, 200);
  },

  async 'the last administrator stays: 409 for demotion, disabling and removal, and by their own hand'(world) {
    const { token, password } = await world.logInAdministrator();
    const page = await world.send('GET', '/users?per_page=100', { token });
    if (Number(fieldOf(page, 'total_pages')) > 1) return;
    const id = idOf({ token });
    const items = fieldOf(page, 'items') as readonly (Shown & { admin: boolean; disabled: boolean })[];
    for (const other of items.filter((each) => each.admin && each.public_id !== id)) {
      await patch(world, token, other.public_id, { admin: false });
    }
    for (const answer of [
      await patch(world, token, id, { admin: false }),
      await patch(world, token, id, { disabled: true }),
      await world.send('DELETE', `/users/${id}`, { token }),
      await world.send('DELETE', '/auth/user', { token, form: { password } }),
    ]) {
      answers(answer, 409, LAST);
    }
    assert.equal((await world.send('GET', '/users', { token })).status, 200);
  },
});
