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
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const WEEKDAY = 'sun(?:day)?|mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?';
const MINUTES = ':[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]{1,9})?)?';
const HOURS_24 = `(?:[01]?[0-9]|2[0-3])${MINUTES}`;
const HOURS_12 = `(?:0?[1-9]|1[0-2])(?:${MINUTES})? ?[ap]m`;
// Only behind a T: behind a blank, four digits look like a year.
const BASIC = '(?<=t)(?:[01][0-9]|2[0-3])(?:[0-5][0-9](?:[0-5][0-9])?)?';
// The names of RFC 5322 §4.3, those of one letter aside.
const ZONE = ' ?(?:z|utc?|gmt|[ecmp][sd]t|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)';
const TIME = `(?:,? +|t)(?:${HOURS_12}|${HOURS_24}|${BASIC})(?:${ZONE})?`;

const YEAR = '(?<year>[0-9]{4}|[0-9]{2})';
const NAME = '(?<name>[a-z]{3,9})\\.?';
const DAY = '(?<day>[0-9]{1,2})';

/** How a date may be written, before a time of day and after the weekday. No two of them match one text. */
const FORMS = [
  `(?<year>[0-9]{4})(?<separator>[-/.])(?<month>[0-9]{1,2})\\k<separator>${DAY}`,
  `(?<year>[0-9]{4})(?<month>[0-9]{2})(?<day>[0-9]{2})`,
  `(?<first>[0-9]{1,2})(?<separator>[-/.])(?<second>[0-9]{1,2})\\k<separator>${YEAR}`,
  `${NAME} +${DAY}(?: +|, *)${YEAR}`,
  `${DAY}(?: +|-)${NAME}(?: +|-|, *)${YEAR}`,
].map((date) => new RegExp(`^(?:(?<weekday>${WEEKDAY})(?: +|, *))?${date}(?:${TIME})?$`, 'i'));

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
  for (const form of FORMS) {
    const parts = form.exec(text)?.groups;
    if (!parts) continue;
    const date = { year: fullYear(parts.year ?? '', today), ...monthAndDay(parts) };
    return isReal(date) && (!parts.weekday || fallsOn(parts.weekday, date)) ? date : undefined;
  }
  return undefined;
}

/** Of two numbers the month comes first, except where it can't be one. */
function monthAndDay({ first, second, name, month, day }: Readonly<Record<string, string | undefined>>) {
  if (first === undefined) return { month: name === undefined ? Number(month) : monthOf(name), day: Number(day) };
  return Number(first) > 12
    ? { month: Number(second), day: Number(first) }
    : { month: Number(first), day: Number(second) };
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

/** A weekday that the date does not fall on leaves open which of the two is meant (RFC 5322 §3.3). */
const fallsOn = (weekday: string, date: CalendarDate): boolean =>
  WEEKDAYS[new Date(startOfDay(date)).getUTCDay()] === weekday.slice(0, 3).toLowerCase();

function calendarDateOf(at: Instant): CalendarDate {
  const date = new Date(at);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}
