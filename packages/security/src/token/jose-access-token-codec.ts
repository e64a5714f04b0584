import {
  type AccessTokenClaims,
  type AccessTokenCodec,
  type SessionId,
  type TokenCodec,
  type TokenId,
  toNumericDate,
  type UserId,
} from '@portcullis/domain';
import { type ClaimsSet, type ClaimValue, numericDateClaim, uuidClaim } from './claims-set.ts';
import { type JoseTokenCodecOptions, joseTokenCodec, type TokenFormat } from './jose-token-codec.ts';

/** Who issues the tokens and for whom: `iss` and `aud` (RFC 7519 §4.1.1, §4.1.3), compared to the letter. */
export interface TokenParties {
  readonly issuer: string;
  readonly audience: string;
}

export interface JoseAccessTokenCodecOptions
  extends TokenParties,
    Omit<JoseTokenCodecOptions<AccessTokenClaims>, 'format'> {}

/** Claims of a service's own. */
export interface OwnClaims<Own extends object> {
  /** By their names in the token; none of them that of a standard claim. */
  readonly write: (own: Own) => Readonly<Record<string, ClaimValue>>;
  /** Undefined where one is missing, or of another type: then the token is invalid. */
  readonly read: (set: ClaimsSet) => Own | undefined;
}

const NONE: OwnClaims<object> = { write: () => ({}), read: () => ({}) };

/**
 * Access tokens as signed JWTs of RFC 9068, nothing but our own spelling of them.
 * @param options.own claims beside those of RFC 9068
 */
export function joseAccessTokenCodec(options: JoseAccessTokenCodecOptions): AccessTokenCodec;
export function joseAccessTokenCodec<Own extends object>(
  options: JoseAccessTokenCodecOptions & { readonly own: OwnClaims<Own> },
): TokenCodec<AccessTokenClaims & Own>;
export function joseAccessTokenCodec({
  issuer,
  audience,
  own = NONE,
  ...options
}: JoseAccessTokenCodecOptions & { readonly own?: OwnClaims<object> }): AccessTokenCodec {
  return joseTokenCodec({ ...options, format: accessTokenFormat({ issuer, audience }, own) });
}

/** The claims of RFC 9068 §2.2, `sid` for the session, `admin`, and the service's own. */
const accessTokenFormat = (
  { issuer, audience }: TokenParties,
  own: OwnClaims<object>,
): TokenFormat<AccessTokenClaims> => ({
  type: 'at+jwt',
  spelling: 'own',
  write(claims) {
    const standard = {
      iss: issuer,
      aud: audience,
      sub: claims.userId,
      jti: claims.tokenId,
      sid: claims.sessionId,
      admin: claims.admin,
      iat: toNumericDate(claims.issuedAt),
      exp: toNumericDate(claims.expiresAt),
    };
    const added = own.write(claims);
    const taken = Object.keys(added).find((name) => Object.hasOwn(standard, name) || name === 'nbf');
    if (taken !== undefined) throw new TypeError(`${taken} is a standard claim, and not for a service to write`);
    return { ...standard, ...added };
  },
  read(set) {
    const { iss, aud, sub, jti, sid, admin, iat, exp } = set;
    if (iss !== issuer || aud !== audience) return undefined;
    const userId = uuidClaim<UserId>(sub);
    const tokenId = uuidClaim<TokenId>(jti);
    const sessionId = uuidClaim<SessionId>(sid);
    const issuedAt = numericDateClaim(iat);
    const expiresAt = numericDateClaim(exp);
    if (!userId || !tokenId || !sessionId || typeof admin !== 'boolean') return undefined;
    if (issuedAt === undefined || expiresAt === undefined) return undefined;
    const added = own.read(set);
    return added && { ...added, tokenId, sessionId, userId, admin, issuedAt, expiresAt };
  },
});
