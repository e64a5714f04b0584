import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Powers } from '../support/target.ts';
import { chapter, needing } from './case.ts';
import { answers, atOnce, MISSING, refusesFields, tokenBlacklisted } from './expect.ts';
import { type Answer, fieldOf, newEmail, PASSWORD, type World } from './world.ts';

const NEW_PASSWORD = 'another passphrase for the contract';
const REQUESTS = ['/auth/verify-email/request', '/auth/password/forgot'] as const;
const NOT_SENT = 'This is not what was sent, or not any more: ask for another mail';

const accepted = (answer: Answer): void =>
  answers(answer, 202, {
    status: 'success',
    message: 'if this address is registered, a mail is on its way',
  });

const request = (world: World, path: string, email: string): Promise<Answer> =>
  world.send('POST', path, { form: { email } });

/** What came with the next mail to this address that the server sends. */
async function mailed(world: World, { mailsTo }: Pick<Powers, 'mailsTo'>, path: string, email: string) {
  const before = (await mailsTo(email)).length;
  accepted(await request(world, path, email));
  for (;;) {
    const mails = await mailsTo(email);
    const [, token] = /^ {4}([0-9a-f]{64})$/m.exec(mails[before] ?? '') ?? [];
    if (token !== undefined) return token;
    assert.ok(mails.length <= before, mails.at(-1));
    await delay(5);
  }
}

const verify = (world: World, token: string): Promise<Answer> =>
  world.send('POST', '/auth/verify-email', { form: { token } });
const reset = (world: World, token: string, newPassword = NEW_PASSWORD): Promise<Answer> =>
  world.send('POST', '/auth/password/reset', { form: { token, new_password: newPassword } });

/** As administrators see it. */
async function isVerified(world: World, email: string): Promise<unknown> {
  const { token } = await world.logInAdministrator();
  const answer = await world.send('GET', `/users?email=${encodeURIComponent(email)}`, { token });
  const [user] = fieldOf(answer, 'items') as readonly { readonly email_verified: unknown }[];
  return user?.email_verified;
}

export const mail = chapter('mail', {
  async 'verify-email/request and password/forgot answer 202 alike for an address that is known and one that is not'(
    world,
  ) {
    const { email } = await world.register();
    for (const path of REQUESTS) {
      const known = await request(world, path, email);
      const unknown = await request(world, path, newEmail());
      for (const answer of [known, unknown]) accepted(answer);
      const shape = ({ rawHeaders }: Answer) => rawHeaders.filter((_, n) => n % 2 === 0);
      assert.deepEqual(shape(known), shape(unknown));
    }
  },

  async 'they refuse what is no address, and a body without one'(world) {
    for (const path of REQUESTS) {
      refusesFields(await world.send('POST', path, { form: {} }), { email: MISSING });
      refusesFields(await request(world, path, 'nobody'), { email: 'nobody is not a valid email' });
    }
  },

  async 'verify-email and password/reset refuse what was never sent, and name every wrong field'(world) {
    for (const token of ['', 'x', '0'.repeat(64)]) {
      refusesFields(await verify(world, token), { token: NOT_SENT });
      refusesFields(await reset(world, token), { token: NOT_SENT });
    }
    refusesFields(await world.send('POST', '/auth/verify-email', { form: {} }), { token: MISSING });
    refusesFields(await world.send('POST', '/auth/password/reset', { form: { new_password: 'short' } }), {
      token: MISSING,
      new_password: undefined,
    });
  },

  'verify-email: what came by mail verifies the address, once, and administrators see it': needing(
    ['mailsTo'],
    async (world, powers) => {
      const { email } = await world.register();
      assert.equal(await isVerified(world, email), false);
      const token = await mailed(world, powers, '/auth/verify-email/request', email);
      answers(await verify(world, token), 200, { status: 'success', message: 'the address is verified' });
      assert.equal(await isVerified(world, email), true);
      refusesFields(await verify(world, token), { token: NOT_SENT });
    },
  ),

  'password/reset: sets the password, ends all sessions, and works once': needing(
    ['mailsTo'],
    async (world, powers) => {
      const { email, token: access, refreshToken } = await world.register();
      const token = await mailed(world, powers, '/auth/password/forgot', email);
      const done = await reset(world, token);
      answers(done, 200, { status: 'success', message: 'password set; all sessions have ended' });
      tokenBlacklisted(await world.send('GET', '/auth/user', { token: access }));
      const refresh = { form: { refresh_token: refreshToken } };
      assert.equal((await world.send('POST', '/auth/refresh', refresh)).status, 401);
      assert.equal((await world.send('POST', '/auth/login', { form: { email, password: PASSWORD } })).status, 401);
      await world.logIn({ email, password: NEW_PASSWORD });
      refusesFields(await reset(world, token), { token: NOT_SENT });
    },
  ),

  'password/reset: a password that is refused uses nothing up': needing(['mailsTo'], async (world, powers) => {
    const { email } = await world.register();
    const token = await mailed(world, powers, '/auth/password/forgot', email);
    refusesFields(await reset(world, token, 'short'), { new_password: undefined });
    refusesFields(await reset(world, token, email.toUpperCase()), {
      new_password: 'The password must not be the email',
    });
    assert.equal((await reset(world, token)).status, 200);
  }),

  'of 20 resets with one token at once exactly one succeeds': needing(['mailsTo'], async (world, powers) => {
    const { email } = await world.register();
    const token = await mailed(world, powers, '/auth/password/forgot', email);
    const answered = await atOnce(20, (n) => reset(world, token, `${NEW_PASSWORD} ${n}`));
    const won = answered.flatMap(({ status }, n) => (status === 200 ? [n] : []));
    assert.equal(won.length, 1);
    await world.logIn({ email, password: `${NEW_PASSWORD} ${won[0]}` });
  }),

  'each mail for a purpose counts until one is used, and none for another one': needing(
    ['mailsTo'],
    async (world, powers) => {
      const { email } = await world.register();
      const older = await mailed(world, powers, '/auth/password/forgot', email);
      const newer = await mailed(world, powers, '/auth/password/forgot', email);
      const verification = await mailed(world, powers, '/auth/verify-email/request', email);
      refusesFields(await reset(world, verification), { token: NOT_SENT });
      refusesFields(await verify(world, newer), { token: NOT_SENT });
      // First, since another password makes every mail void that was sent before.
      assert.equal((await verify(world, verification)).status, 200);
      assert.equal((await reset(world, older)).status, 200);
      refusesFields(await reset(world, newer), { token: NOT_SENT });
    },
  ),

  'what was sent is over after its lifetime, with another password, and with the account': needing(
    ['mailsTo', 'clock'],
    async (world, powers) => {
      const late = await world.register();
      const token = await mailed(world, powers, '/auth/password/forgot', late.email);
      powers.clock.advance(3600);
      refusesFields(await reset(world, token), { token: NOT_SENT });

      const changed = await world.register();
      const superseded = await mailed(world, powers, '/auth/password/forgot', changed.email);
      const passwords = { old_password: PASSWORD, new_password: NEW_PASSWORD };
      const put = await world.send('PUT', '/auth/password', { token: changed.token, form: passwords });
      assert.equal(put.status, 200, put.text);
      refusesFields(await reset(world, superseded), { token: NOT_SENT });

      const gone = await world.register();
      const orphan = await mailed(world, powers, '/auth/verify-email/request', gone.email);
      await world.send('DELETE', '/auth/user', { token: gone.token, form: { password: PASSWORD } });
      refusesFields(await verify(world, orphan), { token: NOT_SENT });
    },
  ),

  'no mail goes to who is disabled, to nobody, or to verify what is verified': needing(
    ['mailsTo', 'operator'],
    async (world, powers) => {
      const disabled = await world.register();
      await powers.operator.disable(disabled.email);
      const verified = await world.register();
      await verify(world, await mailed(world, powers, '/auth/verify-email/request', verified.email));
      const nobody = newEmail();
      for (const email of [disabled.email, nobody]) {
        for (const path of REQUESTS) accepted(await request(world, path, email));
      }
      accepted(await request(world, '/auth/verify-email/request', verified.email));
      await mailed(world, powers, '/auth/password/forgot', verified.email);
      // Each begins within a second.
      await delay(1100);
      assert.deepEqual(await powers.mailsTo(disabled.email), []);
      assert.deepEqual(await powers.mailsTo(nobody), []);
      assert.equal((await powers.mailsTo(verified.email)).length, 2);
    },
  ),

  'requests for the mail of somebody else leave the mail good that they have, and send few': needing(
    ['mailsTo'],
    async (world, powers) => {
      const { email } = await world.register();
      const others = await Promise.all(Array.from({ length: 20 }, () => world.register()));
      const own = await mailed(world, powers, '/auth/password/forgot', email);
      for (const answer of await atOnce(100, () => request(world, '/auth/password/forgot', email))) accepted(answer);
      // While these are waited for, the one client that repeats itself refuses nobody.
      await Promise.all(others.map((other) => mailed(world, powers, '/auth/password/forgot', other.email)));
      assert.ok((await powers.mailsTo(email)).length <= 5);
      assert.equal((await reset(world, own)).status, 200);
    },
  ),

  'a mail says what it is for, for how long, and has its secret in no address': needing(
    ['mailsTo'],
    async (world, powers) => {
      const { email } = await world.register();
      const token = await mailed(world, powers, '/auth/password/forgot', email);
      const [text = ''] = await powers.mailsTo(email);
      assert.match(text, /Subject: Set another password/);
      assert.match(text, /within 1 hour/);
      assert.doesNotMatch(text, /https?:/);
      assert.equal(text.split(token).length, 2);
    },
  ),
});
