import type { Branded } from '../shared/branded.ts';

/** A hash in the PHC string format, parameters and salt included. */
export type PasswordHash = Branded<string, 'PasswordHash'>;

/**
 * Hashes and verifies passwords, slowly on purpose. All three throw `Unavailable` where more work waits than can be done
 * in reasonable time; no caller is left waiting without bound.
 */
export interface PasswordHasher {
  /** Every character counts, none is cut off; the same password never gives the same hash twice. */
  hash(password: string): Promise<PasswordHash>;
  /**
   * Whether the password is the one that was hashed. Without a hash (no such user) it does the same work on a decoy and
   * answers false, so that the time taken does not tell who is registered.
   */
  verify(password: string, hash: PasswordHash | undefined): Promise<boolean>;
  /** False where the hash was made with other parameters than today's and should be made again at the next login. */
  isCurrent(hash: PasswordHash): boolean;
}
