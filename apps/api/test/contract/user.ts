import assert from 'node:assert/strict';
import { chapter, needing } from './case.ts';
import { answers, atOnce, isJson, picked, tally, tokenBlacklisted, tokenExpired } from './expect.ts';
import { decode } from './jwt.ts';
import { type Answer, fieldOf, stringIn, worldOf } from './world.ts';

const FIELDS = ['email', 'public_id', 'admin', 'registered_on', 'token_expires_in'];
const LOGGED_OUT = { status: 'success', message: 'successfully logged out' };
const DISPLAY_DATE = /^\d\d\/\d\d\/\d\d \d\d:\d\d:\d\d (?:AM|PM) UTC$/;

const expiresIn = (answer: Answer): string => stringIn(answer, 'token_expires_in');

/** What is left of a lifetime, given in seconds, and how it is shown. */
const SHORT_SPANS: readonly (readonly [secondsLeft: number, shown: string])[] = [
  [900, '00:15:00'],
  [899.999, '00:14:59'],
  [899, '00:14:59'],
  [600.001, '00:10:00'],
  // The seconds are 00 here, and a second or more remains.
  [600, '00:10:00'],
  [60, '00:01:00'],
  [59.999, '00:00:59'],
  [1.999, '00:00:01'],
  [1, '00:00:01'],
  [0.999, '00:00:00.999000'],
  [0.25, '00:00:00.250000'],
  [0.001, '00:00:00.001000'],
];

const DAY = 86_400;
const LONG_SPANS: readonly (readonly [secondsLeft: number, shown: string])[] = [
  [12 * DAY, '12 days, 00:00:00'],
  [2 * DAY + 3 * 3600 + 4 * 60 + 5, '2 days, 03:04:05'],
  [2 * DAY, '2 days, 00:00:00'],
  [2 * DAY - 1, '1 day, 23:59:59'],
  [DAY, '1 day, 00:00:00'],
  [DAY - 0.001, '23:59:59'],
  [12 * 3600, '12:00:00'],
  [3600, '01:00:00'],
];

export const user = chapter('current user and logout', {
  async 'GET /auth/user: 200 with email, public_id, admin, registered_on and token_expires_in'(world) {
    const { token, email } = await world.register();
    const answer = await world.send('GET', '/auth/user', { token });
    assert.equal(answer.status, 200, answer.text);
    isJson(answer);
    const { registered_on, token_expires_in, ...rest } = picked(answer, FIELDS);
    assert.deepEqual(rest, { email, public_id: decode(token).payload.sub, admin: false });
    assert.match(String(registered_on), DISPLAY_DATE);
    assert.match(String(token_expires_in), /^(?:\d+ days?, )?\d\d:\d\d:\d\d(?:\.\d{6})?$/);
  },

  async 'admin is true for an administrator'(world) {
    const { token, email } = await world.logInAdministrator();
    assert.deepEqual(picked(await world.send('GET', '/auth/user', { token }), ['email', 'admin']), {
      email,
      admin: true,
    });
  },

  'registered_on is a display date in UTC on the twelve-hour clock': needing(['clock'], async (world, { clock }) => {
    for (const [at, shown] of [
      ['2019-08-01T22:34:41Z', '08/01/19 10:34:41 PM UTC'],
      ['2026-11-22T00:24:44.999Z', '11/22/26 12:24:44 AM UTC'],
      ['2026-11-22T12:00:00Z', '11/22/26 12:00:00 PM UTC'],
      ['2026-11-22T11:59:59.999Z', '11/22/26 11:59:59 AM UTC'],
      ['2026-01-02T13:05:09Z', '01/02/26 01:05:09 PM UTC'],
      ['2026-12-31T23:59:59Z', '12/31/26 11:59:59 PM UTC'],
      ['2105-03-04T00:00:00Z', '03/04/05 12:00:00 AM UTC'],
    ] as const) {
      clock.set(at);
      const { token } = await world.register();
      assert.equal(stringIn(await world.send('GET', '/auth/user', { token }), 'registered_on'), shown);
    }
  }),

  'registered_on is when the user was registered, not when the token was issued': needing(
    ['clock'],
    async (world, { clock }) => {
      clock.set('2019-08-01T22:34:41Z');
      const { email, password } = await world.register();
      clock.advance(2 * DAY);
      const { token } = await world.logIn({ email, password });
      const shown = stringIn(await world.send('GET', '/auth/user', { token }), 'registered_on');
      assert.equal(shown, '08/01/19 10:34:41 PM UTC');
    },
  ),

  async 'token_expires_in is what is left of the lifetime'(world) {
    const { token } = await world.register();
    const shown = expiresIn(await world.send('GET', '/auth/user', { token }));
    const [clock = '', days = '0'] = shown.split(', ').reverse();
    const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number);
    const left = Number.parseInt(days, 10) * DAY + hours * 3600 + minutes * 60 + seconds;
    const { lifetimeSeconds } = world.target;
    assert.ok(left <= lifetimeSeconds && left > lifetimeSeconds - 5, `${shown} of ${lifetimeSeconds} s`);
  },

  'token_expires_in is HH:MM:SS, and below one second 00:00:00. with six digits': needing(
    ['another'],
    async (_world, { another }) => {
      const target = await another({ ACCESS_TOKEN_LIFETIME_SECONDS: '900' });
      const { clock } = target.powers;
      const world = worldOf(target);
      clock.set('2026-11-22T00:24:44.000Z');
      const start = clock.now();
      const { token } = await world.register();
      for (const [left, shown] of SHORT_SPANS) {
        clock.set(new Date(start + 900_000 - left * 1000).toISOString());
        assert.equal(expiresIn(await world.send('GET', '/auth/user', { token })), shown, `${left} s`);
      }
      clock.set(new Date(start + 900_000).toISOString());
      tokenExpired(await world.send('GET', '/auth/user', { token }));
    },
  ),

  'token_expires_in has the days in front from one day on': needing(['another'], async (_world, { another }) => {
    const target = await another({ ACCESS_TOKEN_LIFETIME_SECONDS: String(12 * DAY) });
    const { clock } = target.powers;
    const world = worldOf(target);
    clock.set('2026-11-22T00:24:44.000Z');
    const start = clock.now();
    const { token } = await world.register();
    for (const [left, shown] of LONG_SPANS) {
      clock.set(new Date(start + (12 * DAY - left) * 1000).toISOString());
      assert.equal(expiresIn(await world.send('GET', '/auth/user', { token })), shown, `${left} s`);
    }
  }),

  async 'POST /auth/logout: 200, and the token is refused from then on'(world) {
    const { token } = await world.register();
    answers(await world.send('POST', '/auth/logout', { token }), 200, LOGGED_OUT);
    for (const [method, path] of [
      ['GET', '/auth/user'],
      ['GET', '/widgets'],
      ['POST', '/auth/logout'],
    ] as const) {
      tokenBlacklisted(await world.send(method, path, { token }));
    }
  },

  async 'the other sessions of a user live on, and those of others'(world) {
    const { email, password, token } = await world.register();
    const other = await world.logIn({ email, password });
    const somebody = await world.register();
    assert.equal((await world.send('POST', '/auth/logout', { token })).status, 200);
    for (const { token } of [other, somebody]) {
      assert.equal((await world.send('GET', '/auth/user', { token })).status, 200);
    }
  },

  async 'of many logouts at once one is a 200, to the others the token is blacklisted'(world) {
    // Of a new token each time: its signature has to be checked, so that all are under way before the first is done.
    for (let round = 0; round < 5; round += 1) {
      const { token } = await world.register();
      const answered = await atOnce(20, () => world.send('POST', '/auth/logout', { token }));
      assert.deepEqual(tally(answered), { 200: 1, 401: 19 });
      for (const answer of answered.filter(({ status }) => status === 401)) tokenBlacklisted(answer);
    }
  },

  'a logout outlives a restart, and so does everything else': needing(['another'], async (_world, { another }) => {
    const first = await another();
    const world = worldOf(first);
    const { email, password, token } = await world.register();
    const live = await world.logIn({ email, password });
    const name = await world.addWidget();
    const widget = await world.send('GET', `/widgets/${name}`, { token: live.token });
    assert.equal((await world.send('POST', '/auth/logout', { token })).status, 200);
    const after = worldOf(await first.powers.restart());
    tokenBlacklisted(await after.send('GET', '/auth/user', { token }));
    assert.equal(fieldOf(await after.send('GET', '/auth/user', { token: live.token }), 'email'), email);
    const again = await after.send('GET', `/widgets/${name}`, { token: live.token });
    assert.equal(again.text, widget.text);
    await after.logIn({ email, password });
  }),
});
