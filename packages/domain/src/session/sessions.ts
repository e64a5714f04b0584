import { type Clock, plusSeconds } from '../shared/instant.ts';
import { REVOCATION_MARGIN_SECONDS } from '../token/token-policy.ts';
import type { UserId } from '../user/user.ts';
import { type Session, withinLifetime } from './session.ts';
import type { SessionStore } from './session-store.ts';
import type { SessionPolicy } from './session-tokens.ts';

interface Deps {
  readonly sessions: SessionStore;
  readonly clock: Clock;
}

export interface ListSessionsDeps extends Deps {
  readonly policy: Pick<SessionPolicy, 'sessionLifetimeSeconds'>;
}

export type ListSessions = (userId: UserId) => Promise<readonly Session[]>;

/** The sessions of a user that can still be refreshed. */
export const listSessions =
  ({ sessions, clock, policy }: ListSessionsDeps): ListSessions =>
  async (userId) => {
    const at = clock();
    const own = (await sessions.ofUser(userId)).map((each) => withinLifetime(each, policy.sessionLifetimeSeconds));
    return own.filter(({ expiresAt }) => expiresAt > at);
  };

/**
 * Forgets sessions that nobody can refresh any more. They are kept for as long as an access token of theirs may still be good,
 * which would be refused with them.
 */
export const sweepSessions =
  ({ sessions, clock, accessLifetimeSeconds }: Deps & { readonly accessLifetimeSeconds: number }) =>
  (): Promise<number> =>
    sessions.sweep(plusSeconds(clock(), -(accessLifetimeSeconds + REVOCATION_MARGIN_SECONDS)));
