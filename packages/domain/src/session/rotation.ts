import type { Instant } from '../shared/instant.ts';
import type { SessionId } from '../token/token.ts';
import type { User, UserId } from '../user/user.ts';
import { type Session, type SessionRecord, type TokenHash, withinLifetime } from './session.ts';

/** A refresh token shown for the next one. */
export interface Rotation {
  readonly userId: UserId;
  readonly sessionId: SessionId;
  readonly presented: TokenHash;
  /** Derived from the one presented, so that who shows it twice is told the same twice. */
  readonly successor: TokenHash;
  readonly at: Instant;
  /** When the successor expires, unless the session ends before. */
  readonly expiresAt: Instant;
  /** How long after its beginning a session ends, whatever is refreshed. */
  readonly sessionLifetimeSeconds: number;
  /** For how long after its first use a token is answered with the same successor again; with 0, never. */
  readonly graceMilliseconds: number;
}

export type RotationOutcome =
  /** The successor is the session's newest token, for the first time or again. */
  | { readonly kind: 'rotated' | 'replayed'; readonly session: Session; readonly user: User }
  /** The token was spent before, and this call ended the session for it. */
  | { readonly kind: 'reused' }
  /** There is no such session, any more or at all, it has expired or come to its end, or its user is disabled. */
  | { readonly kind: 'session-unknown' };

/**
 * What becomes of a session when this token is shown. The rule that stores go by in the very moment of the change.
 * `reused` is for every token but the newest two, and for the older of these once the grace is over.
 */
export function judgeRotation(
  record: SessionRecord | undefined,
  {
    presented,
    at,
    graceMilliseconds,
    sessionLifetimeSeconds,
  }: Pick<Rotation, 'presented' | 'at' | 'graceMilliseconds' | 'sessionLifetimeSeconds'>,
): RotationOutcome['kind'] {
  if (!record || withinLifetime(record, sessionLifetimeSeconds).expiresAt <= at) return 'session-unknown';
  if (record.current === presented) return 'rotated';
  const { previous, rotatedAt } = record;
  // Of two nodes one may be behind the other's clock.
  const isInGrace = rotatedAt !== null && Math.max(0, at - rotatedAt) < graceMilliseconds;
  return previous === presented && isInGrace ? 'replayed' : 'reused';
}

/** The session once its token was spent for the successor, which expires no later than the session ends. */
export const rotated = (
  record: SessionRecord,
  { presented, successor, at, expiresAt, sessionLifetimeSeconds }: Rotation,
): SessionRecord => ({
  ...record,
  current: successor,
  previous: presented,
  rotatedAt: at,
  lastUsedAt: at,
  expiresAt: withinLifetime({ ...record, expiresAt }, sessionLifetimeSeconds).expiresAt,
});
