import type { Instant, Principal } from '@portcullis/domain';
import { viewOf } from '@portcullis/http';
import Type from 'typebox';
import { clockSpan, displayDate } from './time.ts';

const show = viewOf<{ readonly principal: Principal; readonly seenAt: Instant }>();

export const userView = show.view('User', {
  email: show.field(Type.String(), ({ principal }) => principal.user.login),
  public_id: show.field(Type.String({ format: 'uuid' }), ({ principal }) => principal.user.id),
  admin: show.field(Type.Boolean(), ({ principal }) => principal.user.admin),
  registered_on: show.field(Type.String(), ({ principal }) => displayDate(principal.user.registeredAt)),
  token_expires_in: show.field(Type.String(), ({ principal, seenAt }) => clockSpan(principal.token.expiresAt - seenAt)),
});
