import type { By, Emit } from '../event/event.ts';
import type { Clock } from '../shared/instant.ts';
import type { Result } from '../shared/result.ts';
import type { User, UserId } from './user.ts';
import type { AccessChange, LastAdministrator, UserNotFound, UserStore } from './user-store.ts';

export interface ChangeAccessDeps {
  readonly users: UserStore;
  readonly clock: Clock;
  readonly emit: Emit;
}

/** Changes role or state of a user. The store ends their tokens with the change, so that nothing revives when it is undone. */
export const changeAccessOfUser =
  ({ users, clock, emit }: ChangeAccessDeps) =>
  async (by: By, id: UserId, change: AccessChange): Promise<Result<User, UserNotFound | LastAdministrator>> => {
    const changed = await users.changeAccess(id, change);
    const event = changed.ok
      ? ({ kind: 'access-changed', userId: id, change, by } as const)
      : ({ kind: 'access-change-refused', userId: id, change, reason: changed.error.kind, by } as const);
    emit({ event, at: clock() });
    return changed;
  };

/** Removes a user with all sessions; what they own stays without an owner. */
export const removeUserOf =
  ({ users, clock, emit }: ChangeAccessDeps) =>
  async (by: By, id: UserId): Promise<Result<void, UserNotFound | LastAdministrator>> => {
    const removed = await users.remove(id);
    const event = removed.ok
      ? ({ kind: 'user-removed', userId: id, by } as const)
      : ({ kind: 'removal-refused', userId: id, reason: removed.error.kind, by } as const);
    emit({ event, at: clock() });
    return removed;
  };
