import type { Precondition, PreconditionFailed } from '../collection/conditional.ts';
import type { Emit } from '../event/event.ts';
import type { MailTokenStore } from '../mail/mail-token-store.ts';
import type { Clock } from '../shared/instant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { Source } from '../shared/source.ts';
import type { Principal } from '../token/authenticate.ts';
import { removeUserOf } from '../user/change-access.ts';
import type { NewPassword } from '../user/password.ts';
import type { PasswordHasher } from '../user/password-hasher.ts';
import type { UserId } from '../user/user.ts';
import type { LastAdministrator, UserStore } from '../user/user-store.ts';
import { verifyPassword } from '../user/verify-password.ts';
import type { SessionStore } from './session-store.ts';

interface Deps {
  readonly hasher: PasswordHasher;
  readonly clock: Clock;
  readonly emit: Emit;
}

/** The caller is logged in, and yet does not know the password. */
export interface PasswordWrong {
  readonly kind: 'password-wrong';
}

export type ChangePassword = (
  principal: Principal,
  change: { readonly oldPassword: string; readonly newPassword: NewPassword; readonly source: Source },
) => Promise<Result<void, PasswordWrong>>;

/** Sets a new password and ends the user's other sessions, those included that the old password is just beginning. */
export const changePassword =
  ({
    sessions,
    mailTokenStore,
    hasher,
    clock,
    emit,
  }: Deps & { readonly sessions: SessionStore; readonly mailTokenStore: MailTokenStore }): ChangePassword =>
  async ({ user, token }, { oldPassword, newPassword, source }) => {
    const asker = { source, subject: user.id };
    const refused = () => refuse({ clock, emit }, user.id, 'change-password');
    if (!(await verifyPassword(hasher, oldPassword, user.passwordHash, { asker }))) return refused();
    const next = await hasher.hash(newPassword, asker);
    // A mail that is out would set yet another one.
    await mailTokenStore.drop(user.id, 'reset-password');
    // Changed by somebody else while it was hashed: the old password is not the old one any more.
    if (!(await sessions.replacePassword(user.id, user.passwordHash, next, { keep: token.sessionId })))
      return refused();
    emit({ event: { kind: 'password-changed', userId: user.id }, at: clock() });
    return ok(undefined);
  };

export type RemoveOwnUser = (
  principal: Principal,
  password: string,
  source: Source,
  precondition: Precondition,
) => Promise<Result<void, PasswordWrong | LastAdministrator | PreconditionFailed>>;

/** Removes the caller with all sessions. The login is free again, and what they own stays without an owner. */
export const removeOwnUser =
  ({ users, hasher, clock, emit }: Deps & { readonly users: UserStore }): RemoveOwnUser =>
  async ({ user }, password, source, precondition) => {
    const asker = { source, subject: user.id };
    if (!(await verifyPassword(hasher, password, user.passwordHash, { asker })))
      return refuse({ clock, emit }, user.id, 'remove-user');
    const removed = await removeUserOf({ users, clock, emit })(user.id, user.id, precondition);
    // Gone already is what was asked for.
    return removed.ok || removed.error.kind === 'user-not-found' ? ok(undefined) : err(removed.error);
  };

const refuse = (
  { clock, emit }: Pick<Deps, 'clock' | 'emit'>,
  userId: UserId,
  action: 'change-password' | 'remove-user',
) => {
  emit({ event: { kind: 'password-refused', userId, action }, at: clock() });
  return WRONG;
};

const WRONG = err({ kind: 'password-wrong' });
