import type { Login, LoginKeys, LoginPolicy } from './login-policy.ts';
import type { User } from './user.ts';
import type { UserStore } from './user-store.ts';

export interface UserByLoginDeps {
  readonly users: Pick<UserStore, 'byLogin'>;
  readonly logins: LoginKeys;
}

/**
 * Finds the user with this login. An account that an earlier release stored under another key is found by its own spelling, before
 * the one that has the key now.
 */
export const userByLogin =
  ({ users, logins }: UserByLoginDeps) =>
  async (login: Login): Promise<User | undefined> => {
    const [key, earlier] = [logins.keyOf(login), logins.earlierKeyOf(login)];
    if (key === earlier) return users.byLogin(key);
    // Both in any case: how long it takes does not tell which of them is there.
    const [current, kept] = await Promise.all([users.byLogin(key), users.byLogin(earlier)]);
    return kept ?? current;
  };

export type FindUser = (login: string) => Promise<User | undefined>;

/** Finds the user whose login this text is; undefined also where it can be none. */
export const findUser = ({
  logins,
  ...deps
}: Pick<UserByLoginDeps, 'users'> & {
  readonly logins: LoginKeys & Pick<LoginPolicy<never>, 'presented'>;
}): FindUser => {
  const find = userByLogin({ ...deps, logins });
  return async (login) => {
    const presented = logins.presented(login);
    return presented === undefined ? undefined : find(presented);
  };
};
