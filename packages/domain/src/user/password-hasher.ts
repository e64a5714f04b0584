import type { Branded } from '../shared/branded.ts';
import { OWN_SOURCE, type Source } from '../shared/source.ts';

/** A hash in the PHC string format, parameters and salt included; or in the format of another system whose users were imported. */
export type PasswordHash = Branded<string, 'PasswordHash'>;

/** How a hash was made, without its salt and digest: `$argon2id$v=19$m=19456,t=2,p=1`, `$2b$12`, `scrypt:32768:8:1`. */
export type HashParameters = Branded<string, 'HashParameters'>;

const BCRYPT = /^\$2[^$]*\$/;

/**
 * What stands before the salt. Salt and digest are the last two parts between dollar signs; of bcrypt they are one part. Empty for a
 * text that is no hash.
 */
export function hashParametersOf(hash: PasswordHash): HashParameters {
  const last = hash.lastIndexOf('$');
  const end = BCRYPT.test(hash) ? last : hash.lastIndexOf('$', last - 1);
  return hash.slice(0, Math.max(0, end)) as HashParameters;
}

/** For whom a password is hashed: hashing is done in fair turns between sources and, within one, between accounts. */
export interface Asker {
  readonly source: Source;
  /** The key of the login that was sent, whether or not anybody has it, or the id of a user who is logged in. */
  readonly subject: string;
}

/** Work that nobody outside asked for. */
export const OWN_WORK: Asker = { source: OWN_SOURCE, subject: '' };

export interface VerifyOptions {
  /**
   * How the hashes in the store are made. Where it is given, the work done depends on it alone and not on the hash: every caller's is that
   * of the dearest hash in use of each kind. So the time taken does not tell who is registered, nor who was imported.
   */
  readonly inUse?: readonly HashParameters[];
  /** `OWN_WORK` where it is left out. */
  readonly asker?: Asker;
}

/**
 * Hashes and verifies passwords, slowly on purpose. `hash` and `verify` throw `Unavailable` where more work waits than can be done
 * in reasonable time; no caller is left waiting without bound. Those who ask for most are refused first: however much one source asks
 * for, another one that asks for little gets its turn.
 */
export interface PasswordHasher {
  /** Every character counts, none is cut off; the same password never gives the same hash twice. */
  hash(password: string, asker?: Asker): Promise<PasswordHash>;
  /** Whether the password is the one that was hashed. False without a hash (no such user) and for a hash that is not verifiable. */
  verify(password: string, hash: PasswordHash | undefined, options?: VerifyOptions): Promise<boolean>;
  /** Whether any password can be verified with this text: it is a hash, and takes no more time and memory than one login may. */
  isVerifiable(hash: PasswordHash): boolean;
  /** False where the hash was made with other parameters than today's and should be made again at the next login. */
  isCurrent(hash: PasswordHash): boolean;
}
