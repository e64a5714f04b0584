import type { Branded } from '../shared/branded.ts';
import { type Instant, instant } from '../shared/instant.ts';
import { err, ok, type Result } from '../shared/result.ts';

/** The last millisecond of its day in UTC (23:59:59.999): the whole day still counts. */
export type Deadline = Branded<Instant, 'Deadline'>;

/** A day of the Gregorian calendar; `month` 1 to 12. */
export interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export type DeadlineFault =
  | { readonly kind: 'deadline-not-a-date'; readonly value: string }
  | {
      readonly kind: 'deadline-past';
      readonly value: string;
      readonly date: CalendarDate;
      readonly today: CalendarDate;
    };

const MAX_LENGTH = 100;
const DAY_MS = 86_400_000;
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

const WEEKDAY = '(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? +)?';
const HOURS_24 = '(?:[01]?[0-9]|2[0-3])(?::[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]{1,9})?)?)';
const HOURS_12 = '(?:0?[1-9]|1[0-2])(?::[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]{1,9})?)?)? ?[ap]m';
const PACKED = '(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9])?';
const ZONE = ' ?(?:z|utc|gmt|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])?';
const TIME = `(?:(?:,? +|t)(?:${HOURS_12}|${HOURS_24}|${PACKED})${ZONE})?`;

const form = (date: string): RegExp => new RegExp(`^${WEEKDAY}${date}${TIME}$`, 'i');

/** How a date may be written; each form with what its groups are. */
const FORMS: readonly {
  readonly pattern: RegExp;
  readonly read: (groups: readonly string[], today: CalendarDate) => CalendarDate;
}[] = [
  {
    pattern: form('([0-9]{4})([-/.])([0-9]{1,2})\\2([0-9]{1,2})'),
    read: ([year, , month, day]) => ({ year: Number(year), month: Number(month), day: Number(day) }),
  },
  {
    pattern: form('([0-9]{1,2})([-/.])([0-9]{1,2})\\2([0-9]{4}|[0-9]{2})'),
    // The month comes first, except where it can't be one.
    read: ([first, , second, year = ''], today) =>
      Number(first) > 12
        ? { year: fullYear(year, today), month: Number(second), day: Number(first) }
        : { year: fullYear(year, today), month: Number(first), day: Number(second) },
  },
  {
    pattern: form('([a-z]{3,9})\\.? +([0-9]{1,2}),? +([0-9]{4}|[0-9]{2})'),
    read: ([name = '', day, year = ''], today) => ({
      year: fullYear(year, today),
      month: monthOf(name),
      day: Number(day),
    }),
  },
  {
    pattern: form('([0-9]{1,2})[ -]+([a-z]{3,9})\\.?,?[ -]+([0-9]{4}|[0-9]{2})'),
    read: ([day, name = '', year = ''], today) => ({
      year: fullYear(year, today),
      month: monthOf(name),
      day: Number(day),
    }),
  },
  {
    pattern: form('([0-9]{4})([0-9]{2})([0-9]{2})'),
    read: ([year, month, day]) => ({ year: Number(year), month: Number(month), day: Number(day) }),
  },
];

/**
 * A date as text, today or later by the UTC day of `now`; a time of day behind it is dropped. Year, month and day must all be
 * there and be a real date.
 */
export function parseDeadline(text: string, now: Instant): Result<Deadline, DeadlineFault> {
  const today = calendarDateOf(now);
  const date = text.length <= MAX_LENGTH ? parseDate(text.trim(), today) : undefined;
  if (!date) return err({ kind: 'deadline-not-a-date', value: text });
  const deadline = endOfDay(date);
  return deadline < now ? err({ kind: 'deadline-past', value: text, date, today }) : ok(deadline);
}

function parseDate(text: string, today: CalendarDate): CalendarDate | undefined {
  for (const { pattern, read } of FORMS) {
    const found = pattern.exec(text);
    if (!found) continue;
    const date = read(found.slice(1), today);
    return isReal(date) ? date : undefined;
  }
  return undefined;
}

/** The month of a full name or its first three letters, 0 where there is none. */
function monthOf(name: string): number {
  const lowerCased = name.toLowerCase();
  return MONTHS.findIndex((month) => month === lowerCased || month.slice(0, 3) === lowerCased) + 1;
}

/** Of two digits, the year within fifty years of today. */
function fullYear(digits: string, today: CalendarDate): number {
  if (digits.length === 4) return Number(digits);
  const year = today.year - (today.year % 100) + Number(digits);
  if (year >= today.year + 50) return year - 100;
  return year < today.year - 50 ? year + 100 : year;
}

const startOfDay = ({ year, month, day }: CalendarDate): number => {
  // Date.UTC would take the years 0 to 99 for 1900 to 1999.
  const at = new Date(0);
  return at.setUTCFullYear(year, month - 1, day);
};

const endOfDay = (date: CalendarDate): Deadline => instant(startOfDay(date) + DAY_MS - 1) as Deadline;

/** Whether there is such a day: the calendar would carry 30 February over into March. */
function isReal(date: CalendarDate): boolean {
  if (date.year < 1 || date.month < 1 || date.month > 12 || date.day < 1 || date.day > 31) return false;
  return calendarDateOf(instant(startOfDay(date))).day === date.day;
}

function calendarDateOf(at: Instant): CalendarDate {
  const date = new Date(at);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}
