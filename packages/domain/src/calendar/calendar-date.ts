import { type Instant, instant } from '../shared/instant.ts';

/** A day of the Gregorian calendar; `month` 1 to 12. */
export interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const DAY_MS = 86_400_000;
const LAST_YEAR = 9999;

const startOfDay = ({ year, month, day }: CalendarDate): number => {
  // Date.UTC would take the years 0 to 99 for 1900 to 1999.
  const at = new Date(0);
  return at.setUTCFullYear(year, month - 1, day);
};

/** The last millisecond of the day in UTC. */
export const endOfDay = (date: CalendarDate): Instant => instant(startOfDay(date) + DAY_MS - 1);

/** The day in UTC. */
export function calendarDateOf(at: Instant): CalendarDate {
  const date = new Date(at);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** How many days a month has, in the Gregorian calendar of any year. */
export function daysInMonth(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (month === 2) return leap ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Whether there is such a day in the years 1 to 9999. */
export const isReal = ({ year, month, day }: CalendarDate): boolean =>
  year >= 1 && year <= LAST_YEAR && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
