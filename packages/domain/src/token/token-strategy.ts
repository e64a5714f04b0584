import type { Clock } from '../shared/instant.ts';
import type { User } from '../user/user.ts';
import type { RevokedTokenStore } from './revoked-token-store.ts';
import type { SessionId, TokenClaims } from './token.ts';

/** What a login is answered with. */
export interface Issued<Tokens> {
  readonly tokens: Tokens;
  /** Where a session stands behind the tokens. */
  readonly sessionId?: SessionId;
}

/** How a service issues tokens, and ends them. A service has one of these. */
export interface TokenStrategy<Tokens, Claims extends TokenClaims> {
  /**
   * Issues tokens to a user whose password was verified. Undefined, or tokens that are void, where the user has another one by now, is gone or
   * disabled.
   * @param userAgent of the client, as it names itself
   */
  issue(user: User, userAgent: string | undefined): Promise<Issued<Tokens> | undefined>;
  /** Ends what the token belongs to, on all nodes. True for exactly one caller: the one who ended it. */
  end(token: Claims): Promise<boolean>;
}

/**
 * Tokens that no session stands behind. Each is good until it expires, is revoked, or its user is in another epoch: what is issued while the
 * password is changed is void from the start.
 * @param deps.issue makes one token or several
 */
export const statelessTokens = <Tokens>({
  issue,
  revokedTokens,
  clock,
}: {
  readonly issue: (user: User) => Promise<Tokens>;
  readonly revokedTokens: RevokedTokenStore;
  readonly clock: Clock;
}): TokenStrategy<Tokens, TokenClaims> => ({
  issue: async (user) => ({ tokens: await issue(user) }),
  end: ({ tokenId, expiresAt }) => revokedTokens.revoke({ tokenId, revokedAt: clock(), expiresAt }),
});
