import { Buffer } from 'node:buffer';
import type { CryptoKey, JWK } from 'jose';

/** `alg` (RFC 7518 §3.1, RFC 8037 §3.1). It belongs to the key: nothing in a token can choose another one. */
export type SignatureAlgorithm = 'HS256' | 'HS512' | 'EdDSA' | 'ES256';
type SecretAlgorithm = keyof typeof HASHES;

/** A key that tokens are checked with, imported once. */
export interface VerifyingKey {
  /** `kid` (RFC 7515 §4.1.4). Public: every token carries it. */
  readonly kid: string;
  readonly algorithm: SignatureAlgorithm;
  readonly verifyWith: CryptoKey;
  /** What everyone may know of it (RFC 7517 §4), with its `kid`; a secret has nothing of the kind. */
  readonly publicJwk?: JWK;
}

/** A key that tokens are signed with, too. */
export interface SigningKey extends VerifyingKey {
  readonly signWith: CryptoKey;
}

/** The keys in force at one moment. Rotation makes a new ring and never changes one. */
export interface KeyRing {
  /** Signs new tokens, and verifies. */
  readonly signing: SigningKey;
  /** Believed as well: keys that signed before, or will sign next. */
  readonly verifying: readonly VerifyingKey[];
}

/** RFC 7518 §3.2: a key is at least as long as the hash. */
const HASHES = {
  HS256: { hash: 'SHA-256', minimumBytes: 32 },
  HS512: { hash: 'SHA-512', minimumBytes: 64 },
} as const;

/** No dot in it, so it never is the input of a token's signature: that always has one. */
const KID_LABEL = new TextEncoder().encode('portcullis access token kid');
const KID_BYTES = 12;

/** HS512 where the secret is long enough for it (RFC 7518 §3.2), else HS256. */
export const strongestFor = (secret: Uint8Array): SecretAlgorithm =>
  secret.byteLength >= HASHES.HS512.minimumBytes ? 'HS512' : 'HS256';

/**
 * The key made of these bytes.
 *
 * Its `kid` is an HMAC of a fixed label under the key itself, cut to 96 bits: the same on every node, and without the key it
 * looks random. A thumbprint is not meant for secrets (RFC 7638 §7): it hashes the bare key, so whoever shares a secret
 * between two systems would show it. The HMAC says no more than the signature beside it in every token.
 *
 * @throws RangeError where there are fewer bytes than the algorithm's hash has.
 */
export async function secretKey(
  secret: Uint8Array<ArrayBuffer>,
  algorithm: SecretAlgorithm = 'HS256',
): Promise<SigningKey> {
  const { hash, minimumBytes } = HASHES[algorithm];
  if (secret.byteLength < minimumBytes) {
    throw new RangeError(`a token secret has at least ${minimumBytes} bytes, this one ${secret.byteLength}`);
  }
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash }, false, ['sign', 'verify']);
  const mac = await crypto.subtle.sign('HMAC', key, KID_LABEL);
  const kid = Buffer.from(mac, 0, KID_BYTES).toString('base64url');
  return { kid, algorithm, signWith: key, verifyWith: key };
}
