import type { IssuedToken } from '@portcullis/domain';
import { viewOf } from '@portcullis/http';
import Type from 'typebox';

const show = viewOf<{ readonly token: IssuedToken; readonly message: string }>();

/** A token response (RFC 6749 §5.1). */
export const tokenView = show.view('Token', {
  status: show.field(Type.Literal('success'), () => 'success' as const),
  message: show.field(Type.String(), ({ message }) => message),
  access_token: show.field(Type.String(), ({ token }) => token.text),
  token_type: show.field(Type.Literal('bearer'), () => 'bearer' as const),
  expires_in: show.field(
    Type.Integer({ description: 'Whole seconds from now on' }),
    ({ token }) => token.lifetimeSeconds,
  ),
});
