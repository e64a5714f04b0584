import type { Precondition } from '../collection/conditional.ts';
import { type Page, type PageRequest, pageOf } from '../shared/page.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { Administrator } from '../token/authorize-administrator.ts';
import { type ChangeAccessDeps, changeAccessOfUser, removeUserOf } from './change-access.ts';
import type { User, UserId } from './user.ts';
import type { AccessChange, AccessRefusal, UserNotFound, UserStore } from './user-store.ts';

export type ListUsers = (by: Administrator, request: PageRequest, loginPrefix: string) => Promise<Page<User>>;

/** All users in the order of registration; where a prefix is given, those whose login begins so, in the order of logins. */
export const listUsers =
  ({ users, keyOfPrefix }: { readonly users: UserStore; readonly keyOfPrefix: (text: string) => string }): ListUsers =>
  async (_by, request, loginPrefix) => {
    const key = keyOfPrefix(loginPrefix);
    return pageOf(request, await (key === '' ? users.page(request) : users.search(key, request)));
  };

export type GetUser = (by: Administrator, id: UserId) => Promise<Result<User, UserNotFound>>;

export const getUser =
  ({ users }: { readonly users: UserStore }): GetUser =>
  async (_by, id) => {
    const user = await users.byId(id);
    return user ? ok(user) : err({ kind: 'user-not-found' });
  };

export type ChangeAccessOf = (
  by: Administrator,
  id: UserId,
  change: AccessChange,
  precondition: Precondition,
) => Promise<Result<User, AccessRefusal>>;

/** Changes role or state of any user. */
export const changeAccessOf = (deps: ChangeAccessDeps): ChangeAccessOf => {
  const change = changeAccessOfUser(deps);
  return (by, id, wanted, precondition) => change(by.user.id, id, wanted, precondition);
};

export type RemoveUserById = (
  by: Administrator,
  id: UserId,
  precondition: Precondition,
) => Promise<Result<void, AccessRefusal>>;

/** Removes any user with all sessions; what they own stays without an owner. */
export const removeUserById = (deps: ChangeAccessDeps): RemoveUserById => {
  const remove = removeUserOf(deps);
  return (by, id, precondition) => remove(by.user.id, id, precondition);
};
