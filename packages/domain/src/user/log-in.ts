import { err, ok, type Result } from '../shared/result.ts';
import type { Login, LoginKeys } from './login.ts';
import type { PasswordHasher } from './password-hasher.ts';
import type { User, UserId } from './user.ts';
import { userByLogin } from './user-by-login.ts';
import type { UserStore } from './user-store.ts';

/** Unknown login, wrong password, a stored hash that no password can be verified with, and disabled user. */
export interface CredentialsInvalid {
  readonly kind: 'credentials-invalid';
  /** For the log, and for a service whose contract tells; whoever tells, tells who is registered. */
  readonly reason: 'login-unknown' | 'password-wrong' | 'password-unverifiable' | 'user-disabled';
  /** Whose login it is, where it is anybody's. For the record alone. */
  readonly userId?: UserId;
}

export interface VerifyCredentialsDeps {
  readonly users: UserStore;
  readonly logins: LoginKeys;
  readonly hasher: PasswordHasher;
}

export interface PresentedCredentials {
  readonly login: Login;
  readonly password: string;
}

export type VerifyCredentials = (presented: PresentedCredentials) => Promise<Result<User, CredentialsInvalid>>;

/**
 * Whose login and password these are, as they are stored then. A hash of yesterday's parameters, or of another system's, is made
 * again.
 */
export const verifyCredentials = ({ users, logins, hasher }: VerifyCredentialsDeps): VerifyCredentials => {
  const find = userByLogin({ users, logins });
  const verify: VerifyCredentials = async ({ login, password }) => {
    const [user, inUse] = await Promise.all([find(login), users.hashParametersInUse()]);
    const verified = await hasher.verify(password, user?.passwordHash, inUse);
    if (!user) return err({ kind: 'credentials-invalid', reason: 'login-unknown' });
    if (!verified) {
      const reason = hasher.isVerifiable(user.passwordHash) ? 'password-wrong' : 'password-unverifiable';
      return err({ kind: 'credentials-invalid', reason, userId: user.id });
    }
    if (user.disabled) return err({ kind: 'credentials-invalid', reason: 'user-disabled', userId: user.id });
    if (hasher.isCurrent(user.passwordHash)) return ok(user);
    const passwordHash = await hasher.hash(password);
    // Only in the place of the hash just verified: a password set meanwhile stays, and is the one to know.
    const replaced = await users.replacePasswordHash(user.id, user.passwordHash, passwordHash);
    return replaced ? ok({ ...user, passwordHash }) : verify({ login, password });
  };
  return verify;
};

export type LogIn<Tokens> = (presented: PresentedCredentials) => Promise<Result<Tokens, CredentialsInvalid>>;

/** @param deps.issue what a login is answered with: a token, or several. */
export const logIn =
  <Tokens>(deps: {
    readonly verifyCredentials: VerifyCredentials;
    readonly issue: (user: User) => Promise<Tokens>;
  }): LogIn<Tokens> =>
  async (presented) => {
    const verified = await deps.verifyCredentials(presented);
    return verified.ok ? ok(await deps.issue(verified.value)) : verified;
  };
