import { err, ok, parseNewPassword } from '@portcullis/domain';
import { type Route, textInput } from '@portcullis/http';
import type { ApiParts } from '../use-cases.ts';
import { outcomeView } from '../views/outcome-view.ts';
import { route } from './access.ts';
import { bodyMediaTypes, newPasswordField, presentedPassword } from './auth-routes.ts';
import { fieldInvalid, reasons } from './reasons.ts';

type AccountRoutesDeps = Pick<ApiParts, 'changePassword' | 'confirmPassword' | 'removeUser' | 'passwordPolicy'>;

export function accountRoutes({
  changePassword,
  confirmPassword,
  removeUser,
  passwordPolicy,
}: AccountRoutesDeps): Route[] {
  const newPassword = parseNewPassword(passwordPolicy);
  const passwords = textInput(
    {
      old_password: presentedPassword,
      new_password: newPasswordField(passwordPolicy),
    },
    reasons,
  );

  return [
    route({
      method: 'put',
      path: '/auth/password',
      operationId: 'changePassword',
      summary: 'Set another password: all other sessions end',
      tag: 'account',
      access: 'user',
      body: { mediaTypes: bodyMediaTypes, input: passwords },
      success: { status: 200, description: 'Changed', view: outcomeView },
      failures: ['password-wrong', 'input-invalid'],
      async handle({ principal, body, source }) {
        // Whose email it must not be is known by now.
        const chosen = newPassword(body.new_password, principal.user.login);
        if (!chosen.ok) return fieldInvalid('new_password', chosen.error);
        const changed = await changePassword(principal, {
          oldPassword: body.old_password,
          newPassword: chosen.value,
          source,
        });
        return changed.ok ? ok({ message: 'password changed; all other sessions have ended' }) : changed;
      },
    }),
    route({
      method: 'delete',
      path: '/auth/user',
      operationId: 'removeOwnUser',
      summary:
        'Remove the current user with all sessions; the email is free again, and their widgets stay without an owner',
      tag: 'account',
      access: 'user',
      body: { mediaTypes: bodyMediaTypes, input: textInput({ password: presentedPassword }, reasons) },
      success: { status: 204, description: 'Removed' },
      conditional: 'honoured',
      failures: ['password-wrong', 'last-administrator', 'precondition-failed'],
      async handle({ principal: { user }, body, source, precondition }) {
        const confirmed = await confirmPassword(user, body.password, 'remove-user', source);
        if (!confirmed.ok) return confirmed;
        const removed = await removeUser('oneself', user.id, precondition);
        // Gone already is what was asked for.
        return removed.ok || removed.error.kind === 'user-not-found' ? ok(undefined) : err(removed.error);
      },
    }),
  ];
}
