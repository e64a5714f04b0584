import {
  type Clock,
  EMAIL_MAX_LENGTH,
  err,
  type IssuedToken,
  type LogIn,
  type LogOut,
  ok,
  type PasswordPolicy,
  parseEmail,
  parseNewPassword,
  type Register,
} from '@portcullis/domain';
import { type BodyMediaType, type Route, required, textInput } from '@portcullis/http';
import Type from 'typebox';
import { outcomeView } from '../views/outcome-view.ts';
import { tokenView } from '../views/token-view.ts';
import { userView } from '../views/user-view.ts';
import { route } from './access.ts';
import { reasons } from './reasons.ts';

export interface AuthRoutesDeps {
  readonly register: Register<IssuedToken>;
  readonly logIn: LogIn<IssuedToken>;
  readonly logOut: LogOut;
  readonly clock: Clock;
  readonly passwordPolicy: PasswordPolicy;
}

export const bodyMediaTypes: readonly BodyMediaType[] = ['application/x-www-form-urlencoded', 'application/json'];

/** A login, in this service. */
const email = required(Type.String({ maxLength: EMAIL_MAX_LENGTH }), parseEmail);

/** Tokens are for the one who asked, not for a cache on the way (RFC 6749 §5.1). */
const uncached = {
  'Cache-Control': { description: 'no-store', schema: Type.String(), value: () => 'no-store' },
  Pragma: { description: 'no-cache', schema: Type.String(), value: () => 'no-cache' },
};

export function authRoutes({ register, logIn, logOut, clock, passwordPolicy }: AuthRoutesDeps): Route[] {
  const { minimumLength, maximumLength } = passwordPolicy;
  const newPassword = parseNewPassword(passwordPolicy);
  const registration = textInput(
    {
      email,
      password: required(Type.String({ minLength: minimumLength, maxLength: maximumLength }), (text, textOf) =>
        newPassword(text, textOf('email')),
      ),
    },
    reasons,
  );
  const credentials = textInput(
    {
      email,
      password: required(Type.String({ minLength: 1 }), (text) =>
        text === '' ? err({ kind: 'password-empty' }) : ok(text),
      ),
    },
    reasons,
  );

  return [
    route({
      method: 'post',
      path: '/auth/register',
      operationId: 'register',
      summary: 'Register and get an access token',
      tag: 'auth',
      access: 'public',
      body: { mediaTypes: bodyMediaTypes, input: registration },
      success: { status: 201, description: 'Registered', view: tokenView, headers: uncached },
      failures: ['login-taken'],
      async handle({ body }) {
        const token = await register({ login: body.email, password: body.password });
        return token.ok ? ok({ token: token.value, message: 'successfully registered' }) : token;
      },
    }),
    route({
      method: 'post',
      path: '/auth/login',
      operationId: 'logIn',
      summary: 'Log in and get an access token',
      tag: 'auth',
      access: 'public',
      body: { mediaTypes: bodyMediaTypes, input: credentials },
      success: { status: 200, description: 'Logged in', view: tokenView, headers: uncached },
      failures: ['credentials-invalid'],
      async handle({ body }) {
        const token = await logIn({ login: body.email, password: body.password });
        return token.ok ? ok({ token: token.value, message: 'successfully logged in' }) : token;
      },
    }),
    route({
      method: 'get',
      path: '/auth/user',
      operationId: 'getCurrentUser',
      summary: 'Read the user that the token speaks for',
      tag: 'auth',
      access: 'user',
      success: { status: 200, description: 'The current user', view: userView },
      handle: ({ principal }) => ok({ principal, seenAt: clock() }),
    }),
    route({
      method: 'post',
      path: '/auth/logout',
      operationId: 'logOut',
      summary: 'Log out: the token is refused from now on',
      tag: 'auth',
      access: 'user',
      success: { status: 200, description: 'Logged out', view: outcomeView },
      failures: ['token-revoked'],
      async handle({ principal }) {
        const loggedOut = await logOut(principal);
        return loggedOut.ok ? ok({ message: 'successfully logged out' }) : loggedOut;
      },
    }),
  ];
}
