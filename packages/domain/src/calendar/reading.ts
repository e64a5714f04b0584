import { type DateNumbers, integerOf } from './date-numbers.ts';

/** What has been read of a text. The time of day is kept to tell whether a clock shows it, no more. */
export interface Reading {
  readonly numbers: DateNumbers;
  readonly hour?: number;
  readonly minute?: number | undefined;
  readonly second?: number | undefined;
  /** Whether a zone was named, such as EST. */
  readonly zoneNamed?: boolean;
  /** Whether an offset was given, such as +02:00. */
  readonly zoneShifted?: boolean;
}

/** Where the reader stands. */
export interface Place {
  readonly tokens: readonly string[];
  readonly at: number;
  readonly thisYear: number;
  readonly reading: Reading;
}

/** One way to read on. */
export interface Rule {
  applies(place: Place): boolean;
  /** The place behind what it read; undefined where the text is no date. */
  read(place: Place): Place | undefined;
}

/** The token so many places on, or back; an empty text where the text has ended. */
export const peek = ({ tokens, at }: Place, steps: number): string => tokens[at + steps] ?? '';

export const isBehindEnd = ({ tokens, at }: Place, steps: number): boolean => at + steps >= tokens.length;

export const passed = (place: Place, count: number, found: Partial<Reading> = {}): Place => ({
  ...place,
  at: place.at + count,
  reading: { ...place.reading, ...found },
});

/** Passes so many tokens where the numbers are a date so far. */
export const passedWith = (place: Place, count: number, numbers: DateNumbers | undefined): Place | undefined =>
  numbers && passed(place, count, { numbers });

const NUMBER = /^(\d+)(?:\.\d+)?$/;

/** Digits, which may have a fraction. */
export const isNumber = (token: string): boolean => NUMBER.test(token);

/** The whole part of a number; undefined where it is none. */
export const wholeOf = (token: string): number | undefined => integerOf(NUMBER.exec(token)?.[1] ?? '');

export const hasFraction = (token: string): boolean => /\.0*[1-9]/.test(token);

/** The value of a number. Any fraction is one half: it is only compared with whole numbers, and many digits are not rounded up. */
export const amountOf = (token: string): number => (wholeOf(token) ?? 0) + (hasFraction(token) ? 0.5 : 0);

/** What `am` and `pm` make of an hour. */
export function hourOf(hour: number, half: number): number {
  if (half === 1) return hour < 12 ? hour + 12 : hour;
  return hour === 12 ? 0 : hour;
}

const below = (value: number | undefined, limit: number): boolean => value === undefined || value < limit;

/** Whether a clock shows the time of day. What is not given is right. */
export const isTimeOfDay = ({ hour, minute, second }: Reading): boolean =>
  below(hour, 24) && below(minute, 60) && below(second, 60);
