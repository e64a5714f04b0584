import { actIf, isUnconditional, type Precondition } from '../collection/conditional.ts';
import type { Emit } from '../event/event.ts';
import type { SessionStore } from '../session/session-store.ts';
import type { Clock, Instant } from '../shared/instant.ts';
import { type Page, type PageRequest, pageOf } from '../shared/page.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { SessionId } from '../token/token.ts';
import { type Actor, actorIn } from './actor.ts';
import { type User, type UserId, type UserState, userVersion } from './user.ts';
import type {
  AccessChange,
  AccessRefusal,
  LastAdministrator,
  UserChanged,
  UserNotFound,
  UserStore,
} from './user-store.ts';

export interface AdministrationDeps {
  readonly users: UserStore;
  readonly clock: Clock;
  readonly emit: Emit;
}

type Refused = UserNotFound | LastAdministrator;

export type ListUsers = (by: Actor, request: PageRequest, loginPrefix: string) => Promise<Page<User>>;

/** All users in the order of registration; where a prefix is given, those whose login begins so, in the order of logins. */
export const listUsers =
  ({ users, keyOfPrefix }: { readonly users: UserStore; readonly keyOfPrefix: (text: string) => string }): ListUsers =>
  async (_by, request, loginPrefix) => {
    const key = keyOfPrefix(loginPrefix);
    return pageOf(request, await (key === '' ? users.page(request) : users.search(key, request)));
  };

export type GetUser = (by: Actor, id: UserId) => Promise<Result<User, UserNotFound>>;

export const getUser =
  ({ users }: { readonly users: UserStore }): GetUser =>
  async (_by, id) => {
    const user = await users.byId(id);
    return user ? ok(user) : err({ kind: 'user-not-found' });
  };

/**
 * Changes role or state of a user. The store ends their tokens with the change, so that nothing revives when it is undone. The last
 * administrator who is not disabled stays one.
 */
export function changeAccess({ users, clock, emit }: AdministrationDeps) {
  return change;
  function change(by: Actor, id: UserId, wanted: AccessChange): Promise<Result<User, Refused>>;
  function change(
    by: Actor,
    id: UserId,
    wanted: AccessChange,
    demanded: Precondition,
  ): Promise<Result<User, AccessRefusal>>;
  async function change(
    actor: Actor,
    userId: UserId,
    change: AccessChange,
    demanded: Precondition = {},
  ): Promise<Result<User, AccessRefusal>> {
    const changed = await whereMet(users, userId, demanded, (seen) => users.changeAccess(userId, change, seen));
    const by = actorIn(actor, userId);
    const event = changed.ok
      ? ({ kind: 'access-changed', userId, change, by } as const)
      : ({ kind: 'access-change-refused', userId, change, reason: changed.error.kind, by } as const);
    emit({ event, at: clock() });
    return changed;
  }
}

export type ChangeAccess = ReturnType<typeof changeAccess>;

/** Removes a user with all sessions. Tokens that are out are refused from then on; what the user owns stays without an owner. */
export function removeUser({ users, clock, emit }: AdministrationDeps) {
  return remove;
  function remove(by: Actor, id: UserId): Promise<Result<void, Refused>>;
  function remove(by: Actor, id: UserId, demanded: Precondition): Promise<Result<void, AccessRefusal>>;
  async function remove(
    actor: Actor,
    userId: UserId,
    demanded: Precondition = {},
  ): Promise<Result<void, AccessRefusal>> {
    const removed = await whereMet(users, userId, demanded, (seen) => users.remove(userId, seen));
    const by = actorIn(actor, userId);
    const event = removed.ok
      ? ({ kind: 'user-removed', userId, by } as const)
      : ({ kind: 'removal-refused', userId, reason: removed.error.kind, by } as const);
    emit({ event, at: clock() });
    return removed;
  }
}

export type RemoveUser = ReturnType<typeof removeUser>;

export type EndSessions = (
  by: Actor,
  id: UserId,
  only?: SessionId,
  lastUsedAt?: Instant,
) => Promise<Result<number, UserNotFound>>;

/**
 * Ends one session of a user, or all of them with all tokens, and returns how many sessions they were. Access tokens are refused from the
 * next request on.
 * @param lastUsedAt of the one session, if given: it is ended only while it was last used then
 */
export const endSessions =
  ({ users, sessions, clock, emit }: AdministrationDeps & { readonly sessions: SessionStore }): EndSessions =>
  async (by, userId, only, lastUsedAt) => {
    const user = await users.byId(userId);
    const count =
      only === undefined ? await sessions.endAll(userId) : Number(await sessions.end(userId, only, lastUsedAt));
    if (!user) return err({ kind: 'user-not-found' });
    if (by !== 'oneself' || only === undefined) {
      const named = only !== undefined && { sessionId: only };
      const event = { kind: 'sessions-ended', userId, ...named, count, by: actorIn(by, userId) } as const;
      emit({ event, at: clock() });
    } else if (count > 0) emit({ event: { kind: 'session-ended', userId, sessionId: only }, at: clock() });
    return ok(count);
  };

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
