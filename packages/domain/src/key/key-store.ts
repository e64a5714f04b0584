import { collection } from '../collection/collection-definition.ts';
import { field, ownText } from '../collection/field.ts';
import type { Instant } from '../shared/instant.ts';

/** A key that signs tokens, as it is stored: nobody can sign with what is in here. */
export interface StoredKey {
  /** From 1 on; each key has the number after the one before. */
  readonly number: number;
  /** `kid` (RFC 7515 §4.1.4). */
  readonly kid: string;
  /** `alg` (RFC 7518 §3.1). */
  readonly algorithm: string;
  /** The key, encrypted (RFC 7517 §7). */
  readonly sealed: string;
  readonly createdAt: Instant;
  /** Until then it is published and verifies, and signs nothing. */
  readonly signsFrom: Instant;
  /** Since when nobody believes it any more; null while it is in force. */
  readonly retiredAt: Instant | null;
}

/** From it the stores derive how they keep keys. */
export const keyRecords = collection<StoredKey, 'number'>('keys', {
  fields: {
    ...{ number: field.integer, kid: ownText, algorithm: ownText, sealed: ownText },
    ...{ createdAt: field.time, signsFrom: field.time, retiredAt: field.optional(field.time) },
  },
  key: 'number',
});

/** The keys of a service, the same for every node. Every method throws `Unavailable` where the store cannot answer. */
export interface KeyStore {
  /** Of any number of callers with one number exactly one succeeds; so nobody replaces a key that they have not seen. */
  add(key: StoredKey): Promise<boolean>;
  /** In the order of their numbers. */
  all(): Promise<readonly StoredKey[]>;
  /**
   * Puts `next` in the place of `expected` as the sealed text of a key. One atomic operation: true for exactly one of the callers that
   * expect the same; false, and nothing changed, where the text is another one, the key is retired, or there is no such key.
   */
  reseal(number: number, expected: string, next: string): Promise<boolean>;
  /** True for exactly one caller; false where there is no such key, or it is retired already. */
  retire(number: number, at: Instant): Promise<boolean>;
}
