import assert from 'node:assert/strict';
import { chapter, each, needing } from './case.ts';
import { refusesFields } from './expect.ts';
import { create, refused, shownAs } from './widget-drafts.ts';
import { newName, stringIn } from './world.ts';

const DEADLINES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'year first, separated by -, / or .': {
    '01/02/37': ['2037-01-02', '2037-1-2', '2037/01/02', '2037/1/2', '2037.01.02', '2037.1.2'],
    '12/31/99': ['2099-12-31'],
    '02/29/36': ['2036-02-29', '2036/2/29'],
  },
  'month first, with four or two digits of the year': {
    '01/02/37': ['01/02/2037', '1/2/2037', '1/2/37', '01/02/37', '1-2-2037', '01-02-2037'],
    '12/11/37': ['12/11/2037'],
    '12/31/37': ['12/31/2037', '12-31-2037'],
  },
  'day first where the first number is above 12': {
    '05/13/37': ['13/05/2037', '13/5/2037', '13-05-2037'],
    '12/31/37': ['31/12/2037'],
  },
  'month by name, full or three letters, in any case': {
    '05/13/37': [...['May 13 2037', 'May 13, 2037', '13 May 2037', 'may 13 2037', 'MAY 13, 2037', '13 mAy 2037']],
    ...Object.fromEntries(
      [
        ...['January', 'February', 'March', 'April', 'June', 'July', 'August', 'September', 'October', 'November'],
        'December',
      ].map((month) => {
        const number = String(new Date(`${month} 1 2037 UTC`).getUTCMonth() + 1).padStart(2, '0');
        const short = month.slice(0, 3);
        return [
          `${number}/09/37`,
          [`${month} 9 2037`, `${short} 9, 2037`, `9 ${short.toUpperCase()} 2037`, `09 ${month.toLowerCase()} 2037`],
        ];
      }),
    ),
  },
  packed: { '01/02/37': ['20370102'], '12/31/37': ['20371231'] },
  'in other forms that dateutil takes': {
    '05/13/37': [
      ...['May 13th 2037', '13th of May 2037', '2037 May 13', '2037.May.13', 'Wed May 13 10:36:28 2037', '13May2037'],
      ...[
        '5/13/2037, 10:36:28\u202fAM',
        '10:36 2037-05-13',
        '20370513T103628',
        '37/5/13',
        '2037 05 13',
        '2037-05-13 10h',
      ],
    ],
    '09/13/37': ['Sept 13 2037', 'Sept. 13th, 2037'],
  },
  'followed by a time, also with T and a zone, which is dropped': {
    '01/02/37': [
      ...['2037-01-02T10:11:12Z', '2037-01-02 10:00 PM', '2037-01-02T10:11:12', '2037-01-02T23:59:59.999Z'],
      ...['2037-01-02T10:11:12+02:00', '2037-01-02T23:30:00-05:00', '2037-01-02 00:00', '01/02/2037 10:00 AM'],
    ],
    '05/13/37': ['May 13 2037 10:00 AM', 'May 13, 2037 22:00:00'],
  },
};

const NO_DATES: Readonly<Record<string, readonly string[]>> = {
  'no date': [
    '',
    ' ',
    'nonsense',
    'tomorrow',
    '-',
    '2037-01-02 nonsense',
    'x2037-01-02',
    'Janu 2 2037',
    'Mayo 13 2037',
  ],
  'an impossible date': [
    ...['2037-02-29', '2037-02-30', '2037-04-31', '2037-13-01', '2037-00-10', '2037-01-00', '2037-01-32'],
    ...['13/13/2037', '31/02/2037', 'February 30 2037', '32 May 2037', '20371301', '0000-01-01'],
  ],
  'parts missing': ['May 13', 'Tuesday', '10', '2037', 'May 2037', '13', '1/2', '10:00', '2037-01'],
  'a very long number': ['99999999999999999999', '2'.repeat(400), '2037-01-99999999999999999999'],
};

const noDateReason = (value: string): string =>
  `Failed to parse '${value}' as a valid date. You can use any format recognized by dateutil.parser. For example, all of the strings below are valid ways to represent the same date: '2018-5-13' -or- '05/13/2018' -or- 'May 13 2018'.`;

const pastReason = (value: string, date: string, today: string): string =>
  `Successfully parsed ${value} as ${date}. However, this value must be a date in the future and ${date} is BEFORE ${today}`;

const day = (at: Date): string => {
  const [, date = '', month = '', year = ''] = at.toUTCString().split(' ');
  return `${month} ${date} ${year}`;
};

export const widgetDeadline = chapter('deadline of a widget', {
  ...each(DEADLINES, 'deadline, accepted', async (world, byDay) => {
    for (const [date, texts] of Object.entries(byDay)) {
      for (const deadline of texts) {
        assert.equal(await shownAs(world, { deadline }, 'deadline'), `${date} 11:59:59 PM UTC`, deadline);
      }
    }
  }),

  ...each(NO_DATES, 'deadline, refused', async (world, texts) => {
    for (const value of texts) await refused(world, 'deadline', value, noDateReason(value));
  }),

  async 'deadline, refused: before today, with the date read and today in the reason'(world) {
    const now = () => new Date(world.target.powers.clock?.now() ?? Date.now());
    const yesterday = new Date(now().getTime() - 86_400_000).toISOString().slice(0, 10);
    for (const [value, date] of [
      ['1/1/1970', 'Jan 01 1970'],
      ['2018-5-13', 'May 13 2018'],
      ['31 December 1999', 'Dec 31 1999'],
      ['2001-02-03T10:11:12Z', 'Feb 03 2001'],
      [yesterday, day(new Date(yesterday))],
    ] as const) {
      // Asked again where midnight lay in between.
      const today = day(now());
      const answer = await create(world, { deadline: value });
      if (today !== day(now())) continue;
      refusesFields(answer, { deadline: pastReason(value, date, today) });
      await refused(world, 'deadline', value, pastReason(value, date, today));
    }
  },

  async 'deadline, accepted: today, as MM/DD/YYYY and in ISO 8601, and in three days by name'(world) {
    const now = world.target.powers.clock?.now() ?? Date.now();
    // A server whose midnight comes between this line and the request would be right to refuse.
    const iso = new Date(now + 1000).toISOString().slice(0, 10);
    const [year = '', month = '', date = ''] = iso.split('-');
    const shown = `${month}/${date}/${year.slice(2)} 11:59:59 PM UTC`;
    assert.equal(await shownAs(world, { deadline: `${month}/${date}/${year}` }, 'deadline'), shown);
    assert.equal(await shownAs(world, { deadline: iso }, 'deadline'), shown);
    const later = day(new Date(now + 3 * 86_400_000));
    assert.match(await shownAs(world, { deadline: later }, 'deadline'), /^\d\d\/\d\d\/\d\d 11:59:59 PM UTC$/);
  },

  'deadline: what today is, is UTC, to the last moment': needing(['clock'], async (world, { clock }) => {
    for (const last of ['2026-11-22T23:59:59.999Z', '2026-11-22T00:00:00.000Z']) {
      clock.set(last);
      assert.equal((await create(world, { deadline: '2026-11-22' })).status, 201, last);
      const reason = pastReason('2026-11-21', 'Nov 21 2026', 'Nov 22 2026');
      refusesFields(await create(world, { deadline: '2026-11-21' }), { deadline: reason });
    }
    clock.set('2026-11-23T00:00:00.000Z');
    const reason = pastReason('2026-11-22', 'Nov 22 2026', 'Nov 23 2026');
    refusesFields(await create(world, { deadline: '2026-11-22' }), { deadline: reason });
  }),

  'deadline: a two-digit year is the one within fifty years of today': needing(['clock'], async (world, { clock }) => {
    clock.set('2026-11-22T12:00:00Z');
    for (const [deadline, shown] of [
      ['1/2/27', '01/02/27'],
      ['1/2/75', '01/02/75'],
      ['12/31/26', '12/31/26'],
      ['11/22/26', '11/22/26'],
    ] as const) {
      const name = newName();
      assert.equal((await create(world, { name, deadline })).status, 201, deadline);
      const { token } = await world.logInAdministrator();
      const answer = await world.send('GET', `/widgets/${name}`, { token });
      assert.equal(stringIn(answer, 'deadline'), `${shown} 11:59:59 PM UTC`);
      const days = Number.parseInt(stringIn(answer, 'time_remaining'), 10);
      assert.ok(Number.isNaN(days) || days < 50 * 366, `${deadline} is not a century away`);
    }
    for (const [value, date] of [
      ['1/2/77', 'Jan 02 1977'],
      ['12/31/99', 'Dec 31 1999'],
      ['1/1/00', 'Jan 01 2000'],
      ['11/21/26', 'Nov 21 2026'],
    ] as const) {
      refusesFields(await create(world, { deadline: value }), { deadline: pastReason(value, date, 'Nov 22 2026') });
    }
    clock.set('2090-06-15T12:00:00Z');
    assert.equal(await shownAs(world, { deadline: '1/2/37' }, 'deadline'), '01/02/37 11:59:59 PM UTC');
    const reason = pastReason('1/2/45', 'Jan 02 2045', 'Jun 15 2090');
    refusesFields(await create(world, { deadline: '1/2/45' }), { deadline: reason });
  }),
});
