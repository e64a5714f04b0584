import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { type IntrospectionOptions, introspector } from './introspection.ts';

export interface VerifierOptions {
  /** `TOKEN_ISSUER` and `TOKEN_AUDIENCE` of the service that issues the tokens, to the letter (RFC 9068 §4). */
  readonly issuer: string;
  readonly audience: string;
  /**
   * `https://api.example.org/.well-known/jwks.json`, where tokens are signed with EdDSA or ES256: then forgeries and tokens that have
   * expired are refused without a question to anyone. Left out where they are signed with HS256; then all is for introspection to say.
   */
  readonly jwksUrl?: string | URL;
  /**
   * The check of what no signature tells: logout, the end of a session, a user who is disabled or gone. Left out only where a token may
   * be taken until it expires, whatever became of it.
   */
  readonly introspection?: IntrospectionOptions;
  /** In challenges (RFC 9110 §11.5). */
  readonly realm?: string;
}

/** What an access token says (RFC 9068 §2.2), once it is known to be in force. */
export interface BearerToken {
  /** The user's public id. */
  readonly sub: string;
  /** The session. */
  readonly sid: string;
  readonly jti: string;
  /** In seconds since 1970. */
  readonly exp: number;
  readonly iat: number;
  /** The role of now where introspection tells it, else the one of when the token was issued. */
  readonly admin: boolean;
}

/** How to answer: with this status and these headers. */
export interface BearerRefused {
  readonly ok: false;
  /** 401 for what is no token in force, 503 where that cannot be known now. */
  readonly status: 401 | 503;
  readonly headers: Readonly<Record<string, string>>;
  /** For the log: why. Never has the token in it. */
  readonly reason: string;
}

export type Verification = { readonly ok: true; readonly token: BearerToken } | BearerRefused;

/** @param authorization the value of the request's `Authorization` header */
export type VerifyBearer = (authorization: string | undefined) => Promise<Verification>;

/** What we sign with and publish keys for; `none` and secrets are not among them (RFC 8725 §3.1, §3.2). */
const ALGORITHMS = ['EdDSA', 'ES256'];
/** As the endpoint's own `max-age` has it. */
const KEYS_MAX_AGE_MS = 60_000;
/** How often the keys are fetched for tokens whose key nobody knows. */
const KEYS_COOLDOWN_MS = 5_000;
const TIMEOUT_MS = 2_000;
const RETRY_AFTER_SECONDS = 2;
/** How far the clocks of two machines may be apart. */
const CLOCK_SKEW_SECONDS = 30;

// RFC 6750 §2.1.
const BEARER = /^bearer +([\w.~+/-]+=*)$/i;

/**
 * Checks the bearer token of each request, for any framework (RFC 6750).
 * @throws TypeError where there is neither a key set nor introspection, and so nothing to check by.
 */
export function verifyBearer(options: VerifierOptions): VerifyBearer {
  const { issuer, audience, jwksUrl, introspection, realm = 'api' } = options;
  if (jwksUrl === undefined && introspection === undefined) throw new TypeError('nothing to check tokens by');
  const keys =
    jwksUrl === undefined
      ? undefined
      : createRemoteJWKSet(new URL(jwksUrl), {
          cacheMaxAge: KEYS_MAX_AGE_MS,
          cooldownDuration: KEYS_COOLDOWN_MS,
          timeoutDuration: TIMEOUT_MS,
        });
  const introspect = introspection && introspector(introspection);

  const challenge = (error: string): string => `Bearer realm="${realm.replaceAll(/["\\]/g, '\\$&')}"${error}`;
  const unauthorized = (reason: string, error = ', error="invalid_token"'): BearerRefused => ({
    ...{ ok: false, status: 401, reason },
    headers: { 'WWW-Authenticate': challenge(error) },
  });
  const unavailable = (reason: string): BearerRefused => ({
    ...{ ok: false, status: 503, reason },
    headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) },
  });

  /** Undefined where the signature, or a claim, is not right. @throws Error where the keys cannot be had. */
  async function signed(text: string): Promise<BearerToken | undefined> {
    if (!keys) return undefined;
    try {
      const { payload } = await jwtVerify(text, keys, {
        ...{ issuer, audience, algorithms: ALGORITHMS, typ: 'at+jwt' },
        ...{ requiredClaims: ['sub', 'sid', 'jti', 'iat', 'exp'] },
      });
      return tokenIn(payload);
    } catch (fault) {
      // Of the key set only that it could not be had is no verdict on the token.
      if (fault instanceof errors.JOSEError && !isAboutTheKeySet(fault)) return undefined;
      throw fault;
    }
  }

  return async (authorization) => {
    if (!authorization) return unauthorized('no token', '');
    const [, text] = BEARER.exec(authorization.trim()) ?? [];
    if (text === undefined) {
      return /^bearer(?: |$)/i.test(authorization) ? unauthorized('no single token') : unauthorized('no token', '');
    }
    try {
      const bySignature = keys && (await signed(text));
      if (keys && !bySignature) return unauthorized('not signed, expired, or for somebody else');
      if (!introspect) return bySignature ? { ok: true, token: bySignature } : unauthorized('not signed');
      const told = await introspect(text);
      if (!told || told.iss !== issuer || told.aud !== audience) return unauthorized('not in force');
      const { sub, sid, jti, exp, iat, admin } = told;
      // An answer that is gone by for a while may outlive the token.
      if (exp * 1000 <= Date.now()) return unauthorized('expired');
      return { ok: true, token: { sub, sid, jti, exp, iat, admin } };
    } catch (fault) {
      return unavailable(fault instanceof Error ? `${fault.name}: ${fault.message}` : 'unknown');
    }
  };
}

const isAboutTheKeySet = (fault: errors.JOSEError): boolean =>
  fault instanceof errors.JWKSTimeout ||
  fault instanceof errors.JWKSInvalid ||
  // Anything but a 200, or no JSON.
  fault.code === 'ERR_JOSE_GENERIC';

function tokenIn({ sub, sid, jti, exp, iat, admin }: JWTPayload): BearerToken | undefined {
  if (typeof sub !== 'string' || typeof sid !== 'string' || typeof jti !== 'string') return undefined;
  if (typeof exp !== 'number' || typeof iat !== 'number' || typeof admin !== 'boolean') return undefined;
  if (iat > Date.now() / 1000 + CLOCK_SKEW_SECONDS) return undefined;
  return { sub, sid, jti, exp, iat, admin };
}
