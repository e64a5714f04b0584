import type { By, Emit } from '../event/event.ts';
import type { SessionStore } from '../session/session-store.ts';
import type { Clock } from '../shared/instant.ts';
import type { Result } from '../shared/result.ts';
import type { User, UserId } from './user.ts';
import type { AccessChange, LastAdministrator, UserNotFound, UserStore } from './user-store.ts';

export interface ChangeAccessDeps {
  readonly users: UserStore;
  readonly sessions: SessionStore;
  readonly clock: Clock;
  readonly emit: Emit;
}

/** Changes role or state of a user. Who is disabled is logged out everywhere, so that nothing of it revives when they are enabled again. */
export const changeAccessOfUser =
  ({ users, sessions, clock, emit }: ChangeAccessDeps) =>
  async (by: By, id: UserId, change: AccessChange): Promise<Result<User, UserNotFound | LastAdministrator>> => {
    const changed = await users.changeAccess(id, change);
    if (!changed.ok) return changed;
    // They are out by then, and can't begin one any more; so it may take a moment.
    if (change.disabled) await sessions.endAll(id);
    emit({ event: { kind: 'access-changed', userId: id, change, by }, at: clock() });
    return changed;
  };

/** Removes a user with all sessions; what they own stays without an owner. */
export const removeUserOf =
  ({ users, clock, emit }: Pick<ChangeAccessDeps, 'users' | 'clock' | 'emit'>) =>
  async (by: By, id: UserId): Promise<Result<void, UserNotFound | LastAdministrator>> => {
    const removed = await users.remove(id);
    if (removed.ok) emit({ event: { kind: 'user-removed', userId: id, by }, at: clock() });
    return removed;
  };
