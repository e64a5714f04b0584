import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hashSync } from '@node-rs/argon2';
import type { PasswordHash } from '@portcullis/domain';
import { passwordHasherContract } from '@portcullis/port-contracts';
import { testContract } from '@portcullis/port-contracts/node-test';
import { argon2PasswordHasher } from '@portcullis/security';
import { CHEAP, openHasher, unhurried } from './support/hashers.ts';

testContract(
  'PasswordHasher: argon2id',
  passwordHasherContract({
    async make() {
      const hasher = unhurried();
      const hash = hashSync('of old', { memoryCost: 32, timeCost: 1, parallelism: 1 }) as PasswordHash;
      return { hasher, outdated: { password: 'of old', hash }, dispose: () => hasher.close() };
    },
  }),
);

describe('a password', () => {
  it('costs argon2id of version 19 with 19 MiB, 2 passes and 1 lane, where nothing else is said', async (t) => {
    const hasher = argon2PasswordHasher();
    t.after(() => hasher.close());
    const hash = await hasher.hash('correct horse');
    assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  });

  it('counts to its last character, beyond the 72 bytes of bcrypt', async (t) => {
    const hasher = openHasher(t);
    for (const length of [72, 73, 1024]) {
      const stem = 'é'.repeat(length - 1);
      const hash = await hasher.hash(`${stem}a`);
      assert.equal(await hasher.verify(`${stem}a`, hash), true);
      for (const other of [`${stem}b`, stem, `${stem}a `]) assert.equal(await hasher.verify(other, hash), false);
    }
  });

  it('counts beyond a NUL character', async (t) => {
    const hasher = openHasher(t);
    const hash = await hasher.hash('before\0after');
    assert.equal(await hasher.verify('before\0after', hash), true);
    for (const other of ['before', 'before\0', 'before\0other']) assert.equal(await hasher.verify(other, hash), false);
  });

  it('counts lone surrogates, of which UTF-8 would make one and the same character', async (t) => {
    const hasher = openHasher(t);
    const hash = await hasher.hash('pass\ud800word');
    assert.equal(await hasher.verify('pass\ud800word', hash), true);
    for (const other of ['pass\udc00word', 'pass\ufffdword', 'password']) {
      assert.equal(await hasher.verify(other, hash), false);
    }
  });
});

describe('a stored hash', () => {
  const made = (memoryCost: number, timeCost: number, parallelism: number, more: object = {}) =>
    hashSync('correct horse', { memoryCost, timeCost, parallelism, ...more }) as PasswordHash;

  it('is current where every parameter is the one of today', async (t) => {
    const hasher = openHasher(t);
    const { memoryKib, passes, parallelism } = CHEAP;
    assert.equal(hasher.isCurrent(made(memoryKib, passes, parallelism)), true);
    const others = [
      made(memoryKib * 2, passes, parallelism),
      made(memoryKib, passes + 1, parallelism),
      made(memoryKib, passes, parallelism + 1),
      made(memoryKib, passes, parallelism, { outputLen: 16 }),
      made(memoryKib, passes, parallelism, { salt: Buffer.alloc(8) }),
      made(memoryKib, passes, parallelism, { version: 0 }),
    ];
    for (const other of others) {
      assert.equal(hasher.isCurrent(other), false, other);
      assert.equal(await hasher.verify('correct horse', other), true, other);
    }
  });

  it('verifies nothing where it cannot be read, and is no fault: its user is refused, not everybody told of it', async (t) => {
    const hasher = openHasher(t);
    const readable = await hasher.hash('correct horse');
    // Two characters less are no Base64 of anything; one less is a shorter digest in one of sixteen cases.
    for (const text of ['', 'correct horse', readable.slice(0, -2), readable.slice(0, 40), `${readable}\n`]) {
      const hash = text as PasswordHash;
      assert.equal(await hasher.verify('correct horse', hash), false);
      assert.equal(hasher.isVerifiable(hash), false);
      assert.equal(hasher.isCurrent(hash), false);
    }
    assert.equal(await hasher.verify('correct horse', readable), true);
  });
});

describe('no stored hash', () => {
  it('matches no password, not even the empty one', async (t) => {
    const hasher = openHasher(t);
    for (const password of ['', 'correct horse', '\0']) assert.equal(await hasher.verify(password, undefined), false);
  });

  it('costs the processor what a stored one of today costs', async (t) => {
    const hasher = openHasher(t, { parameters: { memoryKib: 19_456, passes: 2, parallelism: 1 } });
    const hash = await hasher.hash('correct horse');
    const cost = async (stored: PasswordHash | undefined) => {
      const start = process.cpuUsage();
      for (let n = 0; n < 6; n++) await hasher.verify('wrong', stored);
      return process.cpuUsage(start).user;
    };
    await cost(hash);
    const [real, decoy] = [await cost(hash), await cost(undefined)];
    assert.ok(decoy > real / 2 && decoy < real * 2, `${decoy} us against ${real} us`);
  });
});

describe('parameters', () => {
  it('are refused at once where argon2 has no use for them', () => {
    for (const memoryKib of [0, 7, -1, 64.5, Number.NaN]) {
      assert.throws(() => argon2PasswordHasher({ parameters: { ...CHEAP, memoryKib } }), `${memoryKib}`);
    }
    for (const passes of [0, -1, 1.5]) assert.throws(() => argon2PasswordHasher({ parameters: { ...CHEAP, passes } }));
    for (const parallelism of [0, 9])
      assert.throws(() => argon2PasswordHasher({ parameters: { ...CHEAP, parallelism } }));
  });
});
