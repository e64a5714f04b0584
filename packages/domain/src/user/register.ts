import { ok, type Result } from '../shared/result.ts';
import type { AddUser, NewUser } from './add-user.ts';
import type { User } from './user.ts';
import type { LoginTaken } from './user-store.ts';

export type Register<Tokens> = (user: NewUser) => Promise<Result<Tokens, LoginTaken>>;

/** Adds a user, never an administrator, and logs them in. */
export const register =
  <Tokens>(deps: { readonly addUser: AddUser; readonly issue: (user: User) => Promise<Tokens> }): Register<Tokens> =>
  async (user) => {
    const added = await deps.addUser({ ...user, admin: false });
    return added.ok ? ok(await deps.issue(added.value)) : added;
  };
