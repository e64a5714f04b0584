import type { Emit } from '../event/event.ts';
import type { SessionStore } from '../session/session-store.ts';
import type { Clock } from '../shared/instant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { Source } from '../shared/source.ts';
import type { Login } from '../user/login-policy.ts';
import type { NewPassword, PasswordFault } from '../user/password.ts';
import type { PasswordHasher } from '../user/password-hasher.ts';
import type { User } from '../user/user.ts';
import type { UserStore } from '../user/user-store.ts';
import type { MailPurpose, MailToken, MailTokenGenerator } from './mail-token.ts';
import type { MailTokenStore } from './mail-token-store.ts';

/** It was never ours, is over, was used, or is void since its user was changed. */
export interface MailTokenInvalid {
  readonly kind: 'mail-token-invalid';
}

interface Deps {
  readonly users: UserStore;
  readonly mailTokenGenerator: MailTokenGenerator;
  readonly mailTokens: MailTokenStore;
  readonly clock: Clock;
  readonly emit: Emit;
}

/** Every refusal is an event. */
const refuse = ({ clock, emit }: Pick<Deps, 'clock' | 'emit'>, purpose: MailPurpose, token: MailToken | undefined) => {
  emit({ event: { kind: 'mail-token-refused', purpose, ...(token && { userId: token.userId }) }, at: clock() });
  return INVALID;
};

const INVALID = err({ kind: 'mail-token-invalid' });

const found = async (
  { mailTokenGenerator, mailTokens, clock }: Omit<Deps, 'users' | 'emit'>,
  purpose: MailPurpose,
  text: string,
): Promise<MailToken | undefined> => {
  const token = await mailTokens.find(purpose, mailTokenGenerator.hash(text));
  return token && token.expiresAt > clock() ? token : undefined;
};

/** Whether the user has not changed since the token was drawn: every change that ends their access tokens ends it, too. */
const isGoodFor = (token: MailToken, user: User): boolean =>
  user.tokenEpoch === token.epoch && user.loginKey === token.loginKey && !user.disabled;

export type VerifyEmail = (token: string) => Promise<Result<void, MailTokenInvalid>>;

/** Notes that an address is its user's own, for the one who shows what was sent there. */
export const verifyEmail =
  (deps: Deps): VerifyEmail =>
  async (text) => {
    const { users, mailTokens, clock, emit } = deps;
    const token = await found(deps, 'verify-email', text);
    if (!token || !(await mailTokens.take('verify-email', token.hash))) return refuse(deps, 'verify-email', token);
    const at = clock();
    const expected = { loginKey: token.loginKey, tokenEpoch: token.epoch };
    if (!(await users.verifyLogin(token.userId, expected, at))) return refuse(deps, 'verify-email', token);
    emit({ event: { kind: 'email-verified', userId: token.userId }, at });
    return ok(undefined);
  };

export type ResetPassword = (
  token: string,
  /** Judges what was chosen, once it is known whose it will be. */
  choose: (login: Login) => Result<NewPassword, PasswordFault>,
  source: Source,
) => Promise<Result<void, MailTokenInvalid | PasswordFault>>;

/**
 * Sets another password for the one who shows what was sent to the user's address, and ends all sessions. What is refused for the
 * password uses nothing up.
 */
export const resetPassword =
  (deps: Deps & { readonly sessions: SessionStore; readonly hasher: PasswordHasher }): ResetPassword =>
  async (text, choose, source) => {
    const { users, sessions, hasher, mailTokens, clock, emit } = deps;
    const token = await found(deps, 'reset-password', text);
    const owner = token && (await users.byId(token.userId));
    if (!token || !owner || !isGoodFor(token, owner)) return refuse(deps, 'reset-password', token);
    const chosen = choose(owner.login);
    if (!chosen.ok) return chosen;
    // Hashed first, since that may have to wait, or be refused for now: then the token is still good.
    const next = await hasher.hash(chosen.value, { source, subject: owner.id });
    if (!(await mailTokens.take('reset-password', token.hash))) return refuse(deps, 'reset-password', token);
    for (let user: User | undefined = owner; user && isGoodFor(token, user); user = await users.byId(token.userId)) {
      // Not replaced where the hash was made anew in between. Whatever voids the token moves the epoch, so the store refuses it then.
      if (!(await sessions.replacePassword(user.id, user.passwordHash, next, { epoch: token.epoch }))) continue;
      emit({ event: { kind: 'password-reset', userId: user.id }, at: clock() });
      return ok(undefined);
    }
    return refuse(deps, 'reset-password', token);
  };
