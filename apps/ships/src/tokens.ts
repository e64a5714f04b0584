import {
  countedUserId,
  type EpochClaims,
  instant,
  type TokenId,
  type TokenPolicy,
  toNumericDate,
} from '@portcullis/domain';
import { epochClaim, epochClaimOf, numericDateClaim, type TokenFormat, uuidClaim } from '@portcullis/security';

/** What a token is good for: requests, or another access token. */
export interface ShipsClaims extends EpochClaims {
  readonly type: 'access' | 'refresh';
}

export const tokenPolicy = (type: ShipsClaims['type'], lifetimeSeconds: number): TokenPolicy<ShipsClaims> => ({
  lifetimeSeconds,
  claimsOf: (_user, token) => ({ ...token, type }),
});

/** The claims of the contract, all of them required. */
export const tokenFormat: TokenFormat<ShipsClaims> = {
  type: 'JWT',
  spelling: 'any',
  write: ({ userId, type, tokenId, epoch, issuedAt, expiresAt }) => ({
    identity: Number(userId),
    type,
    jti: tokenId,
    iat: toNumericDate(issuedAt),
    nbf: toNumericDate(issuedAt),
    exp: toNumericDate(expiresAt),
    ...(type === 'access' && { fresh: false }),
    ...epochClaimOf(epoch),
  }),
  read({ identity, type, jti, iat, nbf, exp, epoch: named }) {
    const [tokenId, epoch] = [uuidClaim<TokenId>(jti), epochClaim(named)];
    const [issuedAt, notBefore, expiresAt] = [iat, nbf, exp].map(numericDateClaim);
    if (typeof identity !== 'number' || !Number.isSafeInteger(identity) || identity < 1) return undefined;
    if ((type !== 'access' && type !== 'refresh') || !tokenId || epoch === undefined) return undefined;
    if (issuedAt === undefined || notBefore === undefined || expiresAt === undefined) return undefined;
    // In force from the later of the two on (RFC 7519 §4.1.5).
    const since = instant(Math.max(notBefore, issuedAt));
    return { userId: countedUserId(identity), type, tokenId, epoch, issuedAt: since, expiresAt };
  },
};
