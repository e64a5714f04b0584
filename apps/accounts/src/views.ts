import type { IssuedToken, User } from '@portcullis/domain';
import { viewOf } from '@portcullis/http';
import Type from 'typebox';

const ofOutcome = viewOf<string>();
export const outcomeView = ofOutcome.view('Outcome', {
  msg: ofOutcome.field(Type.String(), (msg) => msg),
  data: ofOutcome.field(Type.Null(), () => null),
});

const ofToken = viewOf<IssuedToken>();
export const loginView = ofToken.view('Login', {
  msg: ofToken.field(Type.String(), () => 'successfully authenticated user'),
  data: ofToken.part(
    ofToken.view('Token', { auth_token: ofToken.field(Type.String(), ({ text }) => text) }),
    (token) => token,
  ),
});

const nameOrNull = Type.Union([Type.String(), Type.Null()]);
const ofUser = viewOf<User>();
export const dashboardView = ofUser.view('Dashboard', {
  msg: ofUser.field(Type.String(), () => 'successfully requested user info'),
  data: ofUser.part(
    ofUser.view('User', {
      username: ofUser.field(Type.String(), ({ login }) => login),
      first_name: ofUser.field(nameOrNull, ({ firstName }) => firstName),
      last_name: ofUser.field(nameOrNull, ({ lastName }) => lastName),
    }),
    (user) => user,
  ),
});
