import {
  type Login,
  type TokenClaims,
  type TokenId,
  type TokenPolicy,
  toNumericDate,
  type UserId,
} from '@portcullis/domain';
import { numericDateClaim, type TokenFormat, uuidClaim } from '@portcullis/security';

export interface AccountsClaims extends TokenClaims {
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
  write: ({ username, userId, tokenId, issuedAt, expiresAt }) => ({
    username,
    sub: userId,
    jti: tokenId,
    iat: toNumericDate(issuedAt),
    exp: toNumericDate(expiresAt),
  }),
  read({ username, sub, jti, iat, exp }) {
    const [userId, tokenId] = [uuidClaim<UserId>(sub), uuidClaim<TokenId>(jti)];
    const [issuedAt, expiresAt] = [numericDateClaim(iat), numericDateClaim(exp)];
    if (typeof username !== 'string' || !userId || !tokenId) return undefined;
    if (issuedAt === undefined || expiresAt === undefined) return undefined;
    return { username, userId, tokenId, issuedAt, expiresAt };
  },
};
