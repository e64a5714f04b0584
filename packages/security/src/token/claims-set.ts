import { fromNumericDate, type Instant, isUuid } from '@portcullis/domain';

/** The payload of a token whose signature was right, as it was sent. */
export type ClaimsSet = Readonly<Record<string, unknown>>;

/** The last second that an instant can hold. */
const LAST_NUMERIC_DATE = 8.64e12;

/** A claim that is a UUID as we write them. */
export const uuidClaim = <Id extends string>(value: unknown): Id | undefined =>
  typeof value === 'string' && isUuid(value) ? (value as Id) : undefined;

/** Whole seconds since the epoch (RFC 7519 §2); we write no fractions. */
export const numericDateClaim = (value: unknown): Instant | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= LAST_NUMERIC_DATE
    ? fromNumericDate(value)
    : undefined;
