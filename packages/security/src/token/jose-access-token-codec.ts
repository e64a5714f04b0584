import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import {
  type AccessTokenClaims,
  type AccessTokenCodec,
  CLOCK_SKEW_SECONDS,
  err,
  ok,
  plusSeconds,
} from '@portcullis/domain';
import { CompactSign, compactVerify, errors } from 'jose';
import { readClaimsSet, type TokenParties, writeClaimsSet } from './claims-set.ts';
import type { KeyRing, VerifyingKey } from './key-ring.ts';
import { type BoundedMap, twoGenerations } from './two-generations.ts';

export interface JoseAccessTokenCodecOptions extends TokenParties {
  /** The ring in force; asked at every call, so that a rotation holds at once. Another ring is another object. */
  readonly keyRing: () => KeyRing;
  /** How many verified tokens are remembered at most. */
  readonly rememberedTokens?: number;
}

const TOKEN_MAX_LENGTH = 4096;

/** The protected header of every token signed with this key (RFC 9068 §2.1). */
const headerOf = ({ algorithm, kid }: VerifyingKey) => ({ alg: algorithm, typ: 'at+jwt', kid });

/**
 * Three parts of base64url without padding, each as it was encoded: the bits that a last character leaves over are zero
 * (RFC 4648 §3.5). Decoders ignore them, and with them one token would have several spellings.
 */
const PART = '(?:[\\w-]{4})*(?:[\\w-]{2}[AEIMQUYcgkosw048]|[\\w-][AQgw])?';
const COMPACT_FORM = new RegExp(`^${PART}\\.${PART}\\.${PART}$`);

/** What is known under one key ring, and forgotten with it. */
interface RingState {
  readonly ring: KeyRing;
  /** The keys by the encoded header of their tokens. */
  readonly keys: ReadonlyMap<string, VerifyingKey>;
  /** The claims of verified tokens by the SHA-256 of the token: no bearer token is kept in memory. */
  readonly verified: BoundedMap<string, AccessTokenClaims>;
}

function stateOf(ring: KeyRing, rememberedTokens: number): RingState {
  const encoded = (key: VerifyingKey) => Buffer.from(JSON.stringify(headerOf(key))).toString('base64url');
  const keys = new Map([...ring.verifying, ring.signing].map((key) => [encoded(key), key]));
  return { ring, keys, verified: twoGenerations(rememberedTokens) };
}

/**
 * Access tokens as signed JWTs (RFC 9068), by jose. The header of a token that we signed is known to the letter, so it is
 * compared and not obeyed: `none`, another algorithm or type, `crit`, a key sent along, an unknown `kid`, a parameter given
 * twice are all just another header (RFC 8725 §3.1, §3.11).
 *
 * The signature of a token is checked once and remembered; `exp` and `iat` are judged at every call. A refusal is never
 * remembered, and nothing is once the key ring is another one.
 */
export function joseAccessTokenCodec(options: JoseAccessTokenCodecOptions): AccessTokenCodec {
  const { keyRing, rememberedTokens = 10_000 } = options;
  let state = stateOf(keyRing(), rememberedTokens);

  return {
    async sign(claims) {
      const { signing } = keyRing();
      return new CompactSign(writeClaimsSet(claims, options))
        .setProtectedHeader(headerOf(signing))
        .sign(signing.signWith);
    },

    async verify(text, now) {
      const ring = keyRing();
      if (ring !== state.ring) state = stateOf(ring, rememberedTokens);
      // Held on to across the await below: what one ring verified must not be remembered under the next.
      const { keys, verified } = state;

      if (text.length > TOKEN_MAX_LENGTH) return err({ kind: 'token-invalid' });
      const digest = hash('sha256', text, 'base64');
      const known = verified.get(digest);
      const claims = known ?? (await readSigned(text, keys, options));
      if (!claims || claims.issuedAt > plusSeconds(now, CLOCK_SKEW_SECONDS)) return err({ kind: 'token-invalid' });
      if (now >= claims.expiresAt) return err({ kind: 'token-expired' });
      if (!known) verified.set(digest, claims);
      return ok(claims);
    },
  };
}

/** The claims of a token that one of the keys signed; undefined where it is none, or its claims are not ours. */
async function readSigned(
  text: string,
  keys: RingState['keys'],
  parties: TokenParties,
): Promise<AccessTokenClaims | undefined> {
  const key = keys.get(text.slice(0, text.indexOf('.')));
  if (!key || !COMPACT_FORM.test(text)) return undefined;
  try {
    const { payload } = await compactVerify(text, key.verifyWith, { algorithms: [key.algorithm] });
    return readClaimsSet(payload, parties);
  } catch (fault) {
    // jose reports a failure of the cryptography itself as a wrong signature, too, but then with its cause.
    if (fault instanceof errors.JWSSignatureVerificationFailed && fault.cause === undefined) return undefined;
    throw fault;
  }
}
