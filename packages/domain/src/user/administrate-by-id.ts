import type { Emit } from '../event/event.ts';
import type { SessionStore } from '../session/session-store.ts';
import type { Clock } from '../shared/instant.ts';
import { type Page, type PageRequest, pageOf } from '../shared/page.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { Administrator } from '../token/authorize-administrator.ts';
import type { User, UserId } from './user.ts';
import type { AccessChange, LastAdministrator, UserNotFound, UserStore } from './user-store.ts';

interface Deps {
  readonly users: UserStore;
  readonly sessions: SessionStore;
  readonly clock: Clock;
  readonly emit: Emit;
}

export type ListUsers = (by: Administrator, request: PageRequest, loginPrefix: string) => Promise<Page<User>>;

/** All users in the order of registration; where a prefix is given, those whose login begins so, in the order of logins. */
export const listUsers =
  ({ users, keyOfPrefix }: Pick<Deps, 'users'> & { readonly keyOfPrefix: (text: string) => string }): ListUsers =>
  async (_by, request, loginPrefix) => {
    const key = keyOfPrefix(loginPrefix);
    return pageOf(request, await (key === '' ? users.page(request) : users.search(key, request)));
  };

export type GetUser = (by: Administrator, id: UserId) => Promise<Result<User, UserNotFound>>;

export const getUser =
  ({ users }: Pick<Deps, 'users'>): GetUser =>
  async (_by, id) => {
    const user = await users.byId(id);
    return user ? ok(user) : err({ kind: 'user-not-found' });
  };

export type ChangeAccessOf = (
  by: Administrator,
  id: UserId,
  change: AccessChange,
) => Promise<Result<User, UserNotFound | LastAdministrator>>;

/** Changes role or state of any user. Who is disabled is logged out everywhere, so that nothing of it revives when they are enabled again. */
export const changeAccessOf =
  ({ users, sessions, clock, emit }: Deps): ChangeAccessOf =>
  async (by, id, change) => {
    const changed = await users.changeAccess(id, change);
    if (!changed.ok) return changed;
    // They are out by then, and can't begin one any more; so it may take a moment.
    if (change.disabled) await sessions.endAll(id);
    emit({ event: { kind: 'access-changed', userId: id, change, by: by.user.id }, at: clock() });
    return changed;
  };

export type RemoveUserById = (by: Administrator, id: UserId) => Promise<Result<void, UserNotFound | LastAdministrator>>;

/** Removes any user with all sessions; what they own stays without an owner. */
export const removeUserById =
  ({ users, clock, emit }: Pick<Deps, 'users' | 'clock' | 'emit'>): RemoveUserById =>
  async (by, id) => {
    const removed = await users.remove(id);
    if (removed.ok) emit({ event: { kind: 'user-removed', userId: id, by: by.user.id }, at: clock() });
    return removed;
  };
