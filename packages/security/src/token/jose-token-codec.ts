import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import {
  CLOCK_SKEW_SECONDS,
  err,
  ok,
  plusSeconds,
  type TokenClaims,
  type TokenCodec,
  Unavailable,
} from '@portcullis/domain';
import { CompactSign, compactVerify, errors } from 'jose';
import type { ClaimsSet, ClaimValue } from './claims-set.ts';
import type { KeyRing, VerifyingKey } from './key-ring.ts';
import { type BoundedMap, twoGenerations } from './two-generations.ts';

/** How a service writes its tokens. */
export interface TokenFormat<Claims extends TokenClaims> {
  /** `typ` (RFC 7515 §4.1.9). */
  readonly type: 'at+jwt' | 'JWT';
  /**
   * Whether only what we would have written to the letter is one of our tokens, header and payload, or whatever else holds the
   * same under our key: for contracts where others sign with the same secret. Then `typ` and `kid` may be missing.
   */
  readonly spelling: 'own' | 'any';
  readonly write: (claims: Claims) => Readonly<Record<string, ClaimValue>>;
  /**
   * The claims in a payload whose signature was right; undefined where one is missing, of another type, or for others.
   * @param digest of the token, in base64: an id for one that has none
   */
  readonly read: (set: ClaimsSet, digest: string) => Claims | undefined;
}

export interface JoseTokenCodecOptions<Claims extends TokenClaims> {
  readonly format: TokenFormat<Claims>;
  /** The ring in force; asked at every call, so that a rotation holds at once. Another ring is another object. */
  readonly keyRing: () => KeyRing;
  /** Asks where the keys are kept, unless that was done a moment ago: where there is no ring yet, or none of its keys can have signed a token. */
  readonly renewKeys?: () => Promise<void>;
  /** How many verified tokens are remembered at most. */
  readonly rememberedTokens?: number;
}

const TOKEN_MAX_LENGTH = 4096;

/**
 * Three parts of base64url without padding, each as it was encoded: the bits that a last character leaves over are zero
 * (RFC 4648 §3.5). Decoders ignore them, and with them one token would have several spellings.
 */
const PART = '(?:[\\w-]{4})*(?:[\\w-]{2}[AEIMQUYcgkosw048]|[\\w-][AQgw])?';
const COMPACT_FORM = new RegExp(`^${PART}\\.${PART}\\.${PART}$`);

/** What is known under one key ring, and forgotten with it. */
interface RingState<Claims extends object> {
  readonly ring: KeyRing;
  /** The keys that a token with this encoded header may have been signed with. */
  readonly keysFor: (header: string) => readonly VerifyingKey[];
  /** The claims of verified tokens by the SHA-256 of the token: no bearer token is kept in memory. */
  readonly verified: BoundedMap<string, Claims>;
}

/**
 * Tokens as signed JWTs (RFC 7519), by jose. Nothing in a token chooses how it is verified: a header is compared with what we
 * write, or judged by rules, and never obeyed. `none`, another algorithm or type, `crit`, a key sent along, an unknown `kid`
 * are all just another header (RFC 8725 §3.1, §3.11).
 *
 * The signature of a token is checked once and remembered; `exp` and `iat` are judged at every call. A refusal is never
 * remembered, and nothing is once the key ring is another one.
 */
export function joseTokenCodec<Claims extends TokenClaims>(options: JoseTokenCodecOptions<Claims>): TokenCodec<Claims> {
  const { format, keyRing, renewKeys, rememberedTokens = 10_000 } = options;
  const headerOf = ({ algorithm, kid }: VerifyingKey) => ({ alg: algorithm, typ: format.type, kid });
  const stateOf = (ring: KeyRing): RingState<Claims> => {
    const keys = [ring.signing, ...ring.verifying];
    const keysFor = format.spelling === 'own' ? byExactHeader(keys, headerOf) : byRules(keys);
    return { ring, keysFor, verified: twoGenerations(rememberedTokens) };
  };
  /** Made when it is first asked for: keys may have to be read first. */
  let state: RingState<Claims> | undefined;

  function stateNow(): RingState<Claims> {
    const ring = keyRing();
    if (ring !== state?.ring) state = stateOf(ring);
    return state;
  }

  /** The ring as it is, or as it is once the keys were read. @throws Unavailable where there is none then, either */
  function ringReady(): KeyRing | Promise<KeyRing> {
    try {
      return keyRing();
    } catch (fault) {
      if (!renewKeys || !(fault instanceof Unavailable)) throw fault;
      return renewKeys().then(keyRing);
    }
  }

  /** The claims of a token that one of the keys signed; undefined where it is none, or its claims are not ours. */
  async function readSigned(text: string, digest: string, keysFor: RingState<Claims>['keysFor']) {
    if (!COMPACT_FORM.test(text)) return undefined;
    for (const key of keysFor(text.slice(0, text.indexOf('.')))) {
      const payload = await verifiedPayload(text, key);
      const set = payload && parse(payload, format.spelling);
      const claims = set && format.read(set, digest);
      // Remembered, and so shared by every request that shows the token.
      if (payload) return claims && frozen(claims);
    }
    return undefined;
  }

  const isOfNoKey = (text: string, { keysFor }: RingState<Claims>): boolean =>
    COMPACT_FORM.test(text) && keysFor(text.slice(0, text.indexOf('.'))).length === 0;

  return {
    async sign(claims) {
      const { signing } = await ringReady();
      const text = await new CompactSign(Buffer.from(JSON.stringify(format.write(claims))))
        .setProtectedHeader(headerOf(signing))
        .sign(signing.signWith);
      // Nobody is to get a token that is refused.
      if (text.length > TOKEN_MAX_LENGTH) throw new RangeError(`the token would be ${text.length} characters long`);
      return text;
    },

    async verify(text, now) {
      // Held on to across each await below: what one ring verified must not be remembered under the next.
      const ring = ringReady();
      if (ring instanceof Promise) await ring;
      let under = stateNow();
      if (text.length > TOKEN_MAX_LENGTH) return err({ kind: 'token-invalid' });
      const digest = hash('sha256', text, 'base64');
      const known = under.verified.get(digest);
      if (!known && renewKeys && isOfNoKey(text, under)) {
        await renewKeys();
        under = stateNow();
      }
      const claims = known ?? (await readSigned(text, digest, under.keysFor));
      if (!claims || claims.issuedAt > plusSeconds(now, CLOCK_SKEW_SECONDS)) return err({ kind: 'token-invalid' });
      if (now >= claims.expiresAt) return err({ kind: 'token-expired' });
      if (!known) under.verified.set(digest, claims);
      return ok(claims);
    },
  };
}

/** The value, and all that is in it, as no request can change it. */
function frozen<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) frozen(part);
  return Object.freeze(value);
}

/** A header is one of ours to the letter, or none. */
function byExactHeader(keys: readonly VerifyingKey[], headerOf: (key: VerifyingKey) => object) {
  const encoded = (key: VerifyingKey) => Buffer.from(JSON.stringify(headerOf(key))).toString('base64url');
  const byHeader = new Map(keys.map((key) => [encoded(key), [key]]));
  return (header: string): readonly VerifyingKey[] => byHeader.get(header) ?? [];
}

/** The algorithm of the key, `JWT` or no type, our `kid` or none, and nothing else. */
const byRules =
  (keys: readonly VerifyingKey[]) =>
  (header: string): readonly VerifyingKey[] => {
    const { alg, typ, kid, ...others } = objectIn(Buffer.from(header, 'base64url').toString()) ?? {};
    if (Object.keys(others).length > 0) return [];
    if (typ !== undefined && !(typeof typ === 'string' && /^(?:application\/)?jwt$/i.test(typ))) return [];
    return keys.filter((key) => alg === key.algorithm && (kid === undefined || kid === key.kid));
  };

async function verifiedPayload(text: string, key: VerifyingKey): Promise<Uint8Array | undefined> {
  try {
    return (await compactVerify(text, key.verifyWith, { algorithms: [key.algorithm] })).payload;
  } catch (fault) {
    // jose reports a failure of the cryptography itself as a wrong signature, too, but then with its cause.
    if (fault instanceof errors.JWSSignatureVerificationFailed && fault.cause === undefined) return undefined;
    throw fault;
  }
}

/**
 * The claims in these bytes. In our own spelling they are what we would write for them, which refuses a claim given twice and bytes
 * that are not UTF-8; else the last one of two counts (RFC 7519 §4).
 */
function parse(payload: Uint8Array, spelling: 'own' | 'any'): ClaimsSet | undefined {
  const set = objectIn(Buffer.from(payload).toString());
  if (spelling === 'own' && !Buffer.from(JSON.stringify(set) ?? '').equals(payload)) return undefined;
  return set;
}

function objectIn(text: string): ClaimsSet | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as ClaimsSet) : undefined;
  } catch {
    return undefined;
  }
}
