import type { TokenPair } from '@portcullis/domain';
import { viewOf } from '@portcullis/http';
import Type from 'typebox';

const show = viewOf<{ readonly tokens: TokenPair; readonly message: string }>();

const seconds = (of: string) =>
  Type.Integer({ description: `Whole seconds from now on that the ${of} token is good for` });

/** A token response (RFC 6749 §5.1). */
export const tokenView = show.view('Token', {
  status: show.field(Type.Literal('success'), () => 'success' as const),
  message: show.field(Type.String(), ({ message }) => message),
  access_token: show.field(Type.String(), ({ tokens }) => tokens.access.text),
  token_type: show.field(Type.Literal('bearer'), () => 'bearer' as const),
  expires_in: show.field(seconds('access'), ({ tokens }) => tokens.access.lifetimeSeconds),
  refresh_token: show.field(
    Type.String({ description: 'Spent by POST /auth/refresh for the next pair' }),
    ({ tokens }) => tokens.refresh.text,
  ),
  refresh_expires_in: show.field(seconds('refresh'), ({ tokens }) => tokens.refresh.lifetimeSeconds),
});
