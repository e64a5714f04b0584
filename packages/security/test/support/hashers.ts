import type { TestContext } from 'node:test';
import { type Argon2Parameters, type Argon2PasswordHasherOptions, argon2PasswordHasher } from '@portcullis/security';

/** Next to nothing, for tests that are not about the cost. */
export const CHEAP: Argon2Parameters = { memoryKib: 64, passes: 1, parallelism: 1 };

/** One cheap thread, and any wait will do: hashing is what a busy machine puts off first. */
export const unhurried = (options: Argon2PasswordHasherOptions = {}) =>
  argon2PasswordHasher({ parameters: CHEAP, threads: 1, maximumWaitMs: Number.POSITIVE_INFINITY, ...options });

/** Such a hasher that is closed with the test. */
export function openHasher(t: TestContext, options: Argon2PasswordHasherOptions = {}) {
  const hasher = unhurried(options);
  t.after(() => hasher.close());
  return hasher;
}
