import type { Emit } from '../event/event.ts';
import type { Clock } from '../shared/instant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { Source } from '../shared/source.ts';
import type { CredentialsInvalid } from './credentials-invalid.ts';
import type { LoginPolicy } from './login-policy.ts';
import { normalizePassword } from './password.ts';
import type { PasswordHasher } from './password-hasher.ts';
import type { User, UserId } from './user.ts';
import { userByLogin } from './user-by-login.ts';
import type { UserStore } from './user-store.ts';
import { verifyPassword } from './verify-password.ts';

export interface VerifyCredentialsDeps {
  readonly users: UserStore;
  readonly logins: Pick<LoginPolicy<never>, 'presented' | 'keyOf' | 'earlierKeyOf'>;
  readonly hasher: PasswordHasher;
  readonly clock: Clock;
  readonly emit: Emit;
}

export interface PresentedCredentials {
  /** As it was sent; what no login can be is unknown. */
  readonly login: string;
  readonly password: string;
  readonly source: Source;
}

export type VerifyCredentials = (presented: PresentedCredentials) => Promise<Result<User, CredentialsInvalid>>;

/**
 * Whose login and password these are, as they are stored then. A hash of yesterday's parameters, of another system's, or of a
 * spelling that is not normalised, is made again. Every refusal is an event, so that no service can forget it.
 */
export const verifyCredentials = ({ users, logins, hasher, clock, emit }: VerifyCredentialsDeps): VerifyCredentials => {
  const find = userByLogin({ users, logins });
  const refused = (reason: CredentialsInvalid['reason'], userId?: UserId) => {
    emit({ event: { kind: 'login-failed', reason, ...(userId !== undefined && { userId }) }, at: clock() });
    return err({ kind: 'credentials-invalid', reason });
  };
  const verify: VerifyCredentials = async ({ login, password, source }) => {
    const presented = logins.presented(login);
    // By what was sent and not by what is found: whose turn it is does not tell who is registered.
    const asker = { source, subject: presented === undefined ? '' : logins.keyOf(presented) };
    const [user, inUse] = await Promise.all([
      presented === undefined ? undefined : find(presented),
      users.hashParametersInUse(),
    ]);
    const verified = await verifyPassword(hasher, password, user?.passwordHash, { inUse, asker });
    if (!user) return refused('login-unknown');
    if (!verified) {
      return refused(hasher.isVerifiable(user.passwordHash) ? 'password-wrong' : 'password-unverifiable', user.id);
    }
    if (user.disabled) return refused('user-disabled', user.id);
    if (verified === 'normalized' && hasher.isCurrent(user.passwordHash)) return ok(user);
    const passwordHash = await hasher.hash(normalizePassword(password), asker);
    // Only in the place of the hash just verified: a password set meanwhile stays, and is the one to know.
    const replaced = await users.replacePasswordHash(user.id, user.passwordHash, passwordHash);
    return replaced ? ok({ ...user, passwordHash }) : verify({ login, password, source });
  };
  return verify;
};

/** Refuses credentials of which there is nothing to verify, since nobody can read them. On record as any other login that failed. */
export const refuseLogin =
  ({ clock, emit }: Pick<VerifyCredentialsDeps, 'clock' | 'emit'>) =>
  (): Result<never, CredentialsInvalid> => {
    emit({ event: { kind: 'login-failed', reason: 'login-unknown' }, at: clock() });
    return err({ kind: 'credentials-invalid', reason: 'login-unknown' });
  };
