import { hashSync, verifySync } from '@node-rs/argon2';
import type { Argon2Parameters } from './argon2-password-hasher.ts';
import { foreignHash } from './foreign-hash.ts';

/** What a hashing thread is asked to do, by the name of the function below. */
export interface HashTask {
  readonly password: string;
  readonly parameters: Argon2Parameters;
}
export interface VerifyTask {
  readonly password: string;
  readonly hash: string;
}

/** The answer, and how long it took, from which the wait of those behind is estimated. */
export interface Timed<T> {
  readonly value: T;
  readonly tookMs: number;
}

function timed<T>(work: () => T): Timed<T> {
  const start = performance.now();
  const value = work();
  return { value, tookMs: performance.now() - start };
}

export const hash = ({ password, parameters }: HashTask): Timed<string> =>
  timed(() =>
    hashSync(password, {
      memoryCost: parameters.memoryKib,
      timeCost: parameters.passes,
      parallelism: parameters.parallelism,
    }),
  );

export const verify = ({ password, hash: stored }: VerifyTask): Timed<boolean> =>
  timed(() => foreignHash(stored)?.(password) ?? verifySync(stored, password));
