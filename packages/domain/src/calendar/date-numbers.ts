import { type CalendarDate, daysInMonth } from './calendar-date.ts';

/** The numbers of a date in the order of the text, as dateutil's `_ymd`; at most three. */
export interface DateNumbers {
  readonly values: readonly number[];
  /** Which of them must be the year, being of three or more digits or above 100. */
  readonly yearAt?: number;
  /** Which of them was the name of a month. */
  readonly monthAt?: number;
}

export const NO_NUMBERS: DateNumbers = { values: [] };

/** Digits and nothing else as a number. */
export const integerOf = (text: string): number | undefined => (/^\d+$/.test(text) ? Number(text) : undefined);

/** Each function that adds a number answers undefined where it is none, or one too many. */
type Added = DateNumbers | undefined;

const withNumber = (numbers: DateNumbers, value: number): Added =>
  numbers.values.length < 3 ? { ...numbers, values: [...numbers.values, value] } : undefined;

export const withYear = (numbers: DateNumbers, value: number): Added =>
  numbers.yearAt === undefined ? withNumber({ ...numbers, yearAt: numbers.values.length }, value) : undefined;

export const withMonth = (numbers: DateNumbers, month: number): Added =>
  numbers.monthAt === undefined ? withNumber({ ...numbers, monthAt: numbers.values.length }, month) : undefined;

/** Adds what is known by its digits: three or more are a year, `0037` too. */
export function withDigits(numbers: DateNumbers, digits: string): Added {
  const value = integerOf(digits);
  if (value === undefined) return undefined;
  return digits.length > 2 ? withYear(numbers, value) : withNumber(numbers, value);
}

/** Adds what is known by its value: above 100 it is a year. A fraction is cut off. */
export const withValue = (numbers: DateNumbers, value: number): Added =>
  (value > 100 ? withYear : withNumber)(numbers, Math.trunc(value));

/** Whether a number can be the day, by what is known of month and year. */
export function couldBeDay({ values, monthAt, yearAt }: DateNumbers, value: number): boolean {
  const month = monthAt === undefined ? undefined : values[monthAt];
  const year = (yearAt === undefined ? undefined : values[yearAt]) ?? 2000;
  return value >= 1 && value <= (month === undefined ? 31 : daysInMonth(year, month));
}

/** Which number is what; undefined where one of the three is missing. There may be no such date. */
export function dateOf(numbers: DateNumbers, thisYear: number): CalendarDate | undefined {
  const [first, second, third] = numbers.values;
  if (first === undefined || second === undefined || third === undefined) return undefined;
  const order = orderOf(numbers, first, second);
  const [year, month, day] = [...'ymd'].map((part) => numbers.values[order.indexOf(part)] ?? 0);
  if (year === undefined || month === undefined || day === undefined) return undefined;
  return { year: numbers.yearAt === undefined ? fullYear(year, thisYear) : year, month, day };
}

/** The rules of dateutil's `resolve_ymd`, month first where both are possible. */
function orderOf({ yearAt, monthAt }: DateNumbers, first: number, second: number): string {
  if (monthAt !== undefined && yearAt !== undefined) {
    return [0, 1, 2].map((at) => (at === yearAt ? 'y' : at === monthAt ? 'm' : 'd')).join('');
  }
  if (monthAt === 0) return second > 31 ? 'myd' : 'mdy';
  if (monthAt === 1) return first > 31 ? 'ymd' : 'dmy';
  if (monthAt === 2) return second > 31 ? 'dym' : 'ydm';
  if (first > 31 || yearAt === 0) return 'ymd';
  return first > 12 ? 'dmy' : 'mdy';
}

/** Of one or two digits, the year within fifty years of this one. */
export function fullYear(year: number, thisYear: number): number {
  if (year >= 100) return year;
  const full = thisYear - (thisYear % 100) + year;
  if (full >= thisYear + 50) return full - 100;
  return full < thisYear - 50 ? full + 100 : full;
}
