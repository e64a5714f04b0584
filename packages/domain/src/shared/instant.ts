import type { Branded } from './branded.ts';

/**
 * A moment: whole milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
 * A number and not a `Date`, so that a record stays immutable when it is shared.
 */
export type Instant = Branded<number, 'Instant'>;

/** The time now. Passed in wherever time matters; the domain never asks a clock of its own. */
export type Clock = () => Instant;

/** Whether it is a whole number that a date can hold. */
export const isInstant = (value: unknown): value is Instant =>
  typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= 8.64e15;

/** @throws RangeError where `milliseconds` is no instant. */
export function instant(milliseconds: number): Instant {
  if (!isInstant(milliseconds)) throw new RangeError(`not an instant: ${milliseconds}`);
  return milliseconds;
}

/** Whole seconds since the epoch: NumericDate (RFC 7519 §2), any fraction dropped. */
export const toNumericDate = (at: Instant): number => Math.floor(at / 1000);

/** @param seconds whole seconds since the epoch, as in `iat` and `exp`. */
export const fromNumericDate = (seconds: number): Instant => instant(seconds * 1000);

export const plusSeconds = (at: Instant, seconds: number): Instant => instant(at + Math.round(seconds * 1000));

const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/;

/** A date and time of RFC 3339 §5.6; undefined for a day, an hour or an offset that there is not. */
export function parseInstant(text: string): Instant | undefined {
  const [, local, fraction = '0', sign, hours = '0', minutes = '0'] = TIME.exec(text) ?? [];
  if (local === undefined || Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const atUtc = Date.parse(`${local}Z`);
  // JavaScript takes the 30th of February for the 2nd of March.
  if (Number.isNaN(atUtc) || !new Date(atUtc).toISOString().startsWith(local)) return undefined;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1);
  return instant(atUtc + Math.floor(Number(`0.${fraction}`) * 1000) - offset);
}
