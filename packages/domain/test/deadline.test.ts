import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CalendarDate, deadlinePassed, type Instant, instant, parseDeadline } from '@portcullis/domain';
import fc from 'fast-check';
import { anyText, textOf } from './support/any-text.ts';

const at = (iso: string): Instant => instant(Date.parse(iso));
const NOON = at('2026-11-22T12:00:00Z');
const LONG_AGO = at('0101-01-01T00:00:00Z');
const endOf = (day: string): Instant => at(`${day}T23:59:59.999Z`);

const ACCEPTED: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'year first, separated by -, / or .': {
    '2037-01-02': ['2037-01-02', '2037-1-2', '2037/01/02', '2037/1/2', '2037.01.02', '2037.1.2'],
    '2036-02-29': ['2036-02-29'],
    '9999-12-31': ['9999-12-31'],
  },
  'month first, with four or two digits of the year': {
    '2037-01-02': ['01/02/2037', '1/2/2037', '1/2/37', '01/02/37', '1-2-2037', '01-02-2037', '01.02.2037'],
    '2037-12-12': ['12/12/2037'],
    '2037-12-31': ['12/31/2037', '12-31-37'],
  },
  'day first where the first number is above 12': {
    '2037-05-13': ['13/05/2037', '13/5/37', '13-05-2037', '13.5.2037'],
    '2037-12-31': ['31/12/2037'],
  },
  'month by name, full or three letters, in any case': {
    '2037-05-13': [
      ...['May 13 2037', 'May 13, 2037', 'May 13,2037', 'may 13 37', '13 MAY 2037', '13-May-2037', '13 mAy, 2037'],
    ],
    '2037-01-09': ['January 9 2037', 'Jan 09, 2037', '9 JANUARY 2037', '9-jan-37', 'Jan. 9, 2037'],
  },
  packed: { '2037-01-02': ['20370102'], '2037-12-31': ['20371231'] },
  'followed by a time, also with T and a zone, which is dropped': {
    '2037-01-02': [
      ...['2037-01-02T10:11:12Z', '2037-01-02t10:11z', '2037-01-02T23:59:59.999999Z', '2037-01-02T10:11:12,5'],
      ...[
        '2037-01-02T00:30:00+14:00',
        '2037-01-02T23:30:00-12:00',
        '2037-01-02T10:11:12+0200',
        '2037-01-02 10:11:12+00',
      ],
      ...['2037-01-02T10', '2037-01-02T1011', '20370102T101112Z', '2037-01-02 9:05', '2037-01-02 00:00'],
      ...[
        '2037-01-02 10:00 PM',
        '2037-01-02 10pm',
        '01/02/2037 12:59:59 am',
        '1/2/2037, 10:00:00 AM',
        '2037-01-02 10:00 EST',
      ],
    ],
    '2037-05-13': ['May 13 2037 10:00 AM', 'May 13, 2037 22:00:00', '13 May 2037, 22:00 GMT'],
  },
  'a weekday in front, where it is the right one': {
    '2037-11-22': [
      'Sun, 22 Nov 2037',
      'sunday 22 November 2037',
      'Sun Nov 22 2037',
      'SUN,2037-11-22',
      'Sunday, 11/22/37',
    ],
    '2037-11-25': ['Wednesday, 25 Nov 2037'],
  },
  'our own answers': {
    '2037-11-22': [
      ...[
        '11/22/37 11:59:59 PM UTC',
        '2037-11-22T00:24:44+00:00',
        '2037-11-22T00:24:44',
        'Sun, 22 Nov 2037 00:24:44 -0000',
      ],
    ],
  },
  'what dateutil takes': {
    '2037-05-13': [
      ...['May 13th 2037', '13th of May 2037', '13th of May, 2037 at 10 PM', '2037 May 13', '2037.May.13', '13May2037'],
      ...['Wed May 13 10:36:28 2037', '5/13/2037, 10:36:28\u202fAM', '10:36 2037-05-13', '20370513103628', '370513'],
      ...['37/5/13', '2037 05 13', '2037-5/13', 'on 2037-05-13', '2037-05-13-03', '2037-05-13 10h36m', "13 May '37"],
      ...['2037-05-13 10:00 -0300 (BRST)', '2037-05-13 10:00 GMT+3', '\uff12\uff10\uff13\uff17-05-13', '२०३७-०५-१३'],
    ],
    '2037-09-13': ['Sept 13 2037', 'sept. 13, 2037', 'SEPTEMBER 13th 2037', '13-Sept-2037'],
    '2037-11-22': ['Mon, 22 Nov 2037', 'Saturday 22 Nov 2037'],
  },
  'blanks around it': { '2037-01-02': [' 2037-01-02', '2037-01-02 ', '\t2037-01-02\n'] },
};

const REFUSED: Readonly<Record<string, readonly string[]>> = {
  'no date': [
    ...['', ' ', '-', 'nonsense', 'tomorrow', 'now', '__proto__', 'NaN', 'Infinity', '1e3', '\u0000', '2O37-01-02'],
    ...['2037\u201301\u201302', '2037-01-02\ud800', '+2037-01-02', '\u00002037-01-02', '\ufeffMay 13 2037'],
  ],
  'parts missing': [
    ...['May 13', '13 May', 'May 2037', 'Tuesday', '10', '13', '2037', '1/2', '2037-01', '203701', '10:00', 'T10:00'],
    ...['10:00 PM', '--01-02', '2037--02', '/1/2037', '2037-W01-1', '2037-002', '13th', 'May of 2037', 'Sept'],
  ],
  'a date that no calendar has': [
    ...['2037-02-29', '2036-02-30', '1900-02-29', '2037-04-31', '31 April 2037', '30 Feb 2037', 'February 29, 2037'],
    ...['2037-00-10', '2037-01-00', '2037-13-01', '2037-01-32', '0/1/2037', '1/0/2037', '13/13/2037', '32/01/2037'],
    ...['20370230', '20371301', '32 May 2037', 'May 0 2037', '0000-01-01', '00000101', '31st of April 2037'],
  ],
  'a month or weekday that there is not': [
    ...['Mai 13 2037', 'Ma 13 2037', 'Mays 13 2037', 'Janu 9 2037', 'Febr 9 2037', 'Tue 13 2037', 'Tues, 24 Nov 2037'],
    ...['Foo, 22 Nov 2037', 'constructor 1 2037', 'toString 1 2037', '__proto__ 1 2037'],
  ],
  'a year of five digits or more': ['1/2/20370', '20370-01-02', 'May 13 20370'],
  'something else in it': [
    ...['2037-01-02x', '2037-01-02 x', '2037-01-023', '1/2/2037/5', '20370102 20370103', '2037-01-02 nonsense'],
    ...['203701021', '2037-01-02Z', '2037-01-02 UTC', '2037-01-02+02:00', "2037-01-02' OR 1=1", 'x2037-01-02'],
    ...['the 13th of May 2037', '2037-01-02 (Friday)', '2037_01_02'],
  ],
  'a time that no clock shows': [
    ...['2037-01-02 25:99', '2037-01-02T24:00:00', '2037-01-02 10:60', '2037-01-02T10:11:60Z', '2037-01-02 13:00 PM'],
    ...['2037-01-02T2561', '2037-01-02T101', '2037-01-02 10:00 Z junk', '2037-01-02 25h', '2037-01-02 10:00 +'],
  ],
  'very long numbers and texts': [
    ...['9'.repeat(20), '9'.repeat(400), `2037-01-${'9'.repeat(40)}`, `${'9'.repeat(40)}-01-01`],
    ...[`1/1/${'9'.repeat(40)}`, `2037-01-02${' '.repeat(200)}`, `2037-01-02T10:11:12.${'9'.repeat(100)}`],
    ...[`2037-01-02 10:00 +${'9'.repeat(40)}:00`, `${'9'.repeat(40)}:00 2037-01-02`, `May 13 2037 ${'9'.repeat(40)}h`],
  ],
};

const pad = (part: number, digits: number): string => String(part).padStart(digits, '0');
const monthName = ({ month }: CalendarDate): string =>
  new Intl.DateTimeFormat('en', { month: 'long', timeZone: 'UTC' }).format(Date.UTC(2000, month - 1));
/** A date in each form that is to be read, with four digits of the year. */
const FORMS: Readonly<Record<string, (date: CalendarDate) => string>> = {
  'YYYY-MM-DD': (d) => `${pad(d.year, 4)}-${pad(d.month, 2)}-${pad(d.day, 2)}`,
  'YYYY/M/D': (d) => `${pad(d.year, 4)}/${d.month}/${d.day}`,
  'YYYY.MM.DD': (d) => `${pad(d.year, 4)}.${pad(d.month, 2)}.${pad(d.day, 2)}`,
  'MM/DD/YYYY': (d) => `${pad(d.month, 2)}/${pad(d.day, 2)}/${pad(d.year, 4)}`,
  'M-D-YYYY': (d) => `${d.month}-${d.day}-${pad(d.year, 4)}`,
  'DD/MM/YYYY from the 13th on': (d) =>
    d.day > 12 ? `${d.day}/${pad(d.month, 2)}/${pad(d.year, 4)}` : `${d.month}/${d.day}/${pad(d.year, 4)}`,
  'Month D YYYY': (d) => `${monthName(d)} ${d.day} ${pad(d.year, 4)}`,
  'MON DD, YYYY': (d) => `${monthName(d).slice(0, 3).toUpperCase()} ${pad(d.day, 2)}, ${pad(d.year, 4)}`,
  'D month YYYY': (d) => `${d.day} ${monthName(d).toLowerCase()} ${pad(d.year, 4)}`,
  YYYYMMDD: (d) => `${pad(d.year, 4)}${pad(d.month, 2)}${pad(d.day, 2)}`,
};
const TIMES = ['', 'T10:11:12Z', ' 10:00 PM', 'T00:00:00.000+14:00', ' 23:59', ', 1:02:03 am UTC'];

// Earlier years have two digits, which may mean another century.
const FIRST_DAY = Date.parse('0101-01-01') / 86_400_000;
const LAST_DAY = Date.parse('9999-12-31') / 86_400_000;
const dayNumber = fc.integer({ min: FIRST_DAY, max: LAST_DAY });
const dateOf = (day: number): CalendarDate => {
  const date = new Date(day * 86_400_000);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
};
const endOfDay = (day: number): number => (day + 1) * 86_400_000 - 1;

describe('deadline', () => {
  for (const [rule, days] of Object.entries(ACCEPTED)) {
    it(`reads ${rule}, as the end of that day in UTC`, () => {
      for (const [day, texts] of Object.entries(days)) {
        for (const text of texts) {
          assert.deepEqual(parseDeadline(text, NOON), { ok: true, value: endOf(day) }, JSON.stringify(text));
        }
      }
    });
  }

  for (const [rule, texts] of Object.entries(REFUSED)) {
    it(`refuses ${rule}`, () => {
      for (const text of texts) {
        const refused = { ok: false, error: { kind: 'deadline-not-a-date', value: text } };
        assert.deepEqual(parseDeadline(text, NOON), refused, JSON.stringify(text));
      }
    });
  }

  for (const [form, write] of Object.entries(FORMS)) {
    it(`reads every day from the year 101 to 9999 written as ${form}, with or without a time`, () => {
      fc.assert(
        fc.property(dayNumber, fc.constantFrom(...TIMES), (day, time) => {
          const text = write(dateOf(day)) + time;
          assert.deepEqual(parseDeadline(text, LONG_AGO), { ok: true, value: endOfDay(day) }, text);
        }),
      );
    });
  }

  it('refuses every day that its month has not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 101, max: 9999 }), fc.integer({ min: 1, max: 12 }), (year, month) => {
        const next = new Date(0);
        next.setUTCFullYear(year, month, 0);
        for (const write of Object.values(FORMS)) {
          for (const day of [0, next.getUTCDate() + 1, 32]) {
            const text = write({ year, month, day });
            assert.equal(parseDeadline(text, LONG_AGO).ok, false, text);
          }
        }
      }),
    );
  });

  it('takes the UTC day of now, whole, as the first that passes', () => {
    for (const now of ['2026-11-22T00:00:00.000Z', '2026-11-22T12:00:00Z', '2026-11-22T23:59:59.999Z']) {
      assert.deepEqual(parseDeadline('2026-11-22', at(now)), { ok: true, value: endOf('2026-11-22') });
      assert.deepEqual(parseDeadline('2026-11-21', at(now)), {
        ok: false,
        error: {
          kind: 'deadline-past',
          value: '2026-11-21',
          date: { year: 2026, month: 11, day: 21 },
          today: { year: 2026, month: 11, day: 22 },
        },
      });
    }
  });

  it('does not shift the day by the zone behind it', () => {
    const now = at('2026-11-22T12:00:00Z');
    assert.ok(parseDeadline('2026-11-22T00:00:00+14:00', now).ok);
    assert.equal(parseDeadline('2026-11-21T23:59:59-12:00', now).ok, false);
  });

  it('names the date read and today where the date is past, however it was written', () => {
    fc.assert(
      fc.property(dayNumber, dayNumber, fc.constantFrom(...Object.values(FORMS)), (one, other, write) => {
        fc.pre(one !== other);
        const [past, now] = [Math.min(one, other), Math.max(one, other)];
        const value = write(dateOf(past));
        assert.deepEqual(parseDeadline(value, instant(now * 86_400_000)), {
          ok: false,
          error: { kind: 'deadline-past', value, date: dateOf(past), today: dateOf(now) },
        });
      }),
    );
  });

  it('takes two digits for the year from fifty before this one to forty-nine after it', () => {
    const yearOf = (text: string, now: string): number => {
      const read = parseDeadline(text, at(now));
      if (read.ok) return new Date(read.value).getUTCFullYear();
      return read.error.kind === 'deadline-past' ? read.error.date.year : Number.NaN;
    };
    for (const [text, now, year] of [
      ['1/2/26', '2026-11-22', 2026],
      ['12/31/75', '2026-11-22', 2075],
      ['1/1/76', '2026-11-22', 1976],
      ['12/31/99', '2026-11-22', 1999],
      ['1/1/00', '2026-11-22', 2000],
      ['1/1/00', '2099-11-22', 2100],
      ['1/1/48', '2099-11-22', 2148],
      ['1/1/49', '2099-11-22', 2049],
      ['May 13 37', '2026-11-22', 2037],
      ['13-may-76', '2026-11-22', 1976],
    ] as const) {
      assert.equal(yearOf(text, now), year, `${text} in ${now}`);
    }
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 100, max: 9900 }), (digits, thisYear) => {
        const year = yearOf(`12/31/${pad(digits, 2)}`, `${pad(thisYear, 4)}-06-01`);
        assert.equal(year % 100, digits);
        assert.ok(year >= thisYear - 50 && year < thisYear + 50, `${digits} in ${thisYear} is ${year}`);
      }),
    );
  });

  it('answers any text, and never throws', () => {
    const almostDate = textOf(
      '2037',
      '01',
      '1',
      '13',
      '-',
      '/',
      '.',
      ' ',
      ',',
      'May',
      'T',
      ':',
      '10',
      'Z',
      '+',
      'PM',
      'Sun',
    );
    fc.assert(
      fc.property(fc.oneof(anyText, almostDate), (text) => {
        const read = parseDeadline(text, NOON);
        if (read.ok) assert.equal(read.value % 86_400_000, 86_399_999);
        else assert.equal(read.error.value, text);
      }),
      { numRuns: 2000 },
    );
  });

  it('is passed from the next day on, and not before', () => {
    const read = parseDeadline('2026-11-22', NOON);
    assert.ok(read.ok);
    assert.equal(deadlinePassed(read.value, at('2026-11-22T23:59:59.999Z')), false);
    assert.equal(deadlinePassed(read.value, at('2026-11-23T00:00:00.000Z')), true);
  });
});
