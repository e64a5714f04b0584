import {
  type AccessTokenClaims,
  type AccessTokenCodec,
  type SessionId,
  type TokenId,
  toNumericDate,
  type UserId,
} from '@portcullis/domain';
import { numericDateClaim, uuidClaim } from './claims-set.ts';
import { type JoseTokenCodecOptions, joseTokenCodec, type TokenFormat } from './jose-token-codec.ts';

/** Who issues the tokens and for whom: `iss` and `aud` (RFC 7519 §4.1.1, §4.1.3), compared to the letter. */
export interface TokenParties {
  readonly issuer: string;
  readonly audience: string;
}

export interface JoseAccessTokenCodecOptions
  extends TokenParties,
    Omit<JoseTokenCodecOptions<AccessTokenClaims>, 'format'> {}

/** Access tokens as signed JWTs of RFC 9068, nothing but our own spelling of them. */
export const joseAccessTokenCodec = ({ issuer, audience, ...options }: JoseAccessTokenCodecOptions): AccessTokenCodec =>
  joseTokenCodec({ ...options, format: accessTokenFormat({ issuer, audience }) });

/** The claims of RFC 9068 §2.2, `sid` for the session, and `admin`. */
const accessTokenFormat = ({ issuer, audience }: TokenParties): TokenFormat<AccessTokenClaims> => ({
  type: 'at+jwt',
  spelling: 'own',
  write: (claims) => ({
    iss: issuer,
    aud: audience,
    sub: claims.userId,
    jti: claims.tokenId,
    sid: claims.sessionId,
    admin: claims.admin,
    iat: toNumericDate(claims.issuedAt),
    exp: toNumericDate(claims.expiresAt),
  }),
  read({ iss, aud, sub, jti, sid, admin, iat, exp }) {
    if (iss !== issuer || aud !== audience) return undefined;
    const userId = uuidClaim<UserId>(sub);
    const tokenId = uuidClaim<TokenId>(jti);
    const sessionId = uuidClaim<SessionId>(sid);
    const issuedAt = numericDateClaim(iat);
    const expiresAt = numericDateClaim(exp);
    if (!userId || !tokenId || !sessionId || typeof admin !== 'boolean') return undefined;
    if (issuedAt === undefined || expiresAt === undefined) return undefined;
    return { tokenId, sessionId, userId, admin, issuedAt, expiresAt };
  },
});
