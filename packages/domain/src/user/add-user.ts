import type { Emit } from '../event/event.ts';
import type { Clock } from '../shared/instant.ts';
import { ok, type Result } from '../shared/result.ts';
import { OWN_SOURCE, type Source } from '../shared/source.ts';
import type { Login, LoginPolicy } from './login-policy.ts';
import type { NewPassword } from './password.ts';
import type { PasswordHasher } from './password-hasher.ts';
import type { NewUserId, User } from './user.ts';
import type { LoginTaken, UserStore } from './user-store.ts';

export interface AddUserDeps {
  readonly users: UserStore;
  readonly logins: Pick<LoginPolicy<never>, 'keyOf'>;
  readonly hasher: PasswordHasher;
  readonly clock: Clock;
  readonly newUserId: NewUserId;
}

export interface NewUser {
  readonly login: Login;
  readonly password: NewPassword;
  readonly firstName?: string | null;
  readonly lastName?: string | null;
}

export interface AddUserCommand extends NewUser {
  readonly admin: boolean;
  /** `OWN_SOURCE` where it is left out. */
  readonly source?: Source;
}

export type AddUser = (command: AddUserCommand) => Promise<Result<User, LoginTaken>>;

/** Adds a user. Whether the login is free is decided by the store alone, as it adds. */
export const addUser =
  ({ users, logins, hasher, clock, newUserId }: AddUserDeps): AddUser =>
  async ({ login, password, admin, firstName = null, lastName = null, source = OWN_SOURCE }) => {
    const loginKey = logins.keyOf(login);
    const passwordHash = await hasher.hash(password, { source, subject: loginKey });
    const user: User = {
      id: await newUserId(),
      login,
      loginKey,
      passwordHash,
      admin,
      disabled: false,
      registeredAt: clock(),
      verifiedAt: null,
      tokenEpoch: 0,
      firstName,
      lastName,
    };
    const added = await users.add(user);
    return added.ok ? ok(user) : added;
  };

/** Adds a user of any role, on record as the operator's doing. */
export const addUserAsOperator =
  ({ addUser, clock, emit }: { readonly addUser: AddUser; readonly clock: Clock; readonly emit: Emit }): AddUser =>
  async (command) => {
    const added = await addUser(command);
    if (added.ok) {
      const { id: userId, admin } = added.value;
      emit({ event: { kind: 'user-added', userId, admin, by: 'operator' }, at: clock() });
    }
    return added;
  };
