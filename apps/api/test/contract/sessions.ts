import assert from 'node:assert/strict';
import { chapter, needing } from './case.ts';
import { sameUntilChanged, tagOf } from './entity-tags.ts';
import {
  answers,
  atOnce,
  challenges,
  MISSING,
  picked,
  refusesFields,
  tally,
  tokenBlacklisted,
  tokenInvalid,
  USER_REALM,
} from './expect.ts';
import { decode } from './jwt.ts';
import { type Answer, fieldOf, newEmail, PASSWORD, stringIn, type World } from './world.ts';

const REFUSED = 'Invalid refresh token. Please log in again.';
const NEW_PASSWORD = 'another passphrase for the contract';

function refreshRefused(answer: Answer): void {
  const challenge = `Bearer realm="${USER_REALM}", error="invalid_token", error_description="${REFUSED}"`;
  challenges(answer, 401, REFUSED, challenge);
}

const refresh = (world: World, refreshToken: string): Promise<Answer> =>
  world.send('POST', '/auth/refresh', { form: { refresh_token: refreshToken } });

async function refreshed(world: World, refreshToken: string) {
  const answer = await refresh(world, refreshToken);
  assert.equal(answer.status, 200, answer.text);
  return { token: stringIn(answer, 'access_token'), refreshToken: stringIn(answer, 'refresh_token') };
}

interface ShownSession {
  readonly id: string;
  readonly created_at: string;
  readonly last_used_at: string;
  readonly user_agent: string | null;
  readonly current: boolean;
}

const sessionsOf = async (world: World, token: string): Promise<readonly ShownSession[]> =>
  fieldOf(await world.send('GET', '/auth/sessions', { token }), 'items') as ShownSession[];

const passwordForm = (oldPassword: string, newPassword: string) => ({
  form: { old_password: oldPassword, new_password: newPassword },
});

export const sessions = chapter('sessions', {
  async 'GET /auth/sessions: an entity tag, which differs after a login, and 304 for whoever has it'(world) {
    const user = await world.register();
    const alone = await sameUntilChanged(world, '/auth/sessions', user.token);
    await world.logIn(user);
    assert.notEqual(await tagOf(world, '/auth/sessions', user.token), alone);
  },

  'sessions: an entity tag, which differs after a refresh, and 304; DELETE honours If-Match, or 412': needing(
    ['clock'],
    async (world, { clock }) => {
      const user = await world.register();
      const other = await world.logIn(user);
      const items = async () =>
        fieldOf(await world.send('GET', '/auth/sessions', { token: user.token }), 'items') as readonly {
          id: string;
          current: boolean;
        }[];
      const { id } = (await items()).find(({ current }) => !current) ?? assert.fail();
      const path = `/auth/sessions/${id}`;
      const seen = await sameUntilChanged(world, path, user.token);
      const list = await sameUntilChanged(world, '/auth/sessions', user.token);
      assert.notEqual(await tagOf(world, path, other.token), seen);
      clock.advance(1);
      const form = { refresh_token: other.refreshToken };
      assert.equal((await world.send('POST', '/auth/refresh', { form })).status, 200);
      const next = await tagOf(world, path, user.token);
      assert.notEqual(next, seen);
      assert.notEqual(await tagOf(world, '/auth/sessions', user.token), list);
      const end = (headers: Readonly<Record<string, string>>, target = path) =>
        world.send('DELETE', target, { token: user.token, headers });
      for (const headers of [{ 'If-Match': seen }, { 'If-Match': `W/${next}` }, { 'If-None-Match': '*' }] as const) {
        assert.equal((await end(headers)).status, 412);
      }
      assert.equal((await end({ 'If-Match': 'x' })).status, 400);
      assert.equal((await end({ 'If-Match': '*' }, '/auth/sessions/00000000-0000-4000-8000-000000000000')).status, 404);
      assert.equal((await end({ 'If-Match': next })).status, 204);
      assert.equal((await end({ 'If-Match': next })).status, 404);
      assert.equal((await world.send('GET', path, { token: user.token })).status, 404);
    },
  ),

  async 'register and login answer a refresh token beside the access token, and how long it is good for'(world) {
    const form = { email: newEmail(), password: PASSWORD };
    for (const path of ['/auth/register', '/auth/login']) {
      const answer = await world.send('POST', path, { form });
      assert.match(stringIn(answer, 'refresh_token'), /^[\w.-]{43,400}$/);
      assert.ok(Number.isInteger(fieldOf(answer, 'refresh_expires_in')));
      assert.equal(answer.header('Cache-Control'), 'no-store');
    }
  },

  async 'POST /auth/refresh answers a new pair of the same session, by form and by JSON, and no-store'(world) {
    const { email, token, refreshToken } = await world.register();
    const answer = await world.send('POST', '/auth/refresh', { json: { refresh_token: refreshToken } });
    assert.deepEqual(picked(answer, ['status', 'message', 'token_type']), {
      status: 'success',
      message: 'successfully refreshed',
      token_type: 'bearer',
    });
    assert.equal(answer.header('Cache-Control'), 'no-store');
    assert.equal(answer.header('Pragma'), 'no-cache');
    const next = stringIn(answer, 'access_token');
    assert.notEqual(next, token);
    assert.equal(decode(next).payload.sid, decode(token).payload.sid);
    assert.notEqual(decode(next).payload.jti, decode(token).payload.jti);
    assert.deepEqual(picked(await world.send('GET', '/auth/user', { token: next }), ['email']), { email });
    await refreshed(world, stringIn(answer, 'refresh_token'));
  },

  async 'what is no refresh token of ours is refused: 401'(world) {
    const { token, refreshToken } = await world.register();
    const flipped = `${refreshToken.slice(0, -1)}${refreshToken.endsWith('A') ? 'B' : 'A'}`;
    for (const text of ['x', '.', '', token, flipped, `${refreshToken}x`, ` ${refreshToken}`, 'x'.repeat(5000)]) {
      refreshRefused(await refresh(world, text));
    }
    refusesFields(await world.send('POST', '/auth/refresh'), { refresh_token: MISSING });
    await refreshed(world, refreshToken);
  },

  async 'a refresh token is no access token'(world) {
    const { refreshToken } = await world.register();
    tokenInvalid(await world.send('GET', '/auth/user', { token: refreshToken }));
  },

  async '40 refreshes at once with one token answer one and the same next token'(world) {
    const { refreshToken } = await world.register();
    const answered = await atOnce(40, () => refresh(world, refreshToken));
    assert.deepEqual(tally(answered), { 200: 40 });
    assert.equal(new Set(answered.map((answer) => stringIn(answer, 'refresh_token'))).size, 1);
    for (const answer of answered) {
      const shown = await world.send('GET', '/auth/user', { token: stringIn(answer, 'access_token') });
      assert.equal(shown.status, 200);
    }
  },

  async 'a token two generations old ends the session, its newest pair included'(world) {
    const { token, refreshToken, ...credentials } = await world.register();
    const other = await world.logIn(credentials);
    const second = await refreshed(world, refreshToken);
    const third = await refreshed(world, second.refreshToken);
    refreshRefused(await refresh(world, refreshToken));
    refreshRefused(await refresh(world, third.refreshToken));
    for (const each of [token, second.token, third.token]) {
      tokenBlacklisted(await world.send('GET', '/auth/user', { token: each }));
    }
    assert.equal((await world.send('GET', '/auth/user', { token: other.token })).status, 200, 'the others stay');
  },

  'a spent token after the grace ends the session': needing(['clock'], async (world, { clock }) => {
    clock.set('2026-11-22T00:24:44.000Z');
    const { refreshToken } = await world.register();
    const second = await refreshed(world, refreshToken);
    clock.advance(9.999);
    assert.equal((await refreshed(world, refreshToken)).refreshToken, second.refreshToken);
    clock.advance(0.001);
    refreshRefused(await refresh(world, refreshToken));
    refreshRefused(await refresh(world, second.refreshToken));
    tokenBlacklisted(await world.send('GET', '/auth/user', { token: second.token }));
  }),

  async 'GET /auth/sessions lists the own sessions and marks the current one'(world) {
    const { token, ...credentials } = await world.register();
    const form = { email: credentials.email, password: credentials.password };
    const headers = { 'User-Agent': 'A phone/1.0' };
    const phone = stringIn(await world.send('POST', '/auth/login', { form, headers }), 'access_token');
    await world.register();
    // Of sessions that began in the same millisecond either may come first.
    const listed = [...(await sessionsOf(world, phone))].sort(
      (one, other) => Number(one.current) - Number(other.current),
    );
    assert.deepEqual(
      listed.map(({ user_agent, current }) => ({ user_agent, current })),
      [
        { user_agent: null, current: false },
        { user_agent: 'A phone/1.0', current: true },
      ],
    );
    for (const session of listed) {
      assert.deepEqual(Object.keys(session), ['id', 'created_at', 'last_used_at', 'user_agent', 'current']);
      assert.match(session.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
    }
    assert.equal(decode(phone).payload.sid, listed[1]?.id);
    const own = (await sessionsOf(world, token)).find(({ current }) => current);
    assert.equal(own?.id, decode(token).payload.sid);
  },

  async 'DELETE /auth/sessions/{id} ends one session of the own, once: 204, then 404'(world) {
    const { token, ...credentials } = await world.register();
    const other = await world.logIn(credentials);
    const { token: stranger } = await world.register();
    const id = String(decode(other.token).payload.sid);
    const missing = { message: 'Session not found' };
    answers(await world.send('DELETE', `/auth/sessions/${id}`, { token: stranger }), 404, missing);
    const ended = await world.send('DELETE', `/auth/sessions/${id}`, { token });
    assert.deepEqual([ended.status, ended.text], [204, '']);
    answers(await world.send('DELETE', `/auth/sessions/${id}`, { token }), 404, missing);
    answers(await world.send('DELETE', '/auth/sessions/no-id', { token }), 404, missing);
    tokenBlacklisted(await world.send('GET', '/auth/user', { token: other.token }));
    refreshRefused(await refresh(world, other.refreshToken));
    assert.equal((await world.send('GET', '/auth/user', { token })).status, 200);
  },

  async 'POST /auth/logout ends the session of the token: its other tokens, too, and no other session'(world) {
    const { token, refreshToken, ...credentials } = await world.register();
    const other = await world.logIn(credentials);
    const next = await refreshed(world, refreshToken);
    assert.equal((await world.send('POST', '/auth/logout', { token })).status, 200);
    tokenBlacklisted(await world.send('GET', '/auth/user', { token: next.token }));
    refreshRefused(await refresh(world, next.refreshToken));
    assert.equal((await world.send('GET', '/auth/user', { token: other.token })).status, 200);
  },

  async 'POST /auth/logout-all ends every session of the user and of nobody else'(world) {
    const { token, refreshToken, ...credentials } = await world.register();
    const other = await world.logIn(credentials);
    const stranger = await world.register();
    answers(await world.send('POST', '/auth/logout-all', { token }), 200, {
      status: 'success',
      message: 'successfully logged out everywhere',
    });
    for (const each of [token, other.token]) tokenBlacklisted(await world.send('GET', '/auth/user', { token: each }));
    for (const each of [refreshToken, other.refreshToken]) refreshRefused(await refresh(world, each));
    assert.equal((await world.send('GET', '/auth/user', { token: stranger.token })).status, 200);
  },
});

export const ownAccount = chapter('the own account', {
  async 'PUT /auth/password sets the password and ends all sessions but this one'(world) {
    const { token, refreshToken, email } = await world.register();
    const other = await world.logIn({ email, password: PASSWORD });
    answers(await world.send('PUT', '/auth/password', { token, ...passwordForm(PASSWORD, NEW_PASSWORD) }), 200, {
      status: 'success',
      message: 'password changed; all other sessions have ended',
    });
    tokenBlacklisted(await world.send('GET', '/auth/user', { token: other.token }));
    refreshRefused(await refresh(world, other.refreshToken));
    assert.equal((await world.send('GET', '/auth/user', { token })).status, 200);
    await refreshed(world, refreshToken);
    const old = await world.send('POST', '/auth/login', { form: { email, password: PASSWORD } });
    assert.equal(old.status, 401);
    await world.logIn({ email, password: NEW_PASSWORD });
  },

  async 'PUT /auth/password with a wrong old password: 403, and nothing changes'(world) {
    const { token, ...credentials } = await world.register();
    const refused = await world.send('PUT', '/auth/password', { token, ...passwordForm('a guess', NEW_PASSWORD) });
    answers(refused, 403, { status: 'fail', message: 'The password does not match' });
    assert.equal(refused.header('WWW-Authenticate'), undefined);
    await world.logIn(credentials);
  },

  async 'PUT /auth/password names every wrong field, the email as a new password among them'(world) {
    const { token, email } = await world.register();
    refusesFields(await world.send('PUT', '/auth/password', { token }), {
      old_password: MISSING,
      new_password: MISSING,
    });
    refusesFields(await world.send('PUT', '/auth/password', { token, ...passwordForm('', 'short') }), {
      old_password: 'The password is empty',
      new_password: 'The password must have at least 8 characters',
    });
    const byEmail = await world.send('PUT', '/auth/password', {
      token,
      ...passwordForm(PASSWORD, email.toUpperCase()),
    });
    refusesFields(byEmail, { new_password: 'The password must not be the email' });
  },

  async 'logins with the old password that are under way while it is changed do not survive it'(world) {
    const { token, email } = await world.register();
    const [changed, ...logins] = await Promise.all([
      world.send('PUT', '/auth/password', { token, ...passwordForm(PASSWORD, NEW_PASSWORD) }),
      ...Array.from({ length: 10 }, () => world.send('POST', '/auth/login', { form: { email, password: PASSWORD } })),
    ]);
    assert.equal(changed.status, 200, changed.text);
    for (const login of logins) {
      if (login.status === 401) continue;
      assert.equal(login.status, 200);
      tokenBlacklisted(await world.send('GET', '/auth/user', { token: stringIn(login, 'access_token') }));
    }
  },

  async 'DELETE /auth/user removes the user with all sessions: 204; the email is free again'(world) {
    const { token, refreshToken, email } = await world.register();
    const other = await world.logIn({ email, password: PASSWORD });
    answers(await world.send('DELETE', '/auth/user', { token, form: { password: 'a guess' } }), 403, {
      status: 'fail',
      message: 'The password does not match',
    });
    refusesFields(await world.send('DELETE', '/auth/user', { token }), { password: MISSING });
    const removed = await world.send('DELETE', '/auth/user', { token, json: { password: PASSWORD } });
    assert.deepEqual([removed.status, removed.text], [204, '']);
    for (const each of [token, other.token]) tokenInvalid(await world.send('GET', '/auth/user', { token: each }));
    refreshRefused(await refresh(world, refreshToken));
    const again = await world.register({ email });
    assert.equal((await sessionsOf(world, again.token)).length, 1);
  },
});
