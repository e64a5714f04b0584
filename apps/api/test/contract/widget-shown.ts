import assert from 'node:assert/strict';
import { chapter, needing } from './case.ts';
import { isJson, picked } from './expect.ts';
import { type Answer, content, fieldOf, newEmail, newName, PASSWORD, stringIn, type World } from './world.ts';

const FIELDS = [
  ...['name', 'info_url', 'created_at', 'created_at_iso8601', 'created_at_rfc822', 'deadline'],
  ...['deadline_passed', 'time_remaining', 'owner', 'link'],
];

/** The widget as a new session sees it: the clock may have run past those before. */
async function shown(world: World, name: string): Promise<Answer> {
  const { token } = await world.register();
  const answer = await world.send('GET', `/widgets/${name}`, { token });
  assert.equal(answer.status, 200, answer.text);
  isJson(answer);
  return answer;
}

/** A moment before the end of the deadline 2026-11-24, which is its last millisecond, and what is shown then. */
const REMAINING: readonly (readonly [now: string, shown: string])[] = [
  ['2026-11-12T23:59:59.999Z', '12 days 0 hours 0 minutes 0 seconds'],
  ['2026-11-22T22:58:58.250Z', '2 days 1 hours 1 minutes 1 seconds'],
  ['2026-11-22T23:59:58.999Z', '2 days 0 hours 0 minutes 1 seconds'],
  ['2026-11-23T00:00:00.000Z', '1 day 23 hours 59 minutes 59 seconds'],
  ['2026-11-23T20:56:54.000Z', '1 day 3 hours 3 minutes 5 seconds'],
  ['2026-11-23T23:59:59.999Z', '1 day 0 hours 0 minutes 0 seconds'],
  ['2026-11-24T00:00:00.000Z', '23 hours 59 minutes 59 seconds'],
  ['2026-11-24T22:59:59.999Z', '1 hours 0 minutes 0 seconds'],
  ['2026-11-24T23:00:00.000Z', '59 minutes 59 seconds'],
  ['2026-11-24T23:58:59.999Z', '1 minutes 0 seconds'],
  ['2026-11-24T23:59:00.000Z', '59 seconds 999 milliseconds'],
  ['2026-11-24T23:59:57.249Z', '2 seconds 750 milliseconds'],
  ['2026-11-24T23:59:58.999Z', '1 seconds 0 milliseconds'],
  ['2026-11-24T23:59:59.000Z', '999000 microseconds'],
  ['2026-11-24T23:59:59.998Z', '1000 microseconds'],
];

export const widgetShown = chapter('widget as shown', {
  'every field at a fixed moment': needing(['clock'], async (world, { clock }) => {
    clock.set('2026-11-22T00:24:44.250Z');
    const name = await world.addWidget({ info_url: 'https://www.example.com/a?b=c#d', deadline: '2037-01-02' });
    clock.set('2026-11-22T03:04:05.000Z');
    const { created_at_iso8601, owner, ...rest } = picked(await shown(world, name), FIELDS);
    const { token, email } = await world.logInAdministrator();
    const me = await world.send('GET', '/auth/user', { token });
    assert.deepEqual(owner, { email, public_id: stringIn(me, 'public_id') });
    assert.match(String(created_at_iso8601), /^2026-11-22T00:24:44(?:\+00:00|Z)?$/);
    assert.deepEqual(rest, {
      name,
      info_url: 'https://www.example.com/a?b=c#d',
      created_at: '11/22/26 12:24:44 AM UTC',
      created_at_rfc822: 'Sun, 22 Nov 2026 00:24:44 -0000',
      deadline: '01/02/37 11:59:59 PM UTC',
      deadline_passed: false,
      time_remaining: '3694 days 20 hours 55 minutes 54 seconds',
      link: `/api/v1/widgets/${name}`,
    });
  }),

  'created_at, as a display date, in ISO 8601 and in RFC 822, all in UTC': needing(
    ['clock'],
    async (world, { clock }) => {
      for (const [at, display, iso, rfc] of [
        ['2019-08-01T22:34:41Z', '08/01/19 10:34:41 PM UTC', '2019-08-01T22:34:41', 'Thu, 01 Aug 2019 22:34:41 -0000'],
        ['2024-02-29T12:00:00Z', '02/29/24 12:00:00 PM UTC', '2024-02-29T12:00:00', 'Thu, 29 Feb 2024 12:00:00 -0000'],
        [
          '2025-12-31T23:59:59.999Z',
          '12/31/25 11:59:59 PM UTC',
          '2025-12-31T23:59:59',
          'Wed, 31 Dec 2025 23:59:59 -0000',
        ],
        ['2026-03-02T01:02:03Z', '03/02/26 01:02:03 AM UTC', '2026-03-02T01:02:03', 'Mon, 02 Mar 2026 01:02:03 -0000'],
        ['2026-07-04T11:59:59Z', '07/04/26 11:59:59 AM UTC', '2026-07-04T11:59:59', 'Sat, 04 Jul 2026 11:59:59 -0000'],
        ['2026-09-08T13:00:00Z', '09/08/26 01:00:00 PM UTC', '2026-09-08T13:00:00', 'Tue, 08 Sep 2026 13:00:00 -0000'],
        ['2026-10-30T00:00:00Z', '10/30/26 12:00:00 AM UTC', '2026-10-30T00:00:00', 'Fri, 30 Oct 2026 00:00:00 -0000'],
      ] as const) {
        clock.set(at);
        const answer = await shown(world, await world.addWidget());
        assert.equal(stringIn(answer, 'created_at'), display);
        assert.match(stringIn(answer, 'created_at_iso8601'), new RegExp(`^${iso}(?:\\+00:00|Z)?$`));
        assert.equal(stringIn(answer, 'created_at_rfc822'), rfc);
      }
    },
  ),

  async 'every field is there, of its type, and the three creation dates are one moment: now'(world) {
    const before = Math.floor((world.target.powers.clock?.now() ?? Date.now() - 60_000) / 1000);
    const name = await world.addWidget();
    const answer = await shown(world, name);
    const widget = picked(answer, FIELDS) as Readonly<Record<string, string>>;
    const iso = String(widget.created_at_iso8601);
    assert.match(iso, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\+00:00|Z)?$/);
    const at = new Date(`${iso.slice(0, 19)}Z`);
    assert.ok(at.getTime() / 1000 >= before && at.getTime() / 1000 <= before + 120, iso);
    assert.equal(widget.created_at_rfc822, at.toUTCString().replace('GMT', '-0000'));
    const [, hour, rest] = /^(\d\d)(:\d\d:\d\d)$/.exec(iso.slice(11, 19)) ?? assert.fail(iso);
    const day = `${iso.slice(5, 7)}/${iso.slice(8, 10)}/${iso.slice(2, 4)}`;
    const half = Number(hour) < 12 ? 'AM' : 'PM';
    assert.equal(widget.created_at, `${day} ${String(Number(hour) % 12 || 12).padStart(2, '0')}${rest} ${half} UTC`);
    assert.equal(widget.deadline, '01/02/98 11:59:59 PM UTC');
    assert.equal(fieldOf(answer, 'deadline_passed'), false);
    assert.match(String(widget.time_remaining), /^\d+ days \d+ hours \d+ minutes \d+ seconds$/);
    assert.equal(widget.info_url, content.info_url);
    assert.equal(widget.link, `/api/v1/widgets/${name}`);
  },

  async 'link leads to the widget'(world) {
    const name = await world.addWidget();
    const answer = await shown(world, name);
    const { token } = await world.register();
    const again = await world.sendOutside('GET', stringIn(answer, 'link'), { token });
    assert.equal(again.status, 200);
    assert.equal(fieldOf(again, 'name'), name);
  },

  'time_remaining in words, from days down to microseconds': needing(['clock'], async (world, { clock }) => {
    clock.set('2026-11-01T00:00:00Z');
    const name = await world.addWidget({ deadline: '2026-11-24' });
    for (const [now, words] of REMAINING) {
      clock.set(now);
      const { deadline, deadline_passed, time_remaining } = picked(await shown(world, name), FIELDS);
      assert.deepEqual(
        { deadline, deadline_passed, time_remaining },
        { deadline: '11/24/26 11:59:59 PM UTC', deadline_passed: false, time_remaining: words },
        now,
      );
    }
  }),

  'a deadline is passed after the last second of its day, and not before': needing(
    ['clock'],
    async (world, { clock }) => {
      clock.set('2026-11-24T12:00:00Z');
      const name = await world.addWidget({ deadline: '2026-11-24' });
      for (const [now, passed] of [
        ['2026-11-24T23:59:59.000Z', false],
        ['2026-11-24T23:59:59.999Z', false],
        ['2026-11-25T00:00:00.000Z', true],
        ['2026-12-24T00:00:00.000Z', true],
      ] as const) {
        clock.set(now);
        const answer = await shown(world, name);
        assert.equal(fieldOf(answer, 'deadline_passed'), passed, now);
        assert.equal(stringIn(answer, 'time_remaining') === 'No time remaining', passed, now);
      }
    },
  ),

  'owner is who created it, and null once that user is removed': needing(['operator'], async (world, { operator }) => {
    const credentials = { email: newEmail(), password: PASSWORD };
    await operator.addUser({ ...credentials, admin: true });
    const { token } = await world.logIn(credentials);
    const name = newName();
    await world.send('POST', '/widgets', { token, form: { name, ...content } });
    const me = await world.send('GET', '/auth/user', { token });
    const owner = { email: credentials.email, public_id: stringIn(me, 'public_id') };
    assert.deepEqual(fieldOf(await shown(world, name), 'owner'), owner);
    await operator.remove(credentials.email);
    assert.equal(fieldOf(await shown(world, name), 'owner'), null);
    const reader = await world.register();
    assert.equal((await world.send('GET', '/widgets?per_page=100', { token: reader.token })).status, 200);
  }),
});
