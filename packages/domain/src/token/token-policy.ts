/** How far the clocks of two nodes may be apart: an `iat` this much ahead is still believed. */
export const CLOCK_SKEW_SECONDS = 30;

/**
 * How long a revocation is kept beyond the token's `exp`. Without it, the node whose clock is ahead could sweep it while
 * the node whose clock is behind still takes the token.
 */
export const REVOCATION_MARGIN_SECONDS = 300;

export interface TokenPolicy {
  readonly accessTokenLifetimeSeconds: number;
}
