import { getHashes, hash } from 'node:crypto';
import { frequentPasswords, SECRET_WORDS } from './typed-text.ts';

/** What is random to look at, and printed in standards and manuals; all in hexadecimal. */
const PUBLISHED = [
  // The first digits of pi and e; pi, e, the golden ratio and the square root of two in base 16.
  '314159265358979323846264338327950288419716939937510582097494459230781640628620899',
  '271828182845904523536028747135266249775724709369995957496696762772407663035354759',
  '243f6a8885a308d313198a2e03707344a4093822299f31d0082efa98ec4e6c89452821e638d01377be5466cf34e90c6c',
  'b7e151628aed2a6abf7158809cf4f3c762e7160f38b4da56a784d9045190cfef',
  '9e3779b97f4a7c15f39cc0605cedc8341082276bf3a27251f86c6a11d0c18e95',
  '6a09e667f3bcc908b2fb1366ea957d3e3adec17512775099da2f590b0667322a',
  // FIPS 180-4: what SHA-256 begins with, and its round constants. FIPS 197: the S-box, and the keys of the examples.
  '6a09e667bb67ae853c6ef372a54ff53a510e527f9b05688c1f83d9ab5be0cd19',
  '428a2f9871374491b5c0fbcfe9b5dba53956c25b59f111f1923f82a4ab1c5ed5',
  '637c777bf26b6fc53001672bfed7ab76ca82c97dfa5947f0add4a2af9ca472c0',
  '2b7e151628aed2a6abf7158809cf4f3c',
  '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4',
  // The base points of P-256 and secp256k1, and the orders of both.
  '6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296',
  'bce6faada7179e84f3b9cac2fc632551',
  '79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798',
  'baaedce6af48a03bbfd25e8cd0364141',
  // The HMAC keys of RFC 7515 appendix A.1 and RFC 7520 §3.5.
  Buffer.from(
    'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow',
    'base64url',
  ).toString('hex'),
  Buffer.from('hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg', 'base64url').toString('hex'),
];
const PUBLISHED_DIGITS = 16;

/** Whether a part of what is published is in a text in hexadecimal. */
export function isPublished(hexadecimal: string): boolean {
  const text = hexadecimal.toLowerCase();
  for (let at = 0; at + PUBLISHED_DIGITS <= text.length; at += 1) {
    const part = text.slice(at, at + PUBLISHED_DIGITS);
    if (PUBLISHED.some((published) => published.includes(part))) return true;
  }
  return false;
}

/** How the digests of most are made, and of the words alone: others are slower or rarer. */
const HASHES = {
  of: ['md5', 'sha1', 'sha256', 'sha512'],
  ofWords: ['sha224', 'sha384', 'sha512-256', 'sha3-256', 'sha3-512', 'blake2b512'],
};
/** So many equal bytes, 48 bits, are no chance. */
const COMPARED_DIGITS = 12;
/** Of the passwords so many as they are, and the first of them in other spellings, too. */
const TRIED_PASSWORDS = 10_000;
const TRIED_SPELLINGS = 2_000;
/** Digests of numbers up to this one are found as well, years among them. */
const TRIED_NUMBERS = 2_100;
const PHRASES = [
  ...['correct horse battery staple', 'the quick brown fox jumps over the lazy dog', 'open sesame', 'my secret key'],
  ...[
    'super secret key',
    'your 256 bit secret',
    'jwt secret key',
    'my jwt secret',
    'this is a secret',
    'change this secret',
  ],
];
/** Of which two make a guess, such as `mysecret` and `jwt-key`. */
const PAIRED =
  'my our the super top very hello world secret secrets token jwt key password pass auth api app admin user root test dev prod server service signing session default change me'.split(
    ' ',
  );

let digests: ReadonlySet<string> | undefined;

/** Whether the bytes are, or begin as, the digest of a word that everybody tries, or of nothing. */
export function isDigestOfGuess(bytes: Uint8Array): boolean {
  digests ??= new Set(digestsOfGuesses());
  return digests.has(Buffer.from(bytes).toString('hex').slice(0, COMPARED_DIGITS));
}

function* digestsOfGuesses(): Generator<string> {
  const available = new Set(getHashes());
  const digest = (name: string, guess: string): string => hash(name, guess, 'hex').slice(0, COMPARED_DIGITS);
  const rare = HASHES.ofWords.filter((name) => available.has(name));
  const usual = function* (guess: string): Generator<string> {
    for (const name of HASHES.of) yield digest(name, guess);
  };
  for (const word of ['', ...SECRET_WORDS, ...frequentPasswords(TRIED_SPELLINGS)]) {
    for (const name of rare) yield digest(name, word);
    for (const spelling of spellings(word)) yield* usual(spelling);
    // The digest of a digest.
    for (const name of ['md5', 'sha256']) yield* usual(hash(name, word, 'hex'));
  }
  for (const password of frequentPasswords(TRIED_PASSWORDS)) yield* usual(password);
  for (let number = 0; number <= TRIED_NUMBERS; number += 1) {
    yield* usual(`${number}`);
    yield* usual(`${number}\n`);
  }
  for (const between of ['', '-', '_', ' ']) {
    for (const phrase of PHRASES) yield* usual(phrase.replaceAll(' ', between));
    for (const one of PAIRED) for (const other of PAIRED) yield* usual(`${one}${between}${other}`);
  }
}

/** `echo` adds the end of a line. */
const spellings = (word: string): readonly string[] =>
  [...new Set([word, `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`, word.toUpperCase()])].flatMap((each) => [
    each,
    `${each}\n`,
  ]);
