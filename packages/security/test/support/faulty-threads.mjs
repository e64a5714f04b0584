// Loaded with `--import`, which holds for threads as well: argon2 fails in them as the password asks, or FAULT=start at once.
import { createRequire } from 'node:module';
import { isMainThread } from 'node:worker_threads';

if (!isMainThread) {
  if (process.env.FAULT === 'start') throw new Error('this thread cannot start');
  const argon2 = createRequire(import.meta.url)('@node-rs/argon2');
  const { hashSync } = argon2;
  argon2.hashSync = (password, options) => {
    if (password === 'die') process.exit(7);
    if (password === 'throw') throw new Error('Memory allocation error');
    return hashSync(password, options);
  };
}
