import type {
  CredentialsInvalid,
  LastAdministrator,
  LoginTaken,
  NotAnAdministrator,
  PasswordWrong,
  RefreshTokenInvalid,
  Refusal,
  TokenExpired,
  TokenInvalid,
  TokenRevoked,
  UserNotFound,
  WidgetNameTaken,
  WidgetNotFound,
} from '@portcullis/domain';
import {
  basicChallenge,
  bearerChallenge,
  type EngineError,
  engineProblems,
  type Problem,
  type ProblemTable,
} from '@portcullis/http';
import Type from 'typebox';

/** No id and secret of one of the clients (`invalid_client`, RFC 6749 §5.2). */
export interface ClientInvalid {
  readonly kind: 'client-invalid';
}

/** What the use cases behind this service's routes can refuse. */
export type ApiError =
  | ClientInvalid
  | CredentialsInvalid
  | LastAdministrator
  | LoginTaken
  | NotAnAdministrator
  | PasswordWrong
  | RefreshTokenInvalid
  | Refusal<'session-not-found'>
  | TokenExpired
  | TokenInvalid
  | TokenRevoked
  | UserNotFound
  | WidgetNameTaken
  | WidgetNotFound;

const tokenProblem = (title: string) =>
  ({
    status: 401,
    title,
    message: () => `${title}. Please log in again.`,
    challenge: bearerChallenge('invalid_token'),
  }) as const;

/** Statuses and words of the contract, each in this one place. */
export const problems: ProblemTable<ApiError | EngineError> = {
  ...engineProblems,
  'credentials-malformed': tokenProblem('Invalid token'),
  'token-invalid': tokenProblem('Invalid token'),
  'token-expired': tokenProblem('Access token expired'),
  'token-revoked': tokenProblem('Token blacklisted'),
  'client-invalid': { status: 401, title: 'Invalid client credentials', challenge: basicChallenge },
  'refresh-token-invalid': tokenProblem('Invalid refresh token'),
  'not-an-administrator': {
    status: 403,
    title: 'You are not an administrator',
    challenge: bearerChallenge('insufficient_scope'),
  },
  'credentials-invalid': { status: 401, title: 'email or password does not match', challenge: bearerChallenge('none') },
  'login-taken': {
    status: 409,
    title: 'Email is already registered',
    message: ({ login }) => `${login} is already registered`,
  },
  'password-wrong': { status: 403, title: 'The password does not match' },
  'session-not-found': { status: 404, title: 'Session not found' },
  'user-not-found': { status: 404, title: 'User not found' },
  'last-administrator': {
    status: 409,
    title: 'This is the last administrator who is not disabled; make another one first',
  },
  'widget-name-taken': {
    status: 409,
    title: 'Widget name already exists',
    message: ({ name }) => `Widget name: ${name} already exists, must be unique.`,
  },
  'widget-not-found': {
    status: 404,
    title: 'Widget not found',
    message: ({ name }) => `${name} not found in database.`,
  },
  'input-invalid': { status: 400, title: 'Input payload validation failed' },
  'method-not-allowed': { status: 405, title: 'The method is not allowed for the requested URL.' },
  'route-not-found': { status: 404, title: 'The requested URL was not found on the server.' },
  'media-type-unsupported': {
    status: 415,
    title: 'The body must be application/json or application/x-www-form-urlencoded, in UTF-8.',
  },
  'body-too-large': { status: 413, title: 'The body is too large.' },
  'service-unavailable': { status: 503, title: 'The service is unavailable for now. Please try again.' },
  'internal-error': { status: 500, title: 'Something went wrong on our side.' },
};

export const errorSchema = Type.Object(
  {
    status: Type.Optional(Type.Literal('fail')),
    message: Type.String(),
    request_id: Type.Optional(Type.String()),
  },
  { title: 'Error' },
);

export const invalidInputSchema = Type.Object(
  {
    message: Type.String(),
    errors: Type.Optional(Type.Record(Type.String(), Type.String(), { description: 'Every wrong field and why' })),
  },
  { title: 'InvalidInput' },
);

/** The statuses whose bodies carry `status` in the contract. */
const FAILS: readonly number[] = [401, 403, 409];

/** The contract's error shapes. */
export function presentProblem({ kind, status, message, fields, requestId }: Problem): unknown {
  if (fields) return { errors: fields, message };
  // The body as a whole is what is wrong; it is named as a field is.
  if (kind === 'body-malformed' || kind === 'body-not-an-object')
    return { errors: { body: message }, message: problems['input-invalid'].title };
  if (status >= 500) return { message, request_id: requestId };
  return FAILS.includes(status) ? { status: 'fail', message } : { message };
}
