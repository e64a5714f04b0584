import type { Result } from '../shared/result.ts';
import { err } from '../shared/result.ts';
import type { Email } from './email.ts';
import type { User } from './user.ts';
import type { AccessChange, LastAdministrator, UserNotFound, UserStore } from './user-store.ts';

export type ChangeAccess = (
  email: Email,
  change: AccessChange,
) => Promise<Result<User, UserNotFound | LastAdministrator>>;

/** Promotes, demotes, disables or enables the user with this email. The last enabled administrator stays one. */
export const changeAccess =
  ({ users }: { readonly users: UserStore }): ChangeAccess =>
  async (email, change) => {
    const user = await users.byEmail(email);
    return user ? users.changeAccess(user.id, change) : err({ kind: 'user-not-found' });
  };

export type RemoveUser = (email: Email) => Promise<Result<void, UserNotFound | LastAdministrator>>;

/** Removes the user with this email; tokens that are still out are refused from then on, widgets stay without an owner. */
export const removeUser =
  ({ users }: { readonly users: UserStore }): RemoveUser =>
  async (email) => {
    const user = await users.byEmail(email);
    return user ? users.remove(user.id) : err({ kind: 'user-not-found' });
  };
