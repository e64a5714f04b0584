import { fromNumericDate, type Instant, isUuid } from '@portcullis/domain';

/** The payload of a token whose signature was right, as it was sent. */
export type ClaimsSet = Readonly<Record<string, unknown>>;

/** What a claim can be: JSON. */
export type ClaimValue =
  | string
  | number
  | boolean
  | null
  | readonly ClaimValue[]
  | { readonly [name: string]: ClaimValue };

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

/** The epoch that a token names: a whole number from 0 on, and 0 where it names none, as tokens of others need not. */
export const epochClaim = (value: unknown): number | undefined => {
  if (value === undefined) return 0;
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
};

/** The epoch as `epochClaim` reads it. Left out where it is 0: what is never changed of has the claims of its contract alone. */
export const epochClaimOf = (epoch: number): { readonly epoch?: number } => (epoch === 0 ? {} : { epoch });
