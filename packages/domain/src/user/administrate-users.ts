import type { By, Emit } from '../event/event.ts';
import type { Session } from '../session/session.ts';
import type { SessionStore } from '../session/session-store.ts';
import { type RefreshableDeps, refreshable } from '../session/sessions.ts';
import type { Clock } from '../shared/instant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { SessionId } from '../token/token.ts';
import type { AddUser } from './add-user.ts';
import { type ChangeAccessDeps, changeAccessOfUser, removeUserOf } from './change-access.ts';
import type { Login, LoginKeys } from './login-policy.ts';
import type { User } from './user.ts';
import { userByLogin } from './user-by-login.ts';
import type { AccessChange, LastAdministrator, UserNotFound } from './user-store.ts';

// What an operator does past the API: to users by their login, and with no administrator to ask.

export interface AdministrateUsersDeps extends ChangeAccessDeps {
  readonly logins: LoginKeys;
}

export interface SessionsOfLoginDeps extends AdministrateUsersDeps {
  readonly sessions: SessionStore;
}

const OPERATOR: By = 'operator';
const NOBODY = err({ kind: 'user-not-found' });

/** Adds a user of any role. */
export const addUserAsOperator =
  ({ addUser, clock, emit }: { readonly addUser: AddUser; readonly clock: Clock; readonly emit: Emit }): AddUser =>
  async (command) => {
    const added = await addUser(command);
    if (added.ok) {
      const { id: userId, admin } = added.value;
      emit({ event: { kind: 'user-added', userId, admin, by: OPERATOR }, at: clock() });
    }
    return added;
  };

export type ChangeAccess = (
  login: Login,
  change: AccessChange,
) => Promise<Result<User, UserNotFound | LastAdministrator>>;

/** Promotes, demotes, disables or enables the user with this login. The last enabled administrator stays one. */
export const changeAccess = (deps: AdministrateUsersDeps): ChangeAccess => {
  const find = userByLogin(deps);
  const changeOf = changeAccessOfUser(deps);
  return async (login, change) => {
    const user = await find(login);
    return user ? changeOf(OPERATOR, user.id, change) : NOBODY;
  };
};

export type RemoveUser = (login: Login) => Promise<Result<void, UserNotFound | LastAdministrator>>;

/** Removes the user with this login; tokens that are still out are refused from then on, widgets stay without an owner. */
export const removeUser = (deps: AdministrateUsersDeps): RemoveUser => {
  const find = userByLogin(deps);
  const remove = removeUserOf(deps);
  return async (login) => {
    const user = await find(login);
    return user ? remove(OPERATOR, user.id) : NOBODY;
  };
};

export type SessionsOfLogin = (login: Login) => Promise<Result<readonly Session[], UserNotFound>>;

/** The sessions of the user with this login that can still be refreshed. */
export const sessionsOfLogin = (
  deps: Pick<AdministrateUsersDeps, 'users' | 'logins'> & RefreshableDeps,
): SessionsOfLogin => {
  const find = userByLogin(deps);
  return async (login) => {
    const user = await find(login);
    return user ? ok(await refreshable(deps, user.id)) : NOBODY;
  };
};

export type EndSessionsOfLogin = (login: Login, only?: SessionId) => Promise<Result<number, UserNotFound>>;

/** Ends one session of the user with this login, or all of them, and answers how many they were. */
export const endSessionsOfLogin = (deps: SessionsOfLoginDeps): EndSessionsOfLogin => {
  const find = userByLogin(deps);
  return async (login, only) => {
    const { sessions, clock, emit } = deps;
    const user = await find(login);
    if (!user) return NOBODY;
    const { id: userId } = user;
    const count = only === undefined ? await sessions.endAll(userId) : Number(await sessions.end(userId, only));
    const named = only !== undefined && { sessionId: only };
    emit({ event: { kind: 'sessions-ended', userId, ...named, count, by: OPERATOR }, at: clock() });
    return ok(count);
  };
};
