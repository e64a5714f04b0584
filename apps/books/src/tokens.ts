import { type EpochClaims, instant, type TokenId, toNumericDate, type UserId } from '@portcullis/domain';
import { epochClaim, epochClaimOf, numericDateClaim, type TokenFormat, uuidClaim } from '@portcullis/security';

/** A token that does not say when it expires never does. */
const NEVER = instant(8.64e15);

/** The one claim of the contract, `public_id`, and ours beside it, which tokens of others need not have. */
export const tokenFormat: TokenFormat<EpochClaims> = {
  type: 'JWT',
  spelling: 'any',
  write: ({ userId, tokenId, epoch, issuedAt, expiresAt }) => ({
    public_id: userId,
    jti: tokenId,
    iat: toNumericDate(issuedAt),
    exp: toNumericDate(expiresAt),
    ...epochClaimOf(epoch),
  }),
  read({ public_id, jti, iat, exp, epoch: named }, digest) {
    const userId = uuidClaim<UserId>(public_id);
    const tokenId = jti === undefined ? (digest as TokenId) : uuidClaim<TokenId>(jti);
    const issuedAt = iat === undefined ? instant(0) : numericDateClaim(iat);
    const expiresAt = exp === undefined ? NEVER : numericDateClaim(exp);
    const epoch = epochClaim(named);
    if (!userId || !tokenId || epoch === undefined || issuedAt === undefined || expiresAt === undefined)
      return undefined;
    return { userId, tokenId, epoch, issuedAt, expiresAt };
  },
};
