import { err, ok, type Result } from '../shared/result.ts';
import type { IssueAccessToken, IssuedToken } from '../token/issue-access-token.ts';
import type { Email } from './email.ts';
import type { PasswordHasher } from './password-hasher.ts';
import type { UserStore } from './user-store.ts';

/** Unknown email, wrong password and disabled user alike. */
export interface CredentialsInvalid {
  readonly kind: 'credentials-invalid';
}

export interface LogInDeps {
  readonly users: UserStore;
  readonly hasher: PasswordHasher;
  readonly issueAccessToken: IssueAccessToken;
}

export type LogIn = (command: {
  readonly email: Email;
  readonly password: string;
}) => Promise<Result<IssuedToken, CredentialsInvalid>>;

export const logIn =
  ({ users, hasher, issueAccessToken }: LogInDeps): LogIn =>
  async ({ email, password }) => {
    const user = await users.byEmail(email);
    const verified = await hasher.verify(password, user?.passwordHash);
    if (!user || !verified || user.disabled) return err({ kind: 'credentials-invalid' });
    if (!hasher.isCurrent(user.passwordHash)) {
      // Only in the place of the hash just verified: a password set meanwhile stays.
      await users.replacePasswordHash(user.id, user.passwordHash, await hasher.hash(password));
    }
    return ok(await issueAccessToken(user));
  };
