import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual, toUSVString } from 'node:util';
import { parseOptions } from '@node-rs/argon2';
import type { PasswordHash, PasswordHasher } from '@portcullis/domain';
import { foreignHash } from './foreign-hash.ts';
import { type HashingThreadsOptions, hashingThreads } from './hashing-threads.ts';

/** What a hash costs (RFC 9106 §3.1), the guesser as well as us. */
export interface Argon2Parameters {
  /** `m`: memory that is filled, in KiB. */
  readonly memoryKib: number;
  /** `t`: how often. */
  readonly passes: number;
  /** `p`: lanes. More than one start threads of their own, which a server with many logins at once has no use for. */
  readonly parallelism: number;
}

/** The least that the OWASP Password Storage Cheat Sheet asks of argon2id. */
const TODAY: Argon2Parameters = { memoryKib: 19_456, passes: 2, parallelism: 1 };

export interface Argon2PasswordHasherOptions extends HashingThreadsOptions {
  readonly parameters?: Argon2Parameters;
}

export interface Argon2PasswordHasher extends PasswordHasher {
  /** Finishes what was accepted and ends the threads; to call the hasher afterwards is a fault. */
  close(): Promise<void>;
}

/**
 * Passwords by argon2id (RFC 9106) in threads of their own. Hashes of other systems are verified, too, and never current.
 *
 * @throws where argon2 would not take the parameters.
 */
export function argon2PasswordHasher(options: Argon2PasswordHasherOptions = {}): Argon2PasswordHasher {
  const { parameters = TODAY, ...limits } = options;
  const threads = hashingThreads(limits);
  const decoy = decoyHash(parameters);
  const today = parseOptions(decoy);

  return {
    async hash(password) {
      return (await threads.run('hash', { password: wellFormed(password), parameters })) as PasswordHash;
    },
    verify: (password, hash) => threads.run('verify', { password: wellFormed(password), hash: hash ?? decoy }),
    // What another system made never is.
    isCurrent: (hash) => foreignHash(hash) === undefined && isDeepStrictEqual(parseOptions(hash), today),
    close: threads.close,
  };
}

/**
 * A hash that costs what today's cost and that no password has: its 256 bits are random, and made without hashing, so that
 * not even the first unknown user takes longer.
 */
function decoyHash({ memoryKib, passes, parallelism }: Argon2Parameters): string {
  const [salt, digest] = [16, 32].map((size) => randomBytes(size).toString('base64').replaceAll('=', ''));
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${parallelism}$${salt}$${digest}`;
}

/**
 * The password as it is, but for lone surrogates: UTF-8 has none and makes U+FFFD of each, so that two passwords would open
 * one account. Such a text is hashed as the JSON of it, behind a character that nobody types.
 */
const wellFormed = (password: string): string =>
  toUSVString(password) === password ? password : `\uffff${JSON.stringify(password)}`;
