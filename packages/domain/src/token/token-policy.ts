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
  /** What the token says: `token`, and what the service adds, which may have to be read first. Asked at each login and refresh. */
  readonly claimsOf: (user: User, token: EpochClaims) => Claims | Promise<Claims>;
}

/**
 * Access tokens of RFC 9068 for a session: with its `sid`, and the user's role. The session ends them, and no epoch is in them.
 * @param ownClaims what the service says of the user beside that
 */
export function accessTokenPolicy(
  lifetimeSeconds: number,
  sessionId: SessionId,
  endsAt?: Instant,
): TokenPolicy<AccessTokenClaims>;
export function accessTokenPolicy<Own extends object>(
  lifetimeSeconds: number,
  sessionId: SessionId,
  endsAt: Instant | undefined,
  ownClaims: (user: User) => Own | Promise<Own>,
): TokenPolicy<AccessTokenClaims & Own>;
export function accessTokenPolicy(
  lifetimeSeconds: number,
  sessionId: SessionId,
  endsAt?: Instant,
  ownClaims?: (user: User) => object | Promise<object>,
): TokenPolicy<AccessTokenClaims> {
  return {
    lifetimeSeconds,
    endsAt,
    async claimsOf(user, { epoch: _epoch, ...token }) {
      return { ...(await ownClaims?.(user)), ...token, sessionId, admin: user.admin };
    },
  };
}
