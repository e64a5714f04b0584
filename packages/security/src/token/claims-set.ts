import { Buffer } from 'node:buffer';
import {
  type AccessTokenClaims,
  fromNumericDate,
  type Instant,
  isUuid,
  parseUserId,
  type SessionId,
  type TokenId,
  toNumericDate,
} from '@portcullis/domain';

/** Who issues the tokens and for whom: `iss` and `aud` (RFC 7519 §4.1.1, §4.1.3), compared to the letter. */
export interface TokenParties {
  readonly issuer: string;
  readonly audience: string;
}

type ClaimsSet = { readonly [claim in 'iss' | 'aud' | 'sub' | 'jti' | 'sid' | 'admin' | 'iat' | 'exp']?: unknown };

/** The last second that an instant can hold. */
const LAST_NUMERIC_DATE = 8.64e12;

/** The payload of a token: the claims of RFC 9068 §2.2, `sid` for the session, and `admin`. */
export const writeClaimsSet = (claims: AccessTokenClaims, { issuer, audience }: TokenParties): Uint8Array =>
  Buffer.from(
    JSON.stringify({
      iss: issuer,
      aud: audience,
      sub: claims.userId,
      jti: claims.tokenId,
      sid: claims.sessionId,
      admin: claims.admin,
      iat: toNumericDate(claims.issuedAt),
      exp: toNumericDate(claims.expiresAt),
    }),
  );

/** The claims in a payload whose signature was right; undefined where one is missing, of another type, or for others. */
export function readClaimsSet(payload: Uint8Array, parties: TokenParties): AccessTokenClaims | undefined {
  const { iss, aud, sub, jti, sid, admin, iat, exp } = parseExactly(payload);
  if (iss !== parties.issuer || aud !== parties.audience) return undefined;
  const userId = typeof sub === 'string' ? parseUserId(sub) : undefined;
  const tokenId = uuid<TokenId>(jti);
  const sessionId = uuid<SessionId>(sid);
  const issuedAt = numericDate(iat);
  const expiresAt = numericDate(exp);
  if (!userId || !tokenId || !sessionId || typeof admin !== 'boolean') return undefined;
  if (issuedAt === undefined || expiresAt === undefined) return undefined;
  // Remembered, and so shared by every request that shows the token.
  return Object.freeze({ tokenId, sessionId, userId, admin, issuedAt, expiresAt });
}

/**
 * The JSON in these bytes, where they are what we would write for it. That refuses a claim given twice, of which readers
 * take the first or the last (RFC 7519 §4), and bytes that are not UTF-8. JSON that is no object has no claims.
 */
function parseExactly(payload: Uint8Array): ClaimsSet {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(payload).toString());
  } catch {
    return {};
  }
  return Buffer.from(JSON.stringify(value)).equals(payload) ? (value ?? {}) : {};
}

const uuid = <Id extends TokenId | SessionId>(value: unknown): Id | undefined =>
  typeof value === 'string' && isUuid(value) ? (value as Id) : undefined;

/** Whole seconds since the epoch (RFC 7519 §2); we write no fractions. */
const numericDate = (value: unknown): Instant | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= LAST_NUMERIC_DATE
    ? fromNumericDate(value)
    : undefined;
