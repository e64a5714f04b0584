import { Buffer } from 'node:buffer';
import { pbkdf2Sync, scryptSync, timingSafeEqual } from 'node:crypto';
import { verifySync as verifyArgon2 } from '@node-rs/argon2';
import { verifySync as verifyBcrypt } from '@node-rs/bcrypt';
import { type Line, scryptOptions, type Work } from './work.ts';

/** What a hash costs (RFC 9106 §3.1), the guesser as well as us. */
export interface Argon2Parameters {
  /** `m`: memory that is filled, in KiB. */
  readonly memoryKib: number;
  /** `t`: how often. */
  readonly passes: number;
  /** `p`: lanes. More than one start threads of their own, which a server with many logins at once has no use for. */
  readonly parallelism: number;
}

/** A hash whose every part was understood. To verify a password with it cannot fail but for want of memory. */
export interface StoredHash {
  /** What it takes to verify one password. */
  readonly work: Work;
  /** In bytes. */
  readonly saltBytes: number;
  readonly digestBytes: number;
  /** Slow: on a hashing thread alone. */
  readonly verify: (password: string) => boolean;
}

// A whole number without leading zeros and of at most so many digits, which a double holds exactly.
const NUMBER = '([1-9]\\d{0,9})';
const ARGON2ID = new RegExp(`^\\$argon2id(?:\\$v=(16|19))?\\$m=${NUMBER},t=${NUMBER},p=${NUMBER}$`);
const ARGON2ID_REST = /^([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,171})$/;
const BCRYPT = /^\$2[aby]\$(\d\d)$/;
const BCRYPT_REST = /^[./A-Za-z0-9]{53}$/;
const PBKDF2 = new RegExp(`^pbkdf2:sha256:${NUMBER}$`);
const PBKDF2_REST = /^([A-Za-z0-9]{1,64})\$([0-9a-f]{64})$/;
const SCRYPT = new RegExp(`^scrypt:${NUMBER}:${NUMBER}:${NUMBER}$`);
const SCRYPT_REST = /^([A-Za-z0-9]{1,64})\$([0-9a-f]{128})$/;

/** What argon2 and scrypt can be asked for at all (RFC 9106 §3.1, RFC 7914 §2 and the limits of our libraries). */
const LARGEST_U32 = 2 ** 32 - 1;
const LANES_AT_MOST = 64;
const BCRYPT_COSTS = { least: 4, greatest: 31 } as const;

/**
 * The work that parameters ask for, without salt and digest: `$argon2id$v=19$m=19456,t=2,p=1`, `$2b$12`, `pbkdf2:sha256:600000` or
 * `scrypt:32768:8:1`. Undefined for any other text, and for what no library would do.
 */
export function workOf(parameters: string): Work | undefined {
  const [argon2, version = '16', m, t, p] = ARGON2ID.exec(parameters) ?? [];
  if (argon2 !== undefined) {
    const [memoryKib, passes, lanes] = [Number(m), Number(t), Number(p)];
    if (memoryKib > LARGEST_U32 || passes > LARGEST_U32 || lanes > LANES_AT_MOST) return undefined;
    if (memoryKib < 8 * lanes) return undefined;
    return { line: { scheme: 'argon2id', version: version === '19' ? 19 : 16, memoryKib, lanes }, amount: passes };
  }

  const [bcrypt, cost] = BCRYPT.exec(parameters) ?? [];
  if (bcrypt !== undefined) {
    const { least, greatest } = BCRYPT_COSTS;
    const rounds = 2 ** Number(cost);
    return rounds < 2 ** least || rounds > 2 ** greatest ? undefined : { line: { scheme: 'bcrypt' }, amount: rounds };
  }

  const [pbkdf2, iterations] = PBKDF2.exec(parameters) ?? [];
  if (pbkdf2 !== undefined) return { line: { scheme: 'pbkdf2-sha256' }, amount: Number(iterations) };

  const [scrypt, ...numbers] = SCRYPT.exec(parameters) ?? [];
  if (scrypt === undefined) return undefined;
  const [N = 0, blockSize = 0, lanes = 0] = numbers.map(Number);
  const isPowerOfTwo = N > 1 && Number.isInteger(Math.log2(N));
  // RFC 7914 §2: N is less than 2^(128 × r / 8).
  if (!isPowerOfTwo || Math.log2(N) >= 16 * blockSize || blockSize * lanes >= 2 ** 30) return undefined;
  return { line: { scheme: 'scrypt', N, blockSize }, amount: lanes };
}

/** Where the parameters end and what is one user's own begins. */
const PARTS = /^(\$2[aby]\$\d\d|.*?)\$([^$]+|[^$]+\$[^$]+)$/;

/**
 * Reads a hash: argon2id in the PHC format, bcrypt (`$2a$`, `$2b$`, `$2y$`), or Werkzeug's `pbkdf2:sha256:…` and `scrypt:…`
 * (werkzeug.security.generate_password_hash; the salt is the text itself). Undefined for anything else. The one place that knows
 * these formats: for the import, for the login and for the threads.
 *
 * bcrypt reads 72 bytes of a password and no more: a longer one is let in by them once, and from then on all of it counts.
 */
export function storedHash(text: string): StoredHash | undefined {
  const [, parameters, rest] = PARTS.exec(text) ?? [];
  const work = parameters === undefined ? undefined : workOf(parameters);
  if (work === undefined || rest === undefined) return undefined;
  const { line, amount } = work;
  switch (line.scheme) {
    case 'argon2id':
      return argon2Hash(text, rest, work);
    case 'bcrypt':
      if (!BCRYPT_REST.test(rest)) return undefined;
      return { work, saltBytes: 16, digestBytes: 23, verify: withoutNul((password) => verifyBcrypt(password, text)) };
    case 'pbkdf2-sha256':
      return hexHash(PBKDF2_REST, rest, work, (password, salt) => pbkdf2Sync(password, salt, amount, 32, 'sha256'));
    case 'scrypt': {
      const options = scryptOptions(line, amount);
      return hexHash(SCRYPT_REST, rest, work, (password, salt) => scryptSync(password, salt, 64, options));
    }
  }
}

function argon2Hash(text: string, rest: string, work: Work): StoredHash | undefined {
  const [, salt, digest] = ARGON2ID_REST.exec(rest) ?? [];
  if (salt === undefined || digest === undefined) return undefined;
  const [saltBytes, digestBytes] = [base64Bytes(salt), base64Bytes(digest)];
  if (saltBytes === undefined || digestBytes === undefined) return undefined;
  return { work, saltBytes, digestBytes, verify: (password) => verifyArgon2(text, password) };
}

/** How many bytes a text in base64 is; undefined where bits are left over, which the library refuses. */
function base64Bytes(text: string): number | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64').replaceAll('=', '') === text ? bytes.length : undefined;
}

function hexHash(
  pattern: RegExp,
  rest: string,
  work: Work,
  derive: (password: string, salt: string) => Buffer,
): StoredHash | undefined {
  const [, salt, hex] = pattern.exec(rest) ?? [];
  if (salt === undefined || hex === undefined) return undefined;
  const digest = Buffer.from(hex, 'hex');
  return {
    work,
    saltBytes: salt.length,
    digestBytes: digest.length,
    verify: withoutNul((password) => timingSafeEqual(derive(password, salt), digest)),
  };
}

/**
 * To bcrypt a password ends at a NUL, and HMAC, below the other two, fills a key up with them: several would be one password. Such a
 * password is refused after the work, not before it: a quick refusal would tell whose hash is another system's.
 */
const withoutNul =
  (verify: (password: string) => boolean) =>
  (password: string): boolean => {
    const hasNul = password.includes('\0');
    return verify(hasNul ? password.replaceAll('\0', '.') : password) && !hasNul;
  };

/** As they are written in front of salt and digest. */
export const argon2idParameters = (line: Extract<Line, { scheme: 'argon2id' }>, passes: number): string =>
  `$argon2id$v=${line.version}$m=${line.memoryKib},t=${passes},p=${line.lanes}`;
