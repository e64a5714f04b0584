import type { MailTokenStore } from '../mail/mail-token-store.ts';
import { ok, type Result } from '../shared/result.ts';
import type { Source } from '../shared/source.ts';
import type { Principal } from '../token/authenticate.ts';
import {
  type ConfirmPasswordDeps,
  confirmPassword,
  type PasswordWrong,
  refusePassword,
} from '../user/confirm-password.ts';
import type { NewPassword } from '../user/password.ts';
import type { SessionStore } from './session-store.ts';

export interface ChangePasswordDeps extends ConfirmPasswordDeps {
  readonly sessions: SessionStore;
  readonly mailTokens: MailTokenStore;
}

export type ChangePassword = (
  principal: Principal,
  change: { readonly oldPassword: string; readonly newPassword: NewPassword; readonly source: Source },
) => Promise<Result<void, PasswordWrong>>;

/** Sets a new password and ends the user's other sessions, those included that the old password is just beginning. */
export const changePassword = (deps: ChangePasswordDeps): ChangePassword => {
  const { sessions, mailTokens, hasher, clock, emit } = deps;
  const confirm = confirmPassword(deps);
  return async ({ user, token }, { oldPassword, newPassword, source }) => {
    const confirmed = await confirm(user, oldPassword, 'change-password', source);
    if (!confirmed.ok) return confirmed;
    const next = await hasher.hash(newPassword, { source, subject: user.id });
    // A mail that is out would set yet another one.
    await mailTokens.drop(user.id, 'reset-password');
    // Changed by somebody else while it was hashed: the old password is not the old one any more.
    if (!(await sessions.replacePassword(user.id, user.passwordHash, next, { keep: token.sessionId })))
      return refusePassword(deps, user.id, 'change-password');
    emit({ event: { kind: 'password-changed', userId: user.id }, at: clock() });
    return ok(undefined);
  };
};
