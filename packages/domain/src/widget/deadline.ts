import { type CalendarDate, calendarDateOf, endOfDay } from '../calendar/calendar-date.ts';
import { monthOf } from '../calendar/date-words.ts';
import { readDate } from '../calendar/read-date.ts';
import type { Branded } from '../shared/branded.ts';
import type { Instant } from '../shared/instant.ts';
import { err, ok, type Result } from '../shared/result.ts';

/** The last millisecond of its day in UTC (23:59:59.999): the whole day still counts. */
export type Deadline = Branded<Instant, 'Deadline'>;

export type DeadlineFault =
  | { readonly kind: 'deadline-not-a-date'; readonly value: string }
  | {
      readonly kind: 'deadline-past';
      readonly value: string;
      readonly date: CalendarDate;
      readonly today: CalendarDate;
    };

/** In UTF-16 code units. People write no date that is longer. */
export const DEADLINE_MAX_LENGTH = 100;

const DAY_COMMA_YEAR = /(\p{L}+)(\.? ?\d{2}),(?=\d{4}(?!\d))/gu;

/**
 * A date as text, in any form that python-dateutil takes, today or later by the UTC day of `now`. A time of day in it is dropped.
 * Year, month and day must all be there and be a real date.
 */
export function parseDeadline(text: string, now: Instant): Result<Deadline, DeadlineFault> {
  const today = calendarDateOf(now);
  const date = text.length <= DEADLINE_MAX_LENGTH ? parseDate(text, today.year) : undefined;
  if (!date) return err({ kind: 'deadline-not-a-date', value: text });
  const deadline = endOfDay(date);
  return deadline < now ? err({ kind: 'deadline-past', value: text, date, today }) : ok(deadline as Deadline);
}

/** In `May 13,2037` dateutil takes the comma for a decimal point and misses the year. We read what is meant. */
const parseDate = (text: string, thisYear: number): CalendarDate | undefined =>
  readDate(text, thisYear) ?? readDate(text.replaceAll(DAY_COMMA_YEAR, withBlank), thisYear);

const withBlank = (found: string, word: string, day: string): string =>
  monthOf(word) === undefined ? found : `${word}${day}, `;
