import { instant, type TokenClaims, type TokenId, toNumericDate, type UserId } from '@portcullis/domain';
import { numericDateClaim, type TokenFormat, uuidClaim } from '@portcullis/security';

/** A token that does not say when it expires never does. */
const NEVER = instant(8.64e15);

/** The one claim of the contract, `public_id`, and ours beside it, which tokens of others need not have. */
export const tokenFormat: TokenFormat<TokenClaims> = {
  type: 'JWT',
  spelling: 'any',
  write: ({ userId, tokenId, issuedAt, expiresAt }) => ({
    public_id: userId,
    jti: tokenId,
    iat: toNumericDate(issuedAt),
    exp: toNumericDate(expiresAt),
  }),
  read({ public_id, jti, iat, exp }, digest) {
    const userId = uuidClaim<UserId>(public_id);
    const tokenId = jti === undefined ? (digest as TokenId) : uuidClaim<TokenId>(jti);
    const issuedAt = iat === undefined ? instant(0) : numericDateClaim(iat);
    const expiresAt = exp === undefined ? NEVER : numericDateClaim(exp);
    if (!userId || !tokenId || issuedAt === undefined || expiresAt === undefined) return undefined;
    return { userId, tokenId, issuedAt, expiresAt };
  },
};
