import { ok, type Result } from '../shared/result.ts';
import type { IssueAccessToken, IssuedToken } from '../token/issue-access-token.ts';
import type { AddUser } from './add-user.ts';
import type { Email } from './email.ts';
import type { NewPassword } from './password.ts';
import type { EmailTaken } from './user-store.ts';

export type Register = (command: {
  readonly email: Email;
  readonly password: NewPassword;
}) => Promise<Result<IssuedToken, EmailTaken>>;

/** Adds a user, never an administrator, and logs them in. */
export const register =
  (deps: { readonly addUser: AddUser; readonly issueAccessToken: IssueAccessToken }): Register =>
  async ({ email, password }) => {
    const added = await deps.addUser({ email, password, admin: false });
    return added.ok ? ok(await deps.issueAccessToken(added.value)) : added;
  };
