import assert from 'node:assert/strict';
import { chapter, needing } from './case.ts';
import {
  ADMIN_REALM,
  answers,
  atOnce,
  MISSING,
  notAdministrator,
  picked,
  refusesFields,
  tokenBlacklisted,
  tokenExpired,
  tokenInvalid,
  USER_REALM,
  unauthorized,
} from './expect.ts';
import { decode, respelt } from './jwt.ts';
import { guarded, pathOf, type RouteRow, rightBody } from './routes-table.ts';
import {
  type Answer,
  content,
  fieldOf,
  newEmail,
  newName,
  PASSWORD,
  type Sending,
  stringIn,
  type World,
} from './world.ts';

const realmOf = ({ access }: RouteRow): string => (access === 'admin' ? ADMIN_REALM : USER_REALM);

/** Sends this to every route that asks for a token, over a request in which nothing else is wrong. */
async function everywhere(
  world: World,
  sending: Sending,
  expected: (answer: Answer, realm: string) => void,
): Promise<void> {
  for (const route of guarded) {
    const answer = await world.send(route.method, pathOf(route.template), { ...rightBody(route), ...sending });
    expected(answer, realmOf(route));
  }
}

const authorization = (value: string | readonly string[]): Sending => ({ headers: { Authorization: value } });

export const authentication = chapter('authentication', {
  async 'no header: 401 Unauthorized, a challenge without an error'(world) {
    await everywhere(world, {}, unauthorized);
  },

  async 'an empty header: the same'(world) {
    for (const value of ['', ' ']) await everywhere(world, authorization(value), unauthorized);
  },

  async 'another scheme, or the bare token, counts as no token'(world) {
    const { token } = await world.logInAdministrator();
    const basic = `Basic ${Buffer.from('user:password').toString('base64')}`;
    for (const value of [token, `Token ${token}`, `JWT ${token}`, `Bearer${token}`, `Bearer: ${token}`, basic]) {
      await everywhere(world, authorization(value), unauthorized);
    }
  },

  async 'a token in the query, the body or a cookie counts as no token'(world) {
    const { token } = await world.logInAdministrator();
    for (const name of ['access_token', 'token', 'Authorization']) {
      for (const route of guarded) {
        const { form } = rightBody(route);
        const path = pathOf(route.template);
        const realm = realmOf(route);
        unauthorized(await world.send(route.method, `${path}?${name}=${token}`, { ...(form && { form }) }), realm);
        unauthorized(await world.send(route.method, path, { form: { ...form, [name]: token } }), realm);
        const headers = { Cookie: `${name}=${token}` };
        unauthorized(await world.send(route.method, path, { headers, ...(form && { form }) }), realm);
      }
    }
  },

  async 'a scheme without a token: 401 Invalid token, a challenge with invalid_token'(world) {
    for (const value of ['Bearer', 'Bearer ', 'bearer', 'BEARER   ']) {
      await everywhere(world, authorization(value), tokenInvalid);
    }
  },

  async 'a malformed token is invalid'(world) {
    const { token } = await world.register();
    const [header, payload, signature] = decode(token).parts;
    for (const value of [
      'x',
      'a.b.c',
      '..',
      `${header}.${payload}`,
      `${header}.${payload}.`,
      `.${payload}.${signature}`,
      `${header}..${signature}`,
      `${token}.`,
      `${token}.${signature}`,
      `${token} ${token}`,
      `${token}, ${token}`,
      `"${token}"`,
      `${token}x`,
      token.slice(0, -1),
      'x'.repeat(5000),
    ]) {
      await everywhere(world, authorization(`Bearer ${value}`), tokenInvalid);
    }
  },

  async 'a wrong signature is invalid'(world) {
    const { token } = await world.logInAdministrator();
    const [header, payload, signature] = decode(token).parts;
    const other = decode((await world.logInAdministrator()).token).parts[2];
    const flipped = `${signature.slice(0, 10)}${signature[10] === 'A' ? 'B' : 'A'}${signature.slice(11)}`;
    for (const wrong of [other, flipped]) {
      await everywhere(world, { token: `${header}.${payload}.${wrong}` }, tokenInvalid);
    }
  },

  async 'two Authorization lines are invalid, whatever they say'(world) {
    const { token } = await world.logInAdministrator();
    for (const lines of [
      [`Bearer ${token}`, `Bearer ${token}`],
      [`Bearer ${token}`, 'Bearer x'],
      ['Bearer x', `Bearer ${token}`],
      [`Bearer ${token}`, 'Basic eDp5'],
      ['Basic eDp5', `Bearer ${token}`],
    ]) {
      await everywhere(world, authorization(lines), tokenInvalid);
    }
  },

  async 'the scheme may be in any case'(world) {
    const { token, email } = await world.register();
    for (const scheme of ['Bearer', 'bearer', 'BEARER', 'bEaReR']) {
      const answer = await world.send('GET', '/auth/user', authorization(`${scheme} ${token}`));
      assert.equal(answer.status, 200, scheme);
      assert.deepEqual(picked(answer, ['email']), { email });
    }
  },

  'an expired token: 401 Access token expired': needing(['expireTokens'], async (world, { expireTokens }) => {
    const { token } = await world.logInAdministrator();
    assert.equal((await world.send('GET', '/auth/user', { token })).status, 200);
    await expireTokens();
    await everywhere(world, { token }, tokenExpired);
  }),

  'a token expires at exp, not before and not later': needing(['clock'], async (world, { clock }) => {
    clock.set('2026-11-22T00:24:44.000Z');
    const { token } = await world.logInAdministrator();
    clock.advance(world.target.lifetimeSeconds - 0.001);
    assert.equal((await world.send('GET', '/auth/user', { token })).status, 200);
    clock.advance(0.001);
    await everywhere(world, { token }, tokenExpired);
  }),

  async 'a logged out token: 401 Token blacklisted'(world) {
    const { token } = await world.logInAdministrator();
    assert.equal((await world.send('POST', '/auth/logout', { token })).status, 200);
    await everywhere(world, { token }, tokenBlacklisted);
    for (const scheme of ['bearer', 'BEARER']) {
      tokenBlacklisted(await world.send('GET', '/auth/user', authorization(`${scheme}   ${token}`)));
    }
  },

  async 'no other spelling of a logged out token is taken'(world) {
    const { token } = await world.logInAdministrator();
    assert.equal((await world.send('POST', '/auth/logout', { token })).status, 200);
    for (const spelling of respelt(token)) {
      await everywhere(world, { token: spelling }, (answer, realm) => {
        // Refused as malformed or as logged out: the contract has room for either.
        if (stringIn(answer, 'message').startsWith('Token')) tokenBlacklisted(answer, realm);
        else tokenInvalid(answer, realm);
      });
    }
  },

  async 'a user on the route of an administrator: 403 with insufficient_scope in the realm of administrators'(world) {
    const { token } = await world.register();
    const name = await world.addWidget();
    notAdministrator(await world.send('POST', '/widgets', { token, form: { name: newName(), ...content } }));
    notAdministrator(await world.send('PUT', `/widgets/${name}`, { token, form: content }));
    notAdministrator(await world.send('DELETE', `/widgets/${name}`, { token }));
    assert.equal((await world.send('GET', `/widgets/${name}`, { token })).status, 200, 'nothing was removed');
  },

  async 'a token of a session that was ended by another: 401 Token blacklisted'(world) {
    const { token, ...credentials } = await world.logInAdministrator();
    const { token: other } = await world.logIn(credentials);
    const sessions = fieldOf(await world.send('GET', '/auth/sessions', { token }), 'items') as {
      id: string;
      current: boolean;
    }[];
    const own = sessions.find(({ current }) => current) ?? assert.fail('no current session');
    assert.equal((await world.send('DELETE', `/auth/sessions/${own.id}`, { token: other })).status, 204);
    await everywhere(world, { token }, tokenBlacklisted);
    assert.equal((await world.send('GET', '/auth/user', { token: other })).status, 200);
  },

  'a token whose user is gone is invalid': needing(['operator'], async (world, { operator }) => {
    const { token, email } = await world.register();
    assert.equal((await world.send('GET', '/auth/user', { token })).status, 200);
    await operator.remove(email);
    await everywhere(world, { token }, tokenInvalid);
    await world.register({ email });
    await everywhere(world, { token }, tokenInvalid);
  }),

  'a token whose user is disabled is invalid': needing(['operator'], async (world, { operator }) => {
    const credentials = { email: newEmail(), password: PASSWORD };
    await operator.addUser({ ...credentials, admin: true });
    const { token } = await world.logIn(credentials);
    assert.equal((await world.send('GET', '/auth/user', { token })).status, 200);
    await operator.disable(credentials.email);
    await everywhere(world, { token }, tokenInvalid);
  }),

  'the role is read on every request: a promotion and a demotion bite without a new token': needing(
    ['operator'],
    async (world, { operator }) => {
      const { token, email } = await world.register();
      const create = () => world.send('POST', '/widgets', { token, form: { name: newName(), ...content } });
      const admin = async () => picked(await world.send('GET', '/auth/user', { token }), ['admin']);
      notAdministrator(await create());
      await operator.promote(email);
      assert.equal((await create()).status, 201);
      assert.deepEqual(await admin(), { admin: true });
      await operator.demote(email);
      notAdministrator(await create());
      assert.deepEqual(await admin(), { admin: false });
    },
  ),

  async 'the token is looked at before the fields, the media type and existence'(world) {
    const gone = newName();
    unauthorized(await world.send('POST', '/widgets'), ADMIN_REALM);
    unauthorized(await world.send('PUT', `/widgets/${gone}`), ADMIN_REALM);
    unauthorized(await world.send('PUT', '/widgets/NOT-A-NAME'), ADMIN_REALM);
    unauthorized(await world.send('DELETE', `/widgets/${gone}`), ADMIN_REALM);
    unauthorized(await world.send('GET', `/widgets/${gone}`));
    unauthorized(await world.send('GET', '/widgets?page=x'));
    const xml = { body: '<a/>', headers: { 'Content-Type': 'application/xml' } };
    unauthorized(await world.send('POST', '/widgets', xml), ADMIN_REALM);
    const broken = { body: '{', headers: { 'Content-Type': 'application/json', Authorization: 'Bearer x' } };
    tokenInvalid(await world.send('POST', '/widgets', broken), ADMIN_REALM);
  },

  async 'the role is looked at before the fields, the media type and existence'(world) {
    const { token } = await world.register();
    notAdministrator(await world.send('POST', '/widgets', { token }));
    notAdministrator(await world.send('PUT', `/widgets/${newName()}`, { token }));
    notAdministrator(await world.send('PUT', '/widgets/NOT-A-NAME', { token }));
    notAdministrator(await world.send('DELETE', `/widgets/${newName()}`, { token }));
    const headers = { 'Content-Type': 'application/xml' };
    notAdministrator(await world.send('POST', '/widgets', { token, headers, body: '<a/>' }));
  },

  async 'the fields are looked at before existence'(world) {
    const { token } = await world.logInAdministrator();
    const name = await world.addWidget();
    const fields = { info_url: MISSING, deadline: MISSING };
    refusesFields(await world.send('POST', '/widgets', { token, form: { name } }), fields);
    refusesFields(await world.send('PUT', `/widgets/${newName()}`, { token }), fields);
    const { email } = await world.register();
    refusesFields(await world.send('POST', '/auth/register', { form: { email } }), { password: MISSING });
  },

  async 'parallel requests never see the user of another'(world) {
    const users = await atOnce(4, () => world.register());
    await atOnce(80, async (index) => {
      const user = users[index % users.length] ?? assert.fail();
      const answer = await world.send('GET', '/auth/user', { token: user.token });
      assert.deepEqual(picked(answer, ['email']), { email: user.email });
    });
  },

  async 'a refused request does nothing'(world) {
    const { token } = await world.logInAdministrator();
    const { token: plain } = await world.register();
    const name = newName();
    for (const sending of [{}, { token: 'x' }, { token: plain }]) {
      await world.send('POST', '/widgets', { ...sending, form: { name, ...content } });
      await world.send('PUT', `/widgets/${name}`, { ...sending, form: content });
    }
    answers(await world.send('GET', `/widgets/${name}`, { token }), 404, { message: `${name} not found in database.` });
  },
});
