import {
  type CredentialsInvalid,
  err,
  type IssuedToken,
  ok,
  PERSON_NAME_MAX_LENGTH,
  type PersonNameFault,
  type Principal,
  parseNewPassword,
  parsePersonName,
  type Result,
} from '@portcullis/domain';
import {
  basicCredentials,
  bearerToken,
  type EngineError,
  type Guard,
  optional,
  type Route,
  required,
  routesOf,
  textInput,
  withControls,
} from '@portcullis/http';
import type { ApiDescription } from '@portcullis/service';
import Type from 'typebox';
import { type AccountsError, errorSchema, present, problems, reasons } from './problems.ts';
import type { AccountsClaims } from './tokens.ts';
import { type AccountsParts, USER_NAME_MAX_LENGTH } from './use-cases.ts';
import { dashboardView, loginView, outcomeView } from './views.ts';

type AccountsAccess = {
  readonly public: null;
  /** Who shows a user name and password is answered a token: that is all this access is good for. */
  readonly basic: Guard<IssuedToken, CredentialsInvalid>;
  readonly bearer: Guard<Principal<AccountsClaims>, AccountsError | EngineError>;
};

const REALM = 'Authentication Required';

function accountsAccess({
  authenticate,
  logIn,
  refuseLogin,
}: Pick<AccountsParts, 'authenticate' | 'logIn' | 'refuseLogin'>): AccountsAccess {
  const unknown = err({ kind: 'credentials-invalid', reason: 'login-unknown' });
  return {
    public: null,
    basic: {
      scheme: { name: 'basic', definition: { type: 'http', scheme: 'basic' } },
      realm: REALM,
      failures: ['credentials-invalid'],
      async check(request, _params, source) {
        const credentials = basicCredentials(request);
        if (credentials.ok) {
          const { userId: login, password } = credentials.value;
          return logIn({ login, password, source });
        }
        // Who sends none is asked for some: nobody has tried to log in.
        return credentials.error.kind === 'credentials-missing' ? unknown : refuseLogin();
      },
      subject: () => 'logging in',
    },
    bearer: {
      scheme: { name: 'bearer', definition: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      realm: REALM,
      failures: ['credentials-missing', 'token-invalid', 'token-expired', 'token-revoked'],
      async check(request) {
        const token = bearerToken(request);
        return token.ok ? authenticate(token.value) : token;
      },
      subject: ({ user }) => user.id,
    },
  };
}

const route = routesOf<AccountsAccess, AccountsError | EngineError>();

const nameOrNull = optional(
  Type.String({ maxLength: PERSON_NAME_MAX_LENGTH }),
  (text): Result<string | null, PersonNameFault> => (text === undefined ? ok(null) : parsePersonName(text)),
);

function accountsRoutes({
  register,
  logOut,
  logins,
  passwordPolicy,
}: Pick<AccountsParts, 'register' | 'logOut' | 'logins' | 'passwordPolicy'>): Route[] {
  const newPassword = parseNewPassword(passwordPolicy);
  const registration = textInput(
    {
      username: required(Type.String({ minLength: 1, maxLength: USER_NAME_MAX_LENGTH }), logins.parse),
      password: withControls(
        'all-but-nul',
        required(Type.String({ minLength: 1, maxLength: passwordPolicy.maximumLength }), (text) =>
          newPassword(text, undefined),
        ),
      ),
      first_name: nameOrNull,
      last_name: nameOrNull,
    },
    reasons,
  );

  return [
    ...(['get', 'post'] as const).map((method) =>
      route({
        method,
        path: '/',
        operationId: `${method}Greeting`,
        summary: 'Be greeted',
        tag: 'greeting',
        access: 'public',
        success: { status: 200, description: 'A greeting', mediaType: 'text/html' },
        handle: () => ok({ contentType: 'text/html; charset=utf-8', body: 'Hello World' }),
      }),
    ),
    route({
      method: 'post',
      path: '/register/',
      operationId: 'register',
      summary: 'Register',
      tag: 'account',
      access: 'public',
      body: { mediaTypes: ['application/x-www-form-urlencoded', 'multipart/form-data'], input: registration },
      success: { status: 201, description: 'Registered', view: outcomeView },
      failures: ['login-taken'],
      async handle({ body: { username, password, first_name: firstName, last_name: lastName }, source }) {
        const added = await register({ login: username, password, firstName, lastName, source });
        return added.ok ? ok('successfully created user profile') : added;
      },
    }),
    route({
      method: 'post',
      path: '/login/',
      operationId: 'logIn',
      summary: 'Log in and get a token',
      tag: 'account',
      access: 'basic',
      success: { status: 200, description: 'Logged in', view: loginView },
      handle: ({ principal }) => ok(principal),
    }),
    route({
      method: 'get',
      path: '/dashboard/',
      operationId: 'getDashboard',
      summary: 'Read the user that the token speaks for',
      tag: 'account',
      access: 'bearer',
      success: { status: 200, description: 'The user', view: dashboardView },
      handle: ({ principal }) => ok(principal.user),
    }),
    route({
      method: 'get',
      path: '/logout/',
      operationId: 'logOut',
      summary: 'Log out: the token is refused from now on',
      description: 'By GET, as the contract has it, though it changes state.',
      tag: 'account',
      access: 'bearer',
      success: { status: 200, description: 'Logged out', view: outcomeView },
      failures: ['token-revoked'],
      async handle({ principal }) {
        const loggedOut = await logOut(principal);
        return loggedOut.ok ? ok('successfully invalidated token') : loggedOut;
      },
    }),
  ];
}

/** The contract of accounts. */
export const accountsApi = (parts: AccountsParts): ApiDescription<AccountsError> => ({
  basePath: '',
  documentPath: '/openapi.json',
  pagePath: '/ui',
  documentTitle: 'Accounts',
  documentDescription: 'Register, log in with user name and password, then authorize with the token alone.',
  routes: accountsRoutes(parts),
  access: accountsAccess(parts),
  realm: REALM,
  problems,
  present,
  errorSchema,
  // Without it upstream redirects, and other clients than browsers do not follow.
  trailingSlash: 'ignored',
});
