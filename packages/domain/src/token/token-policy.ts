import type { Instant } from '../shared/instant.ts';
import type { User } from '../user/user.ts';
import type { AccessTokenClaims, EpochClaims, SessionId, TokenClaims } from './token.ts';

/** How far the clocks of two nodes may be apart: an `iat` this much ahead is still believed. */
export const CLOCK_SKEW_SECONDS = 30;

/**
 * How long a revocation is kept beyond the token's `exp`. Without it, the node whose clock is ahead could sweep it while
 * the node whose clock is behind still takes the token. One node may be ahead by CLOCK_SKEW_SECONDS, the
 * other behind, and a request under way.
 */
export const REVOCATION_MARGIN_SECONDS = 3 * CLOCK_SKEW_SECONDS;

/** What tokens of one kind say and how long they are good for. */
export interface TokenPolicy<Claims extends TokenClaims> {
  readonly lifetimeSeconds: number;
  /** No token is good for longer, whatever its lifetime. */
  readonly endsAt?: Instant | undefined;
  /** What is said beside what every token says. */
  readonly claimsOf: (user: User, token: EpochClaims) => Claims;
}

/** Access tokens of RFC 9068 for a session: with its `sid`, and the user's role. The session ends them, and no epoch is in them. */
export const accessTokenPolicy = (
  lifetimeSeconds: number,
  sessionId: SessionId,
  endsAt?: Instant,
): TokenPolicy<AccessTokenClaims> => ({
  lifetimeSeconds,
  endsAt,
  claimsOf: (user, { epoch: _epoch, ...token }) => ({ ...token, sessionId, admin: user.admin }),
});
