import {
  EMAIL_MAX_LENGTH,
  err,
  ok,
  type PasswordPolicy,
  PRESENTED_PASSWORD_MAX_LENGTH,
  parseNewPassword,
  userVersion,
} from '@portcullis/domain';
import {
  anyText,
  type BodyMediaType,
  type Route,
  required,
  SERVER_LIMITS,
  textInput,
  withControls,
} from '@portcullis/http';
import Type from 'typebox';
import { logins } from '../logins.ts';
import type { ApiParts } from '../use-cases.ts';
import { outcomeView } from '../views/outcome-view.ts';
import { tokenView } from '../views/token-view.ts';
import { userView } from '../views/user-view.ts';
import { route } from './access.ts';
import { reasons } from './reasons.ts';

type AuthRoutesDeps = Pick<ApiParts, 'registerAndLogIn' | 'logIn' | 'logOut' | 'refresh' | 'clock' | 'passwordPolicy'>;

export const bodyMediaTypes: readonly BodyMediaType[] = ['application/x-www-form-urlencoded', 'application/json'];

/** A login, in this service. */
export const email = required(Type.String({ maxLength: EMAIL_MAX_LENGTH }), logins.parse);

/** A password to compare, whatever is required of new ones. */
export const presentedPassword = withControls(
  'all-but-nul',
  required(Type.String({ minLength: 1, maxLength: PRESENTED_PASSWORD_MAX_LENGTH }), (text) =>
    text === '' ? err({ kind: 'password-empty' }) : ok(text),
  ),
);

/** A password to set. @param loginField the field that it must not be the same as */
export function newPasswordField(policy: PasswordPolicy, loginField?: string) {
  const { minimumLength: minLength, maximumLength: maxLength } = policy;
  const newPassword = parseNewPassword(policy);
  return withControls(
    'all-but-nul',
    required(Type.String({ minLength, maxLength }), (text, textOf) =>
      newPassword(text, loginField === undefined ? undefined : textOf(loginField)),
    ),
  );
}

/** A token: of whatever kind, none is longer than what a header could hold. */
export const anyToken = (description?: string) =>
  required(Type.String({ maxLength: SERVER_LIMITS.maxHeaderBytes, ...(description && { description }) }), anyText);

/** Tokens are for the one who asked, not for a cache on the way (RFC 6749 §5.1). */
export const uncached = {
  'Cache-Control': { description: 'no-store', schema: Type.String(), value: () => 'no-store' },
  Pragma: { description: 'no-cache', schema: Type.String(), value: () => 'no-cache' },
};

export function authRoutes({
  registerAndLogIn,
  logIn,
  logOut,
  refresh,
  clock,
  passwordPolicy,
}: AuthRoutesDeps): Route[] {
  const registration = textInput(
    {
      email,
      password: newPasswordField(passwordPolicy, 'email'),
    },
    reasons,
  );
  const credentials = textInput(
    {
      email,
      password: presentedPassword,
    },
    reasons,
  );

  return [
    route({
      method: 'post',
      path: '/auth/register',
      operationId: 'register',
      summary: 'Register and get an access token and a refresh token',
      tag: 'auth',
      access: 'public',
      body: { mediaTypes: bodyMediaTypes, input: registration },
      success: { status: 201, description: 'Registered', view: tokenView, headers: uncached },
      failures: ['login-taken', 'credentials-invalid'],
      async handle({ body, userAgent, source }) {
        const tokens = await registerAndLogIn({ login: body.email, password: body.password, source, userAgent });
        return tokens.ok ? ok({ tokens: tokens.value, message: 'successfully registered' }) : tokens;
      },
    }),
    route({
      method: 'post',
      path: '/auth/login',
      operationId: 'logIn',
      summary: 'Log in and get an access token and a refresh token',
      tag: 'auth',
      access: 'public',
      body: { mediaTypes: bodyMediaTypes, input: credentials },
      success: { status: 200, description: 'Logged in', view: tokenView, headers: uncached },
      failures: ['credentials-invalid'],
      async handle({ body, userAgent, source }) {
        const tokens = await logIn({ login: body.email, password: body.password, source, userAgent });
        return tokens.ok ? ok({ tokens: tokens.value, message: 'successfully logged in' }) : tokens;
      },
    }),
    route({
      method: 'post',
      path: '/auth/refresh',
      operationId: 'refresh',
      summary: 'Spend a refresh token for a new pair',
      description:
        'The token shown is spent. Shown once more right away, as by a second tab, it answers the same new refresh token; later it ends the session.',
      tag: 'auth',
      access: 'public',
      body: {
        mediaTypes: bodyMediaTypes,
        input: textInput({ refresh_token: anyToken() }, reasons),
      },
      success: { status: 200, description: 'Refreshed', view: tokenView, headers: uncached },
      failures: ['refresh-token-invalid'],
      async handle({ body }) {
        const tokens = await refresh(body.refresh_token);
        return tokens.ok ? ok({ tokens: tokens.value, message: 'successfully refreshed' }) : tokens;
      },
    }),
    route({
      method: 'get',
      path: '/auth/user',
      operationId: 'getCurrentUser',
      summary: 'Read the user that the token speaks for',
      tag: 'auth',
      access: 'user',
      success: {
        status: 200,
        description: 'The current user',
        view: userView,
        state: ({ principal }) => userVersion(principal.user),
      },
      handle: ({ principal }) => ok({ principal, seenAt: clock() }),
    }),
    route({
      method: 'post',
      path: '/auth/logout',
      operationId: 'logOut',
      summary: 'Log out: the session ends, and its tokens are refused from now on',
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
