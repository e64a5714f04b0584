import type { Result } from '../shared/result.ts';
import { err } from '../shared/result.ts';
import type { Login, LoginPolicy } from './login.ts';
import type { User } from './user.ts';
import type { AccessChange, LastAdministrator, UserNotFound, UserStore } from './user-store.ts';

export interface AdministrateUsersDeps {
  readonly users: UserStore;
  readonly logins: Pick<LoginPolicy<never>, 'keyOf'>;
}

export type ChangeAccess = (
  login: Login,
  change: AccessChange,
) => Promise<Result<User, UserNotFound | LastAdministrator>>;

/** Promotes, demotes, disables or enables the user with this login. The last enabled administrator stays one. */
export const changeAccess =
  ({ users, logins }: AdministrateUsersDeps): ChangeAccess =>
  async (login, change) => {
    const user = await users.byLogin(logins.keyOf(login));
    return user ? users.changeAccess(user.id, change) : err({ kind: 'user-not-found' });
  };

export type RemoveUser = (login: Login) => Promise<Result<void, UserNotFound | LastAdministrator>>;

/** Removes the user with this login; tokens that are still out are refused from then on, widgets stay without an owner. */
export const removeUser =
  ({ users, logins }: AdministrateUsersDeps): RemoveUser =>
  async (login) => {
    const user = await users.byLogin(logins.keyOf(login));
    return user ? users.remove(user.id) : err({ kind: 'user-not-found' });
  };
