// A program of its own, in JavaScript so that it runs on the sources and on what was built of them.
import { argon2PasswordHasher } from '@portcullis/security';

const hasher = argon2PasswordHasher({
  parameters: { memoryKib: 64, passes: 1, parallelism: 1 },
  threads: 2,
  maximumWaitMs: Number.POSITIVE_INFINITY,
});

/** @param {string} password */
const tell = (password) =>
  hasher.hash(password).then(
    () => 'hashed\n',
    (fault) => `${fault.name}: ${fault.cause.message}\n`,
  );

for (const batch of JSON.parse(process.argv[2] ?? '[]')) {
  process.stdout.write((await Promise.all(batch.map(tell))).join(''));
  // What kept threads from starting is mended after the first batch.
  delete process.env.FAULT;
}
