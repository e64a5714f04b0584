import assert from 'node:assert/strict';
import type { Powers } from '../support/target.ts';
import { chapter, needing } from './case.ts';
import { answers, challenges, MISSING, refusesFields, tokenBlacklisted } from './expect.ts';
import { decode } from './jwt.ts';
import { type Answer, fieldOf, type Sending, stringIn, type World, worldOf } from './world.ts';

const PATHS = ['/auth/introspect', '/auth/revoke'] as const;
const SECRET = 'c'.repeat(32);
const OTHER_SECRET = `${'d'.repeat(40)}.~_-`;
const CLIENTS = `reports:${SECRET},billing:${OTHER_SECRET},billing:${SECRET}`;

const basic = (id: string, secret: string): Sending['headers'] => ({
  Authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});

const clientRefused = (answer: Answer): void =>
  challenges(answer, 401, 'Invalid client credentials', 'Basic realm="clients@mydomain.com"');

/** A server that knows clients, and what one of them asks of it. */
async function knowing(
  another: Powers['another'],
): Promise<World & { introspect(token: string): Promise<Answer>; revoke(token: string): Promise<Answer> }> {
  const world = worldOf(await another({ CLIENTS }));
  const asClient = (path: string) => (token: string) =>
    world.send('POST', path, { headers: basic('reports', SECRET), form: { token } });
  return { ...world, introspect: asClient('/auth/introspect'), revoke: asClient('/auth/revoke') };
}

const inactive = (answer: Answer): void => answers(answer, 200, { active: false });
const isRevoked = (answer: Answer): void =>
  answers(answer, 200, { status: 'success', message: 'the token is not in force' });

export const clients = chapter('clients', {
  async 'introspect and revoke take the credentials of a client, and nobody else'(world) {
    const { token } = await world.logInAdministrator();
    for (const path of PATHS) {
      clientRefused(await world.send('POST', path, { form: { token } }));
      clientRefused(await world.send('POST', path, { form: { token }, token }));
      for (const headers of [
        basic('reports', 'x'.repeat(32)),
        basic('', ''),
        { Authorization: 'Basic' },
        { Authorization: 'Basic !' },
      ]) {
        clientRefused(await world.send('POST', path, { form: { token }, headers: headers ?? {} }));
      }
    }
  },

  'a client is known by id and secret together; one with two secrets by either': needing(
    ['another'],
    async (_, { another }) => {
      const world = await knowing(another);
      const ask = (id: string, secret: string) =>
        world.send('POST', '/auth/introspect', { headers: basic(id, secret), form: { token: 'x' } });
      for (const [id, secret] of [
        ['reports', SECRET],
        ['billing', SECRET],
        ['billing', OTHER_SECRET],
        // RFC 6749 §2.3.1: encoded as in a form.
        ['billing', OTHER_SECRET.replaceAll('~', '%7E')],
        ['%62illing', SECRET],
      ] as const) {
        inactive(await ask(id, secret));
      }
      for (const [id, secret] of [
        ['reports', OTHER_SECRET],
        ['Reports', SECRET],
        ['reports', `${SECRET}c`],
        ['reports', ''],
        ['', SECRET],
        ['nobody', SECRET],
        ['reports', `${SECRET}:`],
        ['reports', `${SECRET}%`],
        ['reports', `${SECRET}%00`],
        ['%ff', SECRET],
      ] as const) {
        clientRefused(await ask(id, secret));
      }
    },
  ),

  'a client that sends no token is told so; its hint is taken, whatever it says': needing(
    ['another'],
    async (_, { another }) => {
      const world = await knowing(another);
      const headers = basic('reports', SECRET) ?? {};
      for (const path of PATHS) {
        refusesFields(await world.send('POST', path, { headers, form: {} }), { token: MISSING });
        const form = { token: 'x', token_type_hint: 'refresh_token' };
        assert.equal((await world.send('POST', path, { headers, form })).status, 200);
      }
    },
  ),

  'introspect: of an access token its claims, and the role that the user has now': needing(
    ['another'],
    async (_, { another }) => {
      const world = await knowing(another);
      const { email, token } = await world.register();
      const { iss, aud, sub, sid, jti, iat, exp } = decode(token).payload as Readonly<Record<string, unknown>>;
      const answer = await world.introspect(token);
      const active = { active: true, token_type: 'Bearer', sub, sid, admin: false, exp, iat, jti, iss, aud };
      answers(answer, 200, active);
      assert.equal(answer.header('Cache-Control'), 'no-store');
      await world.target.powers.operator?.promote(email);
      answers(await world.introspect(token), 200, { ...active, admin: true });
    },
  ),

  'introspect: of a refresh token whose it is, while it is the newest of its session': needing(
    ['another'],
    async (_, { another }) => {
      const world = await knowing(another);
      const { token, refreshToken } = await world.register();
      const { sub, sid } = decode(token).payload as Readonly<Record<string, unknown>>;
      const first = await world.introspect(refreshToken);
      const { exp, iat, ...rest } = first.json as Readonly<Record<string, unknown>>;
      assert.deepEqual(rest, { active: true, sub, sid, admin: false });
      assert.ok(Number.isInteger(exp) && Number.isInteger(iat) && Number(exp) > Number(iat), first.text);
      const next = await world.send('POST', '/auth/refresh', { form: { refresh_token: refreshToken } });
      inactive(await world.introspect(refreshToken));
      assert.equal(fieldOf(await world.introspect(stringIn(next, 'refresh_token')), 'active'), true);
    },
  ),

  'introspect: whatever is no token in force is not active, and nothing more is told': needing(
    ['another', 'clock'],
    async (_, { another }) => {
      const world = await knowing(another);
      const operator = world.target.powers.operator;
      const both = async ({ token, refreshToken }: { readonly token: string; readonly refreshToken: string }) => {
        for (const each of [token, refreshToken]) inactive(await world.introspect(each));
      };
      for (const text of ['', 'x', 'a.b', 'a.b.c', 'x'.repeat(5000)]) inactive(await world.introspect(text));
      const loggedOut = await world.register();
      await world.send('POST', '/auth/logout', { token: loggedOut.token });
      await both(loggedOut);
      const disabled = await world.register();
      await operator?.disable(disabled.email);
      await both(disabled);
      const removed = await world.register();
      await operator?.remove(removed.email);
      await both(removed);
      const expired = await world.register();
      const { refresh_expires_in: lifetime } = (await world.send('POST', '/auth/login', { form: expired as never }))
        .json as { readonly refresh_expires_in: number };
      world.target.powers.clock?.advance(lifetime);
      await both(expired);
    },
  ),

  'revoke: an access token alone; its session goes on': needing(['another'], async (_, { another }) => {
    const world = await knowing(another);
    const { token, refreshToken } = await world.register();
    isRevoked(await world.revoke(token));
    tokenBlacklisted(await world.send('GET', '/auth/user', { token }));
    inactive(await world.introspect(token));
    const next = await world.send('POST', '/auth/refresh', { form: { refresh_token: refreshToken } });
    assert.equal(next.status, 200, next.text);
    assert.equal((await world.send('GET', '/auth/user', { token: stringIn(next, 'access_token') })).status, 200);
  }),

  'revoke: a refresh token, the newest or a spent one, with its session and all that came of it': needing(
    ['another'],
    async (_, { another }) => {
      const world = await knowing(another);
      for (const newest of [true, false]) {
        const { token, refreshToken } = await world.register();
        const next = await world.send('POST', '/auth/refresh', { form: { refresh_token: refreshToken } });
        isRevoked(await world.revoke(newest ? stringIn(next, 'refresh_token') : refreshToken));
        for (const each of [token, stringIn(next, 'access_token')]) {
          tokenBlacklisted(await world.send('GET', '/auth/user', { token: each }));
        }
        const again = { form: { refresh_token: stringIn(next, 'refresh_token') } };
        assert.equal((await world.send('POST', '/auth/refresh', again)).status, 401);
      }
    },
  ),

  'revoke: what is out of force already, or no token, is answered alike': needing(
    ['another'],
    async (_, { another }) => {
      const world = await knowing(another);
      const { token, refreshToken } = await world.register();
      for (const text of ['', 'x', 'a.b.c', token, token, refreshToken, refreshToken, token]) {
        isRevoked(await world.revoke(text));
      }
    },
  ),
});
