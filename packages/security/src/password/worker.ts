import { hashSync } from '@node-rs/argon2';
import { type Argon2Parameters, storedHash } from './stored-hash.ts';
import { spend, type Work } from './work.ts';

/** What a hashing thread is asked to do, by the name of the function below. */
export interface HashTask {
  readonly password: string;
  readonly parameters: Argon2Parameters;
}
export interface VerifyTask {
  readonly password: string;
  /** Undefined where there is none that can be verified. */
  readonly hash: string | undefined;
  /** Work to do besides, so that every caller's takes as long. */
  readonly besides: readonly Work[];
}

/** The answer, and how long it took, from which it is learned how fast this machine is. */
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

export const verify = ({ password, hash: text, besides }: VerifyTask): Timed<boolean> =>
  timed(() => {
    const stored = text === undefined ? undefined : storedHash(text);
    const verified = stored?.verify(password) ?? false;
    for (const work of besides) spend(work, password);
    return verified;
  });
