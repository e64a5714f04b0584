import type { Branded } from '../shared/branded.ts';
import type { Instant } from '../shared/instant.ts';
import { err, type Result } from '../shared/result.ts';

/** The last second of its day in UTC (23:59:59.000). */
export type Deadline = Branded<Instant, 'Deadline'>;

/** A day of the proleptic Gregorian calendar; `month` 1 to 12. */
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

export function parseDeadline(text: string, now: Instant): Result<Deadline, DeadlineFault> {
  void now;
  return err({ kind: 'deadline-not-a-date', value: text });
}
