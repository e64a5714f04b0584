import { type Instant, instant, isInstant } from '@portcullis/domain';

/** BSON is UTF-8, where a lone surrogate would become U+FFFD: two ids, two passwords could become one. */
const UNSTORABLE = /\p{Cs}/u;

/** A text to store. The message leaves out the value, which may be a secret. @throws TypeError for what would not come back as it is. */
export function text(value: string): string {
  if (typeof value !== 'string' || UNSTORABLE.test(value)) throw new TypeError('not a text that MongoDB can keep');
  return value;
}

/** A text to look for, undefined where it cannot have been stored. @throws TypeError for an operator, or anything else that is no text. */
export function lookupText(value: string): string | undefined {
  if (typeof value !== 'string') throw new TypeError('not a text');
  return UNSTORABLE.test(value) ? undefined : value;
}

/** @throws TypeError for anything but a whole number that a date can hold. */
export function date(value: Instant): Date {
  if (!isInstant(value)) throw new TypeError('not a time in whole milliseconds');
  return new Date(value);
}

/** A whole number to store. @throws TypeError for what would not come back as it is. */
export function whole(value: number): number {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new TypeError('not a whole number');
  return value;
}

/** A whole number to look for, undefined where it cannot have been stored. @throws TypeError for what is no number. */
export function lookupNumber(value: number): number | undefined {
  if (typeof value !== 'number') throw new TypeError('not a number');
  return Number.isSafeInteger(value) ? value : undefined;
}

/** In a filter: is this value. Nothing is, where it cannot have been stored. */
export const equal = <V>(value: V | undefined): { readonly $eq: V } | { readonly $in: readonly V[] } =>
  value === undefined ? { $in: [] } : { $eq: value };

export const equalText = (value: string) => equal(lookupText(value));
export const equalNumber = (value: number) => equal(lookupNumber(value));

export function flag(value: boolean): boolean {
  if (typeof value !== 'boolean') throw new TypeError('not a boolean');
  return value;
}

/** What comes back is checked: another program may write to the database, and `admin: 'no'` must not make an administrator. */
export const stored = {
  text<T extends string>(value: unknown): T {
    if (typeof value !== 'string') throw new TypeError('a stored text is none');
    return value as T;
  },
  whole<T extends number>(value: unknown): T {
    if (!Number.isSafeInteger(value)) throw new TypeError('a stored whole number is none');
    return value as T;
  },
  flag(value: unknown): boolean {
    if (typeof value !== 'boolean') throw new TypeError('a stored boolean is none');
    return value;
  },
  instant(value: unknown): Instant {
    if (!(value instanceof Date)) throw new TypeError('a stored date is none');
    return instant(value.getTime());
  },
};
