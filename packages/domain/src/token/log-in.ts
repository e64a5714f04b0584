import type { Emit } from '../event/event.ts';
import type { Clock } from '../shared/instant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { CredentialsInvalid } from '../user/credentials-invalid.ts';
import type { Register, Registration } from '../user/register.ts';
import type { User } from '../user/user.ts';
import type { LoginTaken } from '../user/user-store.ts';
import type { PresentedCredentials, VerifyCredentials } from '../user/verify-credentials.ts';
import type { TokenClaims } from './token.ts';
import type { TokenStrategy } from './token-strategy.ts';

interface Deps<Tokens> {
  readonly tokens: Pick<TokenStrategy<Tokens, TokenClaims>, 'issue'>;
  readonly clock: Clock;
  readonly emit: Emit;
}

/** `User-Agent` of the client (RFC 9110 §10.1.5). */
interface OfUserAgent {
  readonly userAgent?: string | undefined;
}

export type LogIn<Tokens> = (
  presented: PresentedCredentials & OfUserAgent,
) => Promise<Result<Tokens, CredentialsInvalid>>;

/** Issues tokens to the user whose password was shown, if it is still theirs when they are issued. */
export const logIn =
  <Tokens>({
    verifyCredentials,
    ...deps
  }: Deps<Tokens> & { readonly verifyCredentials: VerifyCredentials }): LogIn<Tokens> =>
  async ({ userAgent, ...presented }) => {
    const verified = await verifyCredentials(presented);
    if (!verified.ok) return verified;
    const user = verified.value;
    const tokens = await issued(deps, user, userAgent);
    if (tokens) return ok(tokens);
    // Another password was set since, or the user is gone or disabled.
    const reason = 'password-wrong';
    deps.emit({ event: { kind: 'login-failed', reason, userId: user.id }, at: deps.clock() });
    return err({ kind: 'credentials-invalid', reason });
  };

export type RegisterAndLogIn<Tokens> = (
  user: Registration & OfUserAgent,
) => Promise<Result<Tokens, LoginTaken | CredentialsInvalid>>;

/** Registers a user and logs them in, unless an administrator was quick to remove them again. */
export const registerAndLogIn =
  <Tokens>({ register, ...deps }: Deps<Tokens> & { readonly register: Register }): RegisterAndLogIn<Tokens> =>
  async ({ userAgent, ...registration }) => {
    const registered = await register(registration);
    if (!registered.ok) return registered;
    const tokens = await issued(deps, registered.value, userAgent);
    return tokens ? ok(tokens) : err({ kind: 'credentials-invalid', reason: 'login-unknown' });
  };

async function issued<Tokens>(
  { tokens, clock, emit }: Deps<Tokens>,
  user: User,
  userAgent: string | undefined,
): Promise<Tokens | undefined> {
  const answer = await tokens.issue(user, userAgent);
  if (!answer) return undefined;
  const { tokens: own, ...session } = answer;
  emit({ event: { kind: 'logged-in', userId: user.id, ...session }, at: clock() });
  return own;
}
