import assert from 'node:assert/strict';
import { chapter, needing } from './case.ts';
import { ADMIN_REALM, picked, tokenBlacklisted, tokenExpired, tokenInvalid } from './expect.ts';
import { decode, encode, sign } from './jwt.ts';
import { content, newEmail, newName, PASSWORD, stringIn, worldOf } from './world.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const tokenIn = (answer: Parameters<typeof stringIn>[0]) => stringIn(answer, 'access_token');

export const token = chapter('token', {
  async 'the header has alg HS256, typ at+jwt and a kid'(world) {
    const { header } = decode((await world.register()).token);
    const { kid, ...rest } = header;
    assert.deepEqual(rest, { alg: 'HS256', typ: 'at+jwt' });
    assert.ok(typeof kid === 'string' && kid !== '', `kid is ${kid}`);
  },

  async 'the claims: sub is the public_id, a random UUID; iat and exp whole seconds, the lifetime apart'(world) {
    const before = Date.now();
    const answer = await world.send('POST', '/auth/register', { form: { email: newEmail(), password: PASSWORD } });
    const { payload } = decode(tokenIn(answer));
    const user = await world.send('GET', '/auth/user', { token: tokenIn(answer) });
    assert.equal(payload.sub, stringIn(user, 'public_id'));
    assert.match(String(payload.sub), UUID);
    assert.ok(Number.isInteger(payload.iat) && Number.isInteger(payload.exp), JSON.stringify(payload));
    assert.equal(Number(payload.exp) - Number(payload.iat), world.target.lifetimeSeconds);
    assert.deepEqual(picked(answer, ['expires_in']), { expires_in: world.target.lifetimeSeconds });
    const now = world.target.powers.clock?.now() ?? before;
    assert.ok(Math.abs(Number(payload.iat) - now / 1000) < 60, 'iat is now');
  },

  async 'the claims jti and sid are unique ids; iss and aud name us'(world) {
    const { email, password, token } = await world.register();
    const first = decode(token).payload;
    const second = decode((await world.logIn({ email, password })).token).payload;
    for (const { jti, sid, iss, aud } of [first, second]) {
      assert.match(String(jti), UUID);
      assert.match(String(sid), UUID);
      assert.ok(typeof iss === 'string' && iss !== '', `iss is ${iss}`);
      assert.ok(typeof aud === 'string' && aud !== '', `aud is ${aud}`);
    }
    assert.notEqual(first.jti, second.jti);
    assert.notEqual(first.sid, second.sid);
    assert.deepEqual([first.iss, first.aud, first.sub], [second.iss, second.aud, second.sub]);
  },

  async 'the claim admin is the role at issue time'(world) {
    assert.equal(decode((await world.register()).token).payload.admin, false);
    assert.equal(decode((await world.logInAdministrator()).token).payload.admin, true);
  },

  async 'two logins within one second are two tokens, and logging out one leaves the other'(world) {
    const { email, password } = await world.register();
    const [one, two] = await Promise.all([world.logIn({ email, password }), world.logIn({ email, password })]);
    assert.notEqual(one.token, two.token);
    assert.equal((await world.send('POST', '/auth/logout', { token: one.token })).status, 200);
    tokenBlacklisted(await world.send('GET', '/auth/user', { token: one.token }));
    assert.equal((await world.send('GET', '/auth/user', { token: two.token })).status, 200);
  },

  async 'a login right after a logout is not born blacklisted'(world) {
    const { email, password, token } = await world.register();
    assert.equal((await world.send('POST', '/auth/logout', { token })).status, 200);
    const next = await world.logIn({ email, password });
    assert.equal((await world.send('GET', '/auth/user', { token: next.token })).status, 200);
  },

  async 'a payload changed to admin is an invalid token'(world) {
    const { token } = await world.register();
    const { payload, parts } = decode(token);
    const changed = `${parts[0]}.${encode({ ...payload, admin: true })}.${parts[2]}`;
    tokenInvalid(await world.send('GET', '/auth/user', { token: changed }));
    const form = { name: newName(), ...content };
    tokenInvalid(await world.send('POST', '/widgets', { token: changed, form }), ADMIN_REALM);
  },

  async 'an unsigned token, and one signed by someone else, is invalid'(world) {
    const { header, payload } = decode((await world.register()).token);
    for (const alg of ['none', 'None', 'NONE', 'HS256', 'HS384', 'HS512']) {
      for (const secret of ['', 'x'.repeat(32), String(header.kid)]) {
        const forged = sign({ ...header, alg }, payload, secret || '\0');
        tokenInvalid(await world.send('GET', '/auth/user', { token: forged }));
      }
    }
  },

  'with the right key, a wrong algorithm or header is an invalid token': needing(
    ['signingSecret'],
    async (world, { signingSecret }) => {
      const { header, payload } = decode((await world.register()).token);
      const answerTo = (changed: Readonly<Record<string, unknown>>) =>
        world.send('GET', '/auth/user', { token: sign(changed, payload, signingSecret) });
      assert.equal((await answerTo(header)).status, 200, 'what is made here is taken where nothing is wrong with it');
      const { kid, typ, alg } = header;
      for (const changed of [
        { ...header, alg: 'HS384' },
        { ...header, alg: 'HS512' },
        { ...header, alg: 'none' },
        { ...header, typ: 'JWT' },
        { alg, kid },
        { ...header, kid: `${kid}x` },
        { alg, typ },
        { ...header, crit: ['exp'] },
      ]) {
        tokenInvalid(await answerTo(changed));
      }
    },
  ),

  'with the right key, a missing or wrong claim is an invalid token': needing(
    ['signingSecret'],
    async (world, { signingSecret }) => {
      const { header, payload } = decode((await world.register()).token);
      const answerTo = (claims: unknown) =>
        world.send('GET', '/auth/user', { token: sign(header, claims, signingSecret) });
      assert.equal((await answerTo(payload)).status, 200, 'what is made here is taken where nothing is wrong with it');
      for (const claim of ['iat', 'exp', 'sub', 'jti', 'iss', 'aud', 'sid']) {
        tokenInvalid(await answerTo(Object.fromEntries(Object.entries(payload).filter(([name]) => name !== claim))));
      }
      for (const wrong of [
        { iss: 'someone-else' },
        { aud: 'something-else' },
        { sub: 'no uuid' },
        { sub: '00000000-0000-4000-8000-000000000000' },
        { exp: String(payload.exp) },
        { iat: Number(payload.iat) + 3600, exp: Number(payload.exp) + 3600 },
      ]) {
        tokenInvalid(await answerTo({ ...payload, ...wrong }));
      }
      tokenExpired(await answerTo({ ...payload, iat: Number(payload.iat) - 9999, exp: Number(payload.iat) }));
    },
  ),

  'the claim admin alone gives nobody a right, not even under the right key': needing(
    ['signingSecret'],
    async (world, { signingSecret }) => {
      const { header, payload } = decode((await world.register()).token);
      const forged = sign(header, { ...payload, admin: true }, signingSecret);
      assert.equal((await world.send('GET', '/auth/user', { token: forged })).status, 200);
      const form = { name: newName(), ...content };
      assert.equal((await world.send('POST', '/widgets', { token: forged, form })).status, 403);
    },
  ),

  'the lifetime is 15 min in development, 5 s in testing, 1 h in production': needing(
    ['another'],
    async (_world, { another }) => {
      for (const [environment, seconds] of [
        ['development', 900],
        ['testing', 5],
        ['production', 3600],
      ] as const) {
        const world = worldOf(await another({ APP_ENV: environment }));
        const credentials = { email: newEmail(), password: PASSWORD };
        for (const path of ['/auth/register', '/auth/login']) {
          const answer = await world.send('POST', path, { form: credentials });
          assert.deepEqual(picked(answer, ['expires_in']), { expires_in: seconds }, environment);
          const { iat, exp } = decode(tokenIn(answer)).payload;
          assert.equal(Number(exp) - Number(iat), seconds, environment);
        }
      }
    },
  ),
});
