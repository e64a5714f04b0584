import { toUSVString } from 'node:util';
import { type Asker, type HashParameters, OWN_WORK, type PasswordHash, type PasswordHasher } from '@portcullis/domain';
import { type HashingThreadsOptions, hashingThreads } from './hashing-threads.ts';
import { type Argon2Parameters, argon2idParameters, type StoredHash, storedHash, workOf } from './stored-hash.ts';
import { dearestOfEach, estimatedMs, estimatedMsOfAll, memoryKibOf, remainderOf, type Work } from './work.ts';

/** The least that the OWASP Password Storage Cheat Sheet asks of argon2id. */
const TODAY: Argon2Parameters = { memoryKib: 19_456, passes: 2, parallelism: 1 };

/** What this hasher's own hashes have. */
const OWN_BYTES = { salt: 16, digest: 32 } as const;

/**
 * The dearest hash that is verified, but for today's own parameters, which may be dearer. Every login costs as much as the dearest
 * hash in use, so this bounds what one request of a stranger can cost.
 */
const DEAREST = { milliseconds: 1000, memoryKib: 256 * 1024 } as const;

/** What one login may cost by all kinds of hashes in use together, before an import adds more of them. */
const LOGIN_AT_MOST_MS = 1500;

export interface Argon2PasswordHasherOptions extends HashingThreadsOptions {
  readonly parameters?: Argon2Parameters;
  /** Is told the work of each call as it begins. */
  readonly onWork?: (works: readonly Work[]) => void;
}

/** What is wrong with a hash of another system. */
export type HashFault =
  | { readonly kind: 'hash-unreadable' }
  | {
      readonly kind: 'hash-too-dear';
      readonly milliseconds: number;
      readonly maximumMilliseconds: number;
      readonly memoryKib: number;
      readonly maximumMemoryKib: number;
    };

export interface Argon2PasswordHasher extends PasswordHasher {
  /** Why no password could be verified with this text; undefined where one can. */
  faultOf(hash: string): HashFault | undefined;
  /**
   * What a login costs where hashes of these parameters are in use, in milliseconds by the cost model, and what it may cost before an
   * import is refused that makes it dearer.
   */
  costOfLogin(inUse: readonly HashParameters[]): {
    readonly milliseconds: number;
    readonly maximumMilliseconds: number;
  };
  /** Finishes what was accepted and ends the threads; to call the hasher afterwards is a fault. */
  close(): Promise<void>;
}

/**
 * Passwords by argon2id (RFC 9106) in threads of their own. Hashes of other systems are verified, too, and never current.
 *
 * @throws RangeError where argon2 would not take the parameters.
 */
export function argon2PasswordHasher(options: Argon2PasswordHasherOptions = {}): Argon2PasswordHasher {
  const { parameters = TODAY, onWork, ...limits } = options;
  const today = todaysWork(parameters);
  const threads = hashingThreads(limits);

  const limit = {
    milliseconds: Math.max(DEAREST.milliseconds, estimatedMs(today)),
    memoryKib: Math.max(DEAREST.memoryKib, memoryKibOf(today.line)),
  };
  const isTooDear = (work: Work): boolean =>
    estimatedMs(work) > limit.milliseconds || memoryKibOf(work.line) > limit.memoryKib;

  function verifiable(text: string): StoredHash | undefined {
    const stored = storedHash(text);
    return stored && !isTooDear(stored.work) ? stored : undefined;
  }

  /** What a login is made to cost, whoever's it is. */
  const worksOf = (inUse: readonly HashParameters[]): readonly Work[] =>
    dearestOfEach([
      today,
      ...inUse.flatMap((each) => {
        const work = workOf(each);
        return work && !isTooDear(work) ? [work] : [];
      }),
    ]);

  const turnOf = ({ source, subject }: Asker, works: readonly Work[]) => ({
    path: [...source, subject],
    costMs: estimatedMsOfAll(works),
    onStart: () => onWork?.(works),
  });

  return {
    async hash(password, asker = OWN_WORK) {
      const task = { password: wellFormed(password), parameters };
      return (await threads.run('hash', task, turnOf(asker, [today]))) as PasswordHash;
    },

    async verify(password, hash, { inUse, asker = OWN_WORK } = {}) {
      const stored = hash === undefined ? undefined : verifiable(hash);
      const own = stored?.work;
      const works = inUse ? dearestOfEach([...worksOf(inUse), ...(own ? [own] : [])]) : [own ?? today];
      const task = {
        password: wellFormed(password),
        hash: stored && hash,
        besides: remainderOf(works, own),
      };
      return threads.run('verify', task, turnOf(asker, works));
    },

    isVerifiable: (hash) => verifiable(hash) !== undefined,

    // What another system made never is.
    isCurrent(hash) {
      const stored = storedHash(hash);
      if (!stored || stored.saltBytes !== OWN_BYTES.salt || stored.digestBytes !== OWN_BYTES.digest) return false;
      return hash.startsWith(`${argon2idParameters(today.line, today.amount)}$`);
    },

    faultOf(hash) {
      const stored = storedHash(hash);
      if (!stored) return { kind: 'hash-unreadable' };
      if (!isTooDear(stored.work)) return undefined;
      return {
        kind: 'hash-too-dear',
        ...{ milliseconds: estimatedMs(stored.work), maximumMilliseconds: limit.milliseconds },
        ...{ memoryKib: memoryKibOf(stored.work.line), maximumMemoryKib: limit.memoryKib },
      };
    },

    costOfLogin: (inUse) => ({
      milliseconds: estimatedMsOfAll(worksOf(inUse)),
      maximumMilliseconds: Math.max(LOGIN_AT_MOST_MS, estimatedMs(today)),
    }),

    close: threads.close,
  };
}

type Argon2Work = Work & { readonly line: Extract<Work['line'], { scheme: 'argon2id' }> };

/** @throws RangeError for numbers that argon2 has no use for. */
function todaysWork({ memoryKib, passes, parallelism }: Argon2Parameters): Argon2Work {
  const line = { scheme: 'argon2id', version: 19, memoryKib, lanes: parallelism } as const;
  if (!workOf(argon2idParameters(line, passes))) throw new RangeError('argon2id has no use for these parameters');
  return { line, amount: passes };
}

/**
 * The password as it is, but for lone surrogates: UTF-8 has none and makes U+FFFD of each, so that two passwords would open
 * one account. Such a text is hashed as the JSON of it, behind a character that nobody types.
 */
const wellFormed = (password: string): string =>
  toUSVString(password) === password ? password : `\uffff${JSON.stringify(password)}`;
