import { Buffer } from 'node:buffer';
import { pbkdf2Sync, scryptSync, timingSafeEqual } from 'node:crypto';
import { verifySync as verifyBcrypt } from '@node-rs/bcrypt';

/** Verifies one password; slow, so on a hashing thread alone. */
type Verify = (password: string) => boolean;

/** Dearer hashes than these are refused: a planted one must not occupy a thread for minutes, or take all memory. */
const LIMITS = { bcryptCost: 14, pbkdf2Iterations: 2_000_000, scryptBytes: 256 * 1024 * 1024, scryptWork: 2 ** 25 };

const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;
const PBKDF2 = /^pbkdf2:sha256:([1-9]\d{0,7})\$([A-Za-z0-9]{1,64})\$([0-9a-f]{64})$/;
const SCRYPT = /^scrypt:([1-9]\d{0,7}):([1-9]\d{0,2}):([1-9]\d{0,2})\$([A-Za-z0-9]{1,64})\$([0-9a-f]{128})$/;

const equals = (key: Buffer, hex: string): boolean => timingSafeEqual(key, Buffer.from(hex, 'hex'));

/** To bcrypt a password ends at a NUL, and HMAC, below the other two, fills a key up with them: several would be one password. */
const withoutNul =
  (verify: Verify): Verify =>
  (password) =>
    !password.includes('\0') && verify(password);

/**
 * How to verify a hash that another system made: bcrypt (`$2a$`, `$2b$`, `$2y$`), or Werkzeug's `pbkdf2:sha256:…` and `scrypt:…`
 * (werkzeug.security.generate_password_hash; the salt is the text itself). Undefined for anything else, and where it costs too much.
 *
 * bcrypt reads 72 bytes of a password and no more: whoever had a longer one there is let in by it once, and from then on all of it
 * counts.
 */
export function foreignHash(hash: string): Verify | undefined {
  const [, cost] = BCRYPT.exec(hash) ?? [];
  if (cost !== undefined) {
    if (Number(cost) < 4 || Number(cost) > LIMITS.bcryptCost) return undefined;
    return withoutNul((password) => verifyBcrypt(password, hash));
  }

  const [, iterations, pbkdf2Salt, pbkdf2Key] = PBKDF2.exec(hash) ?? [];
  if (iterations !== undefined && pbkdf2Salt !== undefined && pbkdf2Key !== undefined) {
    if (Number(iterations) > LIMITS.pbkdf2Iterations) return undefined;
    return withoutNul((password) =>
      equals(pbkdf2Sync(password, pbkdf2Salt, Number(iterations), 32, 'sha256'), pbkdf2Key),
    );
  }

  const [, n, r, p, salt, key] = SCRYPT.exec(hash) ?? [];
  if (n === undefined || salt === undefined || key === undefined) return undefined;
  const [N, blockSize, parallelization] = [Number(n), Number(r), Number(p)];
  const bytes = 128 * N * blockSize;
  const isPowerOfTwo = N > 1 && (N & (N - 1)) === 0;
  if (!isPowerOfTwo || bytes > LIMITS.scryptBytes || N * blockSize * parallelization > LIMITS.scryptWork)
    return undefined;
  const options = { N, r: blockSize, p: parallelization, maxmem: 2 * bytes + 1024 * 1024 };
  return withoutNul((password) => equals(scryptSync(password, salt, 64, options), key));
}

const ARGON2ID = /^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]{11,}\$[A-Za-z0-9+/]{16,}$/;

/** Whether a hash is one that some password can be verified with: ours, or another system's. */
export const isVerifiableHash = (hash: string): boolean => ARGON2ID.test(hash) || foreignHash(hash) !== undefined;
