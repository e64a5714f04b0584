import type { Instant } from '@portcullis/domain';

/** SQLite would cut a text at NUL, and fold lone surrogates into U+FFFD: two ids, two passwords could become one. */
const UNSTORABLE = /[\0\p{Cs}]/u;

/** A text to store. The message leaves out the value, which may be a secret. @throws TypeError for what would not come back as it is. */
export function text(value: string): string {
  if (typeof value !== 'string' || UNSTORABLE.test(value)) throw new TypeError('not a text that SQLite can keep');
  return value;
}

/** A text to look for. What cannot have been stored is looked for as NULL, which equals nothing in SQL. */
export function lookupText(value: string): string | null {
  if (typeof value !== 'string') throw new TypeError('not a text');
  return UNSTORABLE.test(value) ? null : value;
}

/** @throws TypeError for anything but a whole number: the library would store NaN and a Date as NULL. */
export function time(value: Instant): number {
  if (!Number.isSafeInteger(value)) throw new TypeError('not a time in whole milliseconds');
  return value;
}

/** A whole number to store. @throws TypeError for what would not come back as it is. */
export function whole(value: number): number {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new TypeError('not a whole number');
  return value;
}

/** A whole number to look for; any other one is looked for as NULL, which equals nothing in SQL. */
export function lookupNumber(value: number): number | null {
  if (typeof value !== 'number') throw new TypeError('not a number');
  return Number.isSafeInteger(value) ? value : null;
}

export function flag(value: boolean): number {
  if (typeof value !== 'boolean') throw new TypeError('not a boolean');
  return value ? 1 : 0;
}
