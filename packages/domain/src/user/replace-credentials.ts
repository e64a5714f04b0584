import type { Emit } from '../event/event.ts';
import type { Clock } from '../shared/instant.ts';
import type { Result } from '../shared/result.ts';
import type { Source } from '../shared/source.ts';
import type { Login, LoginPolicy } from './login-policy.ts';
import type { NewPassword } from './password.ts';
import type { PasswordHasher } from './password-hasher.ts';
import type { User, UserId } from './user.ts';
import type { LoginTaken, UserNotFound, UserStore } from './user-store.ts';

export interface ReplaceCredentialsDeps {
  readonly users: UserStore;
  readonly logins: Pick<LoginPolicy<never>, 'keyOf'>;
  readonly hasher: PasswordHasher;
  readonly clock: Clock;
  readonly emit: Emit;
}

export type ReplaceCredentials = (
  id: UserId,
  next: { readonly login: Login; readonly password: NewPassword; readonly source: Source },
) => Promise<Result<User, UserNotFound | LoginTaken>>;

/** Gives a user another login and password, both at once. */
export const replaceCredentials =
  ({ users, logins, hasher, clock, emit }: ReplaceCredentialsDeps): ReplaceCredentials =>
  async (id, { login, password, source }) => {
    const replaced = await users.replaceCredentials(id, {
      login,
      loginKey: logins.keyOf(login),
      passwordHash: await hasher.hash(password, { source, subject: id }),
    });
    const event = replaced.ok
      ? ({ kind: 'credentials-replaced', userId: id } as const)
      : ({ kind: 'credentials-refused', userId: id, reason: replaced.error.kind } as const);
    emit({ event, at: clock() });
    return replaced;
  };
