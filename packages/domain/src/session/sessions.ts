import type { Emit } from '../event/event.ts';
import { type Clock, plusSeconds } from '../shared/instant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { Principal } from '../token/authenticate.ts';
import type { Administrator } from '../token/authorize-administrator.ts';
import type { SessionId } from '../token/token.ts';
import { REVOCATION_MARGIN_SECONDS } from '../token/token-policy.ts';
import type { UserId } from '../user/user.ts';
import type { UserNotFound, UserStore } from '../user/user-store.ts';
import { type Session, withinLifetime } from './session.ts';
import type { SessionStore } from './session-store.ts';
import type { SessionPolicy } from './session-tokens.ts';

interface Deps {
  readonly sessions: SessionStore;
  readonly clock: Clock;
  readonly emit: Emit;
}

export interface RefreshableDeps extends Pick<Deps, 'sessions' | 'clock'> {
  readonly policy: Pick<SessionPolicy, 'sessionLifetimeSeconds'>;
}

export interface SessionNotFound {
  readonly kind: 'session-not-found';
}

export type ListSessions = (principal: Principal) => Promise<readonly Session[]>;

/** The caller's sessions that can still be refreshed. */
export const listSessions =
  (deps: RefreshableDeps): ListSessions =>
  ({ user }) =>
    refreshable(deps, user.id);

/** The sessions of a user that can still be refreshed. */
export async function refreshable(
  { sessions, clock, policy }: RefreshableDeps,
  userId: UserId,
): Promise<readonly Session[]> {
  const at = clock();
  const own = (await sessions.ofUser(userId)).map((each) => withinLifetime(each, policy.sessionLifetimeSeconds));
  return own.filter(({ expiresAt }) => expiresAt > at);
}

export type EndSession = (principal: Principal, id: SessionId) => Promise<Result<void, SessionNotFound>>;

/** Ends one of the caller's own sessions; its access tokens are refused from the next request on. */
export const endSession =
  (deps: Deps): EndSession =>
  async ({ user }, id) =>
    (await endOne(deps, user.id, id)) ? ok(undefined) : err({ kind: 'session-not-found' });

/** Ends a session, on record; false where it was not there. */
export async function endOne({ sessions, clock, emit }: Deps, userId: UserId, sessionId: SessionId): Promise<boolean> {
  const ended = await sessions.end(userId, sessionId);
  if (ended) emit({ event: { kind: 'session-ended', userId, sessionId }, at: clock() });
  return ended;
}

export type LogOutEverywhere = (principal: Principal) => Promise<number>;

/** Ends all of the caller's sessions, this one included, and answers how many they were. */
export const logOutEverywhere =
  ({ sessions, clock, emit }: Deps): LogOutEverywhere =>
  async ({ user: { id } }) => {
    const count = await sessions.endAll(id);
    emit({ event: { kind: 'sessions-ended', userId: id, count, by: id }, at: clock() });
    return count;
  };

export type EndSessionsOf = (by: Administrator, id: UserId) => Promise<Result<number, UserNotFound>>;

/** Ends all sessions of any user. */
export const endSessionsOf =
  ({ users, sessions, clock, emit }: Deps & { readonly users: UserStore }): EndSessionsOf =>
  async (by, id) => {
    const [user, count] = [await users.byId(id), await sessions.endAll(id)];
    if (!user) return err({ kind: 'user-not-found' });
    emit({ event: { kind: 'sessions-ended', userId: id, count, by: by.user.id }, at: clock() });
    return ok(count);
  };

/**
 * Forgets sessions that nobody can refresh any more. They are kept for as long as an access token of theirs may still be good,
 * which would be refused with them.
 */
export const sweepSessions =
  ({
    sessions,
    clock,
    accessLifetimeSeconds,
  }: Pick<Deps, 'sessions' | 'clock'> & { readonly accessLifetimeSeconds: number }) =>
  (): Promise<number> =>
    sessions.sweep(plusSeconds(clock(), -(accessLifetimeSeconds + REVOCATION_MARGIN_SECONDS)));
