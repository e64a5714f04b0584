import { ok, parseNewPassword } from '@portcullis/domain';
import { anyText, type Route, required, textInput } from '@portcullis/http';
import Type from 'typebox';
import type { ApiParts } from '../use-cases.ts';
import { outcomeView } from '../views/outcome-view.ts';
import { route } from './access.ts';
import { bodyMediaTypes, email, newPasswordField } from './auth-routes.ts';
import { fieldInvalid, reasons } from './reasons.ts';

type MailRoutesDeps = Pick<
  ApiParts,
  'requestVerification' | 'verifyEmail' | 'requestPasswordReset' | 'resetPassword' | 'passwordPolicy'
>;

/** The same for every address, known or not. */
const ACCEPTED = { message: 'if this address is registered, a mail is on its way' };

const address = textInput({ email }, reasons);
const sentByMail = required(Type.String({ maxLength: 200, description: 'As it came by mail' }), anyText);

export function mailRoutes(deps: MailRoutesDeps): Route[] {
  const { requestVerification, verifyEmail, requestPasswordReset, resetPassword, passwordPolicy } = deps;
  const newPassword = parseNewPassword(passwordPolicy);
  const reset = textInput(
    {
      token: sentByMail,
      new_password: newPasswordField(passwordPolicy),
    },
    reasons,
  );

  return [
    route({
      method: 'post',
      path: '/auth/verify-email/request',
      operationId: 'requestVerification',
      summary: 'Have a mail sent that shows whose the address is',
      tag: 'mail',
      access: 'public',
      body: { mediaTypes: bodyMediaTypes, input: address },
      success: { status: 202, description: 'Accepted, whether or not the address is known', view: outcomeView },
      async handle({ body }) {
        await requestVerification(body.email);
        return ok(ACCEPTED);
      },
    }),
    route({
      method: 'post',
      path: '/auth/verify-email',
      operationId: 'verifyEmail',
      summary: 'Show what came by mail: the address is verified',
      tag: 'mail',
      access: 'public',
      body: { mediaTypes: bodyMediaTypes, input: textInput({ token: sentByMail }, reasons) },
      success: { status: 200, description: 'Verified', view: outcomeView },
      failures: ['input-invalid'],
      async handle({ body }) {
        const verified = await verifyEmail(body.token);
        return verified.ok ? ok({ message: 'the address is verified' }) : fieldInvalid('token', verified.error);
      },
    }),
    route({
      method: 'post',
      path: '/auth/password/forgot',
      operationId: 'requestPasswordReset',
      summary: 'Have a mail sent to set another password with',
      tag: 'mail',
      access: 'public',
      body: { mediaTypes: bodyMediaTypes, input: address },
      success: { status: 202, description: 'Accepted, whether or not the address is known', view: outcomeView },
      async handle({ body }) {
        await requestPasswordReset(body.email);
        return ok(ACCEPTED);
      },
    }),
    route({
      method: 'post',
      path: '/auth/password/reset',
      operationId: 'resetPassword',
      summary: 'Set another password with what came by mail: all sessions end',
      tag: 'mail',
      access: 'public',
      body: { mediaTypes: bodyMediaTypes, input: reset },
      success: { status: 200, description: 'Set', view: outcomeView },
      failures: ['input-invalid'],
      async handle({ body, source }) {
        // Whose email it must not be is known only with the token.
        const done = await resetPassword(body.token, (login) => newPassword(body.new_password, login), source);
        if (done.ok) return ok({ message: 'password set; all sessions have ended' });
        return fieldInvalid(done.error.kind === 'mail-token-invalid' ? 'token' : 'new_password', done.error);
      },
    }),
  ];
}
