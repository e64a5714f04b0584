import {
  type EpochClaims,
  type Login,
  type TokenId,
  type TokenPolicy,
  toNumericDate,
  type UserId,
} from '@portcullis/domain';
import { epochClaim, epochClaimOf, numericDateClaim, type TokenFormat, uuidClaim } from '@portcullis/security';

export interface AccountsClaims extends EpochClaims {
  readonly username: string;
}

export const tokenPolicy = (lifetimeSeconds: number): TokenPolicy<AccountsClaims> => ({
  lifetimeSeconds,
  claimsOf: ({ login }: { readonly login: Login }, token) => ({ ...token, username: login }),
});

/**
 * `username` and `exp` as in the contract, and an id of the token and of the user: two logins within a second are two tokens, and
 * whoever takes a name that has become free does not get the tokens of the one before.
 */
export const tokenFormat: TokenFormat<AccountsClaims> = {
  type: 'JWT',
  spelling: 'any',
  write: ({ username, userId, tokenId, epoch, issuedAt, expiresAt }) => ({
    username,
    sub: userId,
    jti: tokenId,
    iat: toNumericDate(issuedAt),
    exp: toNumericDate(expiresAt),
    ...epochClaimOf(epoch),
  }),
  read({ username, sub, jti, iat, exp, epoch: named }) {
    const [userId, tokenId] = [uuidClaim<UserId>(sub), uuidClaim<TokenId>(jti)];
    const [issuedAt, expiresAt] = [numericDateClaim(iat), numericDateClaim(exp)];
    const epoch = epochClaim(named);
    if (typeof username !== 'string' || !userId || !tokenId || epoch === undefined) return undefined;
    if (issuedAt === undefined || expiresAt === undefined) return undefined;
    return { username, userId, tokenId, epoch, issuedAt, expiresAt };
  },
};
