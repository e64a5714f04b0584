import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { PasswordHash } from '@portcullis/domain';
import { argon2PasswordHasher } from '@portcullis/security';

const PASSWORD = 'correct horse';

/** Of `PASSWORD`, made by others: libxcrypt, and Python's hashlib in the format of Werkzeug. */
const HASHES = {
  'bcrypt 2b': '$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e',
  'bcrypt 2a': '$2a$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e',
  'bcrypt 2y': '$2y$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e',
  pbkdf2: 'pbkdf2:sha256:1000$Zx8pQ1abCDefGHij$598e937c1eac2003aecfbc897863df820eb939ec314bd813db45e6715dcdf204',
  scrypt:
    'scrypt:1024:8:1$Zx8pQ1abCDefGHij$3ab0f5b304f757c558c8df2b9a48894b86f9ff85f91e30c75ed6f62832f6ad2a630d0570579a7b61e23efe0dafcaa6eb69aa82ebbf211a0b4f23277881b34d95',
};

const hasher = argon2PasswordHasher({ parameters: { memoryKib: 8, passes: 1, parallelism: 1 }, maximumWaitMs: 60_000 });
after(() => hasher.close());
const isVerifiableHash = (hash: string) => hasher.isVerifiable(hash as PasswordHash);
const verify = (password: string, hash: string) => hasher.verify(password, hash as PasswordHash);

describe('a hash of another system', () => {
  for (const [scheme, hash] of Object.entries(HASHES)) {
    it(`by ${scheme} verifies its password and no other, and is never current`, async () => {
      assert.equal(await verify(PASSWORD, hash), true);
      for (const other of ['Correct horse', 'correct horse ', 'correct hors', '', `${PASSWORD}\0`, 'é']) {
        assert.equal(await verify(other, hash), false, JSON.stringify(other));
      }
      assert.equal(hasher.isCurrent(hash as PasswordHash), false);
      assert.equal(isVerifiableHash(hash), true);
    });
  }

  it('is refused where it is none, is not spelt as its system spells it, or costs too much to verify', async () => {
    const { pbkdf2, scrypt, 'bcrypt 2b': bcrypt } = HASHES;
    const refused = {
      'plain text': PASSWORD,
      nothing: '',
      'plain Werkzeug': `plain$$${PASSWORD}`,
      'MD5 of crypt': '$1$abcdefgh$ABCDEFGHIJKLMNOPQRSTUV',
      argon2i: '$argon2i$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$c29tZSBoYXNoIG9mIGE',
      'SHA-1': pbkdf2.replace('sha256', 'sha1'),
      'no iterations': pbkdf2.replace(':1000', ''),
      'zero iterations': pbkdf2.replace('1000', '0'),
      'too many iterations': pbkdf2.replace('1000', '99999999'),
      'a short key': pbkdf2.slice(0, -2),
      'no salt': pbkdf2.replace('Zx8pQ1abCDefGHij', ''),
      'no power of two': scrypt.replace('1024', '1000'),
      'too much memory': scrypt.replace('1024:8', '16777216:8'),
      'too much work': scrypt.replace('1024:8:1', '16384:8:999'),
      'a cost of 31': bcrypt.replace('$04$', '$31$'),
      'a cost of 3': bcrypt.replace('$04$', '$03$'),
      'a line more': `${bcrypt}\n`,
    };
    for (const [what, hash] of Object.entries(refused)) {
      assert.equal(isVerifiableHash(hash), false, what);
      // Nobody is let in; that such a hash got into a store is a fault.
      assert.notEqual(await verify(PASSWORD, hash).catch(() => 'a fault'), true, what);
    }
  });

  it('by bcrypt has only 72 bytes, of which a NUL is none', async () => {
    const { hashSync } = await import('@node-rs/bcrypt');
    const hash = hashSync('x'.repeat(80), 4);
    assert.equal(await verify('x'.repeat(80), hash), true);
    assert.equal(await verify(`${'x'.repeat(71)}y`, hash), false);
    assert.equal(await verify('\0', hashSync('', 4)), false);
  });

  it('of ours is one that can be verified', async () => {
    assert.equal(isVerifiableHash(await hasher.hash(PASSWORD)), true);
  });
});
