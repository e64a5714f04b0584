import { pbkdf2Sync, scryptSync } from 'node:crypto';
import { hashSync as argon2 } from '@node-rs/argon2';
import { hashSync as bcrypt } from '@node-rs/bcrypt';

/**
 * A kind of work that adds up: twice the amount takes twice the time, in as much memory. The amount is the passes of argon2id, the
 * rounds of bcrypt (2^cost), the iterations of PBKDF2, or the lanes of scrypt, which are filled one after the other.
 */
export type Line =
  | {
      readonly scheme: 'argon2id';
      readonly version: 16 | 19;
      readonly memoryKib: number;
      readonly lanes: number;
    }
  | { readonly scheme: 'bcrypt' }
  | { readonly scheme: 'pbkdf2-sha256' }
  | { readonly scheme: 'scrypt'; readonly N: number; readonly blockSize: number };

/** What a hashing thread has to do for one password: its kind and how much of it. */
export interface Work {
  readonly line: Line;
  readonly amount: number;
}

/**
 * Milliseconds of processor time for one unit of each kind, as measured on one core of a cloud server and rounded up. Constants, so
 * that every process judges a hash alike, at import and at login. How slow a machine is just now comes in only where a wait is
 * estimated (`hashingThreads`).
 */
const UNIT_MS = {
  /** For each KiB and pass. */
  argon2id: 0.000_4,
  bcrypt: 0.06,
  'pbkdf2-sha256': 0.000_2,
  /** For each (N + 16) × r × p: besides the mixing there is PBKDF2 over 128 × r × p bytes, which counts where N is small. */
  scrypt: 0.000_36,
} as const satisfies Readonly<Record<Line['scheme'], number>>;

/** How long the work takes by the model, in milliseconds of processor time. */
export function estimatedMs({ line, amount }: Work): number {
  const unitMs = UNIT_MS[line.scheme] * amount;
  if (line.scheme === 'argon2id') return unitMs * line.memoryKib;
  if (line.scheme === 'scrypt') return unitMs * (line.N + 16) * line.blockSize;
  return unitMs;
}

export const estimatedMsOfAll = (works: readonly Work[]): number =>
  works.reduce((sum, work) => sum + estimatedMs(work), 0);

/** How much memory the work takes, in KiB. */
export function memoryKibOf(line: Line): number {
  if (line.scheme === 'argon2id') return line.memoryKib;
  // 128 × N × r bytes (RFC 7914 §2).
  return line.scheme === 'scrypt' ? Math.ceil((line.N * line.blockSize) / 8) : 4;
}

const keyOf = (line: Line): string => JSON.stringify(line);

/** The greatest amount of each kind, in an order that does not depend on that of `works`. */
export function dearestOfEach(works: readonly Work[]): readonly Work[] {
  const dearest = new Map<string, Work>();
  for (const work of works) {
    const key = keyOf(work.line);
    if ((dearest.get(key)?.amount ?? 0) < work.amount) dearest.set(key, work);
  }
  return [...dearest].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, work]) => work);
}

/** What is left of `all` once `done` is done. */
export const remainderOf = (all: readonly Work[], done: Work | undefined): readonly Work[] =>
  all.flatMap((work) => {
    const rest = done && keyOf(done.line) === keyOf(work.line) ? work.amount - done.amount : work.amount;
    return rest > 0 ? [{ ...work, amount: rest }] : [];
  });

const SALT = 'sixteen bytes ..';
const LEAST_BCRYPT_COST = 4;
const KEY_BYTES = { pbkdf2: 32, scrypt: 64 } as const;

/** The options of `node:crypto` for scrypt; it needs to be allowed a little more memory than it fills. */
export const scryptOptions = (line: Extract<Line, { scheme: 'scrypt' }>, lanes: number) => ({
  N: line.N,
  r: line.blockSize,
  p: lanes,
  maxmem: 128 * line.blockSize * (line.N + lanes + 2) + 1024 * 1024,
});

/** Does so much work on a password as a hash of it would take, and forgets the result. On a hashing thread alone. */
export function spend({ line, amount }: Work, password: string): void {
  switch (line.scheme) {
    case 'argon2id':
      argon2(password, {
        memoryCost: line.memoryKib,
        timeCost: amount,
        parallelism: line.lanes,
        version: line.version === 19 ? 1 : 0,
      });
      return;
    case 'bcrypt':
      // The sum of powers of two that the amount is: each is one call.
      for (let cost = LEAST_BCRYPT_COST; 2 ** cost <= amount; cost += 1) {
        if (Math.floor(amount / 2 ** cost) % 2 === 1) bcrypt(password, cost);
      }
      return;
    case 'pbkdf2-sha256':
      pbkdf2Sync(password, SALT, amount, KEY_BYTES.pbkdf2, 'sha256');
      return;
    case 'scrypt':
      scryptSync(password, SALT, KEY_BYTES.scrypt, scryptOptions(line, amount));
  }
}
