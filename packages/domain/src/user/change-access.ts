import { actIf, isUnconditional, type Precondition } from '../collection/conditional.ts';
import type { By, Emit } from '../event/event.ts';
import type { Clock } from '../shared/instant.ts';
import { err, type Result } from '../shared/result.ts';
import { type User, type UserId, type UserState, userVersion } from './user.ts';
import type {
  AccessChange,
  AccessRefusal,
  LastAdministrator,
  UserChanged,
  UserNotFound,
  UserStore,
} from './user-store.ts';

export interface ChangeAccessDeps {
  readonly users: UserStore;
  readonly clock: Clock;
  readonly emit: Emit;
}

type Refused = UserNotFound | LastAdministrator;

/** Changes role or state of a user. The store ends their tokens with the change, so that nothing revives when it is undone. */
export function changeAccessOfUser({ users, clock, emit }: ChangeAccessDeps) {
  return changeAccess;
  function changeAccess(by: By, id: UserId, change: AccessChange): Promise<Result<User, Refused>>;
  function changeAccess(
    by: By,
    id: UserId,
    change: AccessChange,
    demanded: Precondition,
  ): Promise<Result<User, AccessRefusal>>;
  async function changeAccess(
    by: By,
    id: UserId,
    change: AccessChange,
    demanded: Precondition = {},
  ): Promise<Result<User, AccessRefusal>> {
    const changed = await whereMet(users, id, demanded, (seen) => users.changeAccess(id, change, seen));
    const event = changed.ok
      ? ({ kind: 'access-changed', userId: id, change, by } as const)
      : ({ kind: 'access-change-refused', userId: id, change, reason: changed.error.kind, by } as const);
    emit({ event, at: clock() });
    return changed;
  }
}

/** Removes a user with all sessions; what they own stays without an owner. */
export function removeUserOf({ users, clock, emit }: ChangeAccessDeps) {
  return removeUser;
  function removeUser(by: By, id: UserId): Promise<Result<void, Refused>>;
  function removeUser(by: By, id: UserId, demanded: Precondition): Promise<Result<void, AccessRefusal>>;
  async function removeUser(by: By, id: UserId, demanded: Precondition = {}): Promise<Result<void, AccessRefusal>> {
    const removed = await whereMet(users, id, demanded, (seen) => users.remove(id, seen));
    const event = removed.ok
      ? ({ kind: 'user-removed', userId: id, by } as const)
      : ({ kind: 'removal-refused', userId: id, reason: removed.error.kind, by } as const);
    emit({ event, at: clock() });
    return removed;
  }
}

/** Has the store act on the user, where there is a precondition in the very state for which it was judged. */
async function whereMet<T>(
  users: UserStore,
  id: UserId,
  precondition: Precondition,
  act: (seen?: UserState) => Promise<Result<T, Refused | UserChanged>>,
): Promise<Result<T, AccessRefusal>> {
  const acted = await actIf(
    () => users.byId(id),
    userVersion,
    precondition,
    async (user): Promise<Result<T, Refused> | undefined> => {
      const acted = await act(isUnconditional(precondition) ? undefined : user);
      if (acted.ok) return acted;
      return acted.error.kind === 'changed' ? undefined : err(acted.error);
    },
  );
  if (acted.ok) return acted;
  return err(acted.error.kind === 'absent' ? { kind: 'user-not-found' } : acted.error);
}
