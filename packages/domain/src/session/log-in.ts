import type { Emit } from '../event/event.ts';
import type { Clock } from '../shared/instant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { AddUser, NewUser } from '../user/add-user.ts';
import type { CredentialsInvalid, PresentedCredentials, VerifyCredentials } from '../user/log-in.ts';
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
    const tokens = verified.ok ? await begin(verified.value, client) : undefined;
    if (tokens) return ok(tokens);
    const { reason, userId }: Omit<CredentialsInvalid, 'kind'> = verified.ok
      ? { reason: 'password-wrong', userId: verified.value.id }
      : verified.error;
    emit({ event: { kind: 'login-failed', reason, ...(userId !== undefined && { userId }) }, at: clock() });
    return err({ kind: 'credentials-invalid', reason });
  };

export type Register = (user: NewUser, client: Client) => Promise<Result<TokenPair, LoginTaken | CredentialsInvalid>>;

/** Adds a user, never an administrator, and begins their first session, unless an administrator was quick to remove them again. */
export const register =
  ({ addUser, begin, clock, emit }: Deps & { readonly addUser: AddUser }): Register =>
  async (user, client) => {
    const added = await addUser({ ...user, admin: false });
    if (!added.ok) return added;
    emit({ event: { kind: 'registered', userId: added.value.id }, at: clock() });
    const tokens = await begin(added.value, client);
    return tokens ? ok(tokens) : err({ kind: 'credentials-invalid', reason: 'login-unknown' });
  };
