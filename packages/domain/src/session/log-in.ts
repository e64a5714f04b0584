import type { Emit } from '../event/event.ts';
import type { Clock } from '../shared/instant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { AddUser } from '../user/add-user.ts';
import type { CredentialsInvalid, PresentedCredentials, VerifyCredentials } from '../user/log-in.ts';
import { type Registration, signUp } from '../user/sign-up.ts';
import type { LoginTaken } from '../user/user-store.ts';
import type { BeginSession, Client, TokenPair } from './begin-session.ts';

interface Deps {
  readonly begin: BeginSession;
  readonly clock: Clock;
  readonly emit: Emit;
}

export type LogInToSession = (
  presented: PresentedCredentials,
  client: Client,
) => Promise<Result<TokenPair, CredentialsInvalid>>;

/** Begins a session for whoever knows the password, at the moment that it begins. */
export const logInToSession =
  ({
    verifyCredentials,
    begin,
    clock,
    emit,
  }: Deps & { readonly verifyCredentials: VerifyCredentials }): LogInToSession =>
  async (presented, client) => {
    const verified = await verifyCredentials(presented);
    if (!verified.ok) return verified;
    const tokens = await begin(verified.value, client);
    if (tokens) return ok(tokens);
    // Another password was set since, or the user is gone or disabled.
    const reason = 'password-wrong';
    emit({ event: { kind: 'login-failed', reason, userId: verified.value.id }, at: clock() });
    return err({ kind: 'credentials-invalid', reason });
  };

export type Register = (
  user: Registration,
  client: Client,
) => Promise<Result<TokenPair, LoginTaken | CredentialsInvalid>>;

/** Adds a user, never an administrator, and begins their first session, unless an administrator was quick to remove them again. */
export const register = ({ begin, ...deps }: Deps & { readonly addUser: AddUser }): Register => {
  const add = signUp(deps);
  return async (user, client) => {
    const added = await add(user);
    if (!added.ok) return added;
    const tokens = await begin(added.value, client);
    return tokens ? ok(tokens) : err({ kind: 'credentials-invalid', reason: 'login-unknown' });
  };
};
