import { Buffer } from 'node:buffer';
import { hkdfSync } from 'node:crypto';
import {
  CompactEncrypt,
  type CryptoKey,
  calculateJwkThumbprint,
  compactDecrypt,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
} from 'jose';
import { type SigningKey, secretKey } from './key-ring.ts';

/** What keys can be drawn for. */
export type DrawnAlgorithm = 'HS256' | 'EdDSA' | 'ES256';

/** A key that signs, as it is stored. */
export interface SealedKey {
  /** The thumbprint (RFC 7638) of what is public of it; a secret has a `kid` as `secretKey` makes it. */
  readonly kid: string;
  readonly algorithm: string;
  /** The key as a JWK, encrypted (RFC 7517 §7, A256GCM): whoever reads the store cannot sign. */
  readonly sealed: string;
}

/** RFC 5869 §3.2: keys of one secret for other purposes have other labels. */
const LABEL = 'portcullis key encryption';
const KEY_BYTES = 32;
const SECRET_BYTES = 64;

const wrappingKey = (secret: Uint8Array): Uint8Array =>
  Buffer.from(hkdfSync('sha256', secret, new Uint8Array(0), LABEL, KEY_BYTES));

const secretOf = ({ k = '' }: JWK): Promise<SigningKey> => secretKey(new Uint8Array(Buffer.from(k, 'base64url')));

/** Draws a new key and seals it under the secret. */
export async function newSealedKey(algorithm: DrawnAlgorithm, secret: Uint8Array): Promise<SealedKey> {
  const { jwk, kid } = await newNamedJwk(algorithm);
  return { kid, algorithm, sealed: await seal({ ...jwk, kid, alg: algorithm, use: 'sig' }, secret) };
}

/** The secret itself as an HS256 key, sealed under itself: tokens that it signed before keys were stored stay good. */
export async function secretAsSealedKey(secret: Uint8Array<ArrayBuffer>): Promise<SealedKey> {
  const { kid } = await secretKey(secret);
  const jwk = { kty: 'oct', k: Buffer.from(secret).toString('base64url'), kid, alg: 'HS256', use: 'sig' };
  return { kid, algorithm: 'HS256', sealed: await seal(jwk, secret) };
}

const seal = (jwk: JWK, secret: Uint8Array): Promise<string> =>
  new CompactEncrypt(Buffer.from(JSON.stringify(jwk)))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', cty: 'jwk+json' })
    .encrypt(wrappingKey(secret));

/** The same key, sealed under `to` instead of `from`. @throws Error where `from` does not unseal it */
export async function resealed({ sealed }: SealedKey, from: Uint8Array, to: Uint8Array): Promise<string> {
  return seal(await jwkIn(sealed, from), to);
}

async function jwkIn(sealed: string, secret: Uint8Array): Promise<JWK> {
  const { plaintext } = await compactDecrypt(sealed, wrappingKey(secret), {
    keyManagementAlgorithms: ['dir'],
    contentEncryptionAlgorithms: ['A256GCM'],
  });
  return JSON.parse(Buffer.from(plaintext).toString()) as JWK;
}

/** One in 64 has a `kid` that a command line would take for an option. */
async function newNamedJwk(algorithm: DrawnAlgorithm): Promise<{ readonly jwk: JWK; readonly kid: string }> {
  for (;;) {
    const jwk = await newJwk(algorithm);
    const kid = jwk.kty === 'oct' ? (await secretOf(jwk)).kid : await calculateJwkThumbprint(jwk);
    if (!kid.startsWith('-')) return { jwk, kid };
  }
}

async function newJwk(algorithm: DrawnAlgorithm): Promise<JWK> {
  if (algorithm === 'HS256') {
    return { kty: 'oct', k: Buffer.from(crypto.getRandomValues(new Uint8Array(SECRET_BYTES))).toString('base64url') };
  }
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  return exportJWK(privateKey);
}

/** @throws Error where it was sealed under another secret, or is stored under another `kid` or algorithm than its own. */
export async function unsealedKey({ kid, algorithm, sealed }: SealedKey, secret: Uint8Array): Promise<SigningKey> {
  const jwk = await jwkIn(sealed, secret);
  if (jwk.kid !== kid || jwk.alg !== algorithm) throw new Error(`what is stored as key ${kid} is another one`);
  if (jwk.alg === 'HS256') return secretOf(jwk);
  if (!isPublished(algorithm)) throw new Error(`the key ${kid} is of no algorithm of ours`);
  const { d: _private, ...publicJwk } = jwk;
  const [signWith, verifyWith] = await Promise.all([importJWK(jwk), importJWK(publicJwk)]);
  // Bytes there are for secrets alone.
  return { kid, algorithm, signWith: signWith as CryptoKey, verifyWith: verifyWith as CryptoKey, publicJwk };
}

const isPublished = (algorithm: string): algorithm is 'EdDSA' | 'ES256' =>
  algorithm === 'EdDSA' || algorithm === 'ES256';
