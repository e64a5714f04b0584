import type { Clock } from '../shared/instant.ts';
import { ok, type Result } from '../shared/result.ts';
import type { NewUuid } from '../shared/uuid.ts';
import type { Email } from './email.ts';
import type { NewPassword } from './password.ts';
import type { PasswordHasher } from './password-hasher.ts';
import type { User, UserId } from './user.ts';
import type { EmailTaken, UserStore } from './user-store.ts';

export interface AddUserDeps {
  readonly users: UserStore;
  readonly hasher: PasswordHasher;
  readonly clock: Clock;
  readonly newUuid: NewUuid;
}

export interface AddUserCommand {
  readonly email: Email;
  readonly password: NewPassword;
  readonly admin: boolean;
}

export type AddUser = (command: AddUserCommand) => Promise<Result<User, EmailTaken>>;

/** Adds a user. Whether the email is free is decided by the store alone, as it adds. */
export const addUser =
  ({ users, hasher, clock, newUuid }: AddUserDeps): AddUser =>
  async ({ email, password, admin }) => {
    const passwordHash = await hasher.hash(password);
    const user: User = {
      id: newUuid() as UserId,
      email,
      passwordHash,
      admin,
      disabled: false,
      registeredAt: clock(),
    };
    const added = await users.add(user);
    return added.ok ? ok(user) : added;
  };
