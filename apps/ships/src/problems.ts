import { STATUS_CODES } from 'node:http';
import type {
  CredentialsInvalid,
  LastAdministrator,
  LoginTaken,
  PasswordFault,
  Refusal,
  TokenExpired,
  TokenInvalid,
  TokenRevoked,
  UserNameFault,
  UserNotFound,
} from '@portcullis/domain';
import {
  bearerChallenge,
  type EngineError,
  engineProblems,
  type FieldFault,
  type IntegerFault,
  type ListFault,
  type Problem,
  type ProblemTable,
  type Reasons,
} from '@portcullis/http';
import Type from 'typebox';
import type { ShipNotFound } from './ship/ships.ts';

/** What this service can refuse, beside what the engine does. */
export type ShipsError =
  | CredentialsInvalid
  | LastAdministrator
  | LoginTaken
  | ShipNotFound
  | TokenExpired
  | TokenInvalid
  | TokenRevoked
  | UserNotFound
  | Refusal<
      | 'access-token-due'
      | 'refresh-token-due'
      | 'credentials-incomplete'
      | 'id-given'
      | 'id-differs'
      | 'user-unknown'
      | 'user-differs'
    >;

const malformedHeader = "Bad Authorization header. Expected value 'Bearer <JWT>'";
const badRequest = { status: 400, title: 'Bad Request' };
const forbidden = { status: 403, title: 'Forbidden' };
const notFound = { status: 404, title: 'Not Found' };
const unauthorized = (title: string) => ({ status: 401, title, challenge: bearerChallenge('invalid_token') });

/** What the guard says stands where other errors have the phrase of their status. */
const guardProblems = {
  'credentials-missing': { ...unauthorized('Missing Authorization Header'), challenge: bearerChallenge('none') },
  'credentials-malformed': { status: 422, title: malformedHeader },
  'token-invalid': { status: 422, title: 'Signature verification failed' },
  'token-expired': unauthorized('Token has expired'),
  'token-revoked': unauthorized('Token has been revoked'),
  'access-token-due': { status: 422, title: 'Only access tokens are allowed' },
  'refresh-token-due': { status: 422, title: 'Only refresh tokens are allowed' },
};

export const problems: ProblemTable<ShipsError | EngineError> = {
  ...engineProblems,
  ...guardProblems,
  'user-unknown': unauthorized('Unknown user.'),
  'credentials-incomplete': { status: 400, title: 'Username or password missing.' },
  'credentials-invalid': { ...unauthorized('Username or password invalid.'), challenge: bearerChallenge('none') },
  'user-differs': forbidden,
  'last-administrator': forbidden,
  'user-not-found': notFound,
  'ship-not-found': notFound,
  'login-taken': { status: 400, title: 'User already exists.' },
  'id-given': { status: 400, title: 'Request data must not have an id: the service gives it.' },
  'id-differs': { status: 400, title: 'Request data id has to match resource id.' },
  'body-malformed': badRequest,
  'body-missing': badRequest,
  'media-type-unsupported': badRequest,
};

/** Why a field was refused. */
export const reasons: Reasons<FieldFault | IntegerFault | ListFault | PasswordFault | UserNameFault> = {
  'field-missing': () => ['Missing data for required field.'],
  'field-null': () => ['Field may not be null.'],
  'field-not-text': () => ['Not a valid string.'],
  'field-not-an-integer': () => ['Not a valid integer.'],
  'field-below-minimum': ({ minimum }) => [`Must be greater than or equal to ${minimum}.`],
  'field-too-long': ({ maximumLength }) => [`Longer than maximum length ${maximumLength}.`],
  'field-has-too-many': ({ maximumCount }) => [`Longer than maximum length ${maximumCount}.`],
  'field-not-a-list': () => ['Not a valid list.'],
  'fields-all-missing': () => ['Missing data for required field.'],
  'field-unknown': () => ['Unknown field.'],
  'field-has-controls': () => ['Not a valid string: it has control characters.'],
  'field-repeated': () => ['Sent more than once.'],
  'user-name-too-short': ({ minimumLength }) => [`Shorter than minimum length ${minimumLength}.`],
  'user-name-too-long': ({ maximumLength }) => [`Longer than maximum length ${maximumLength}.`],
  'user-name-has-colon': () => ['Not a valid name.'],
  'user-name-has-controls': () => ['Not a valid name: it has control or format characters.'],
  'password-not-text': () => ['Not a valid string.'],
  'password-too-short': ({ minimumLength }) => [`Shorter than minimum length ${minimumLength}.`],
  'password-too-long': ({ maximumLength }) => [`Longer than maximum length ${maximumLength}.`],
  'password-common': () => ['Among those that are guessed first.'],
  'password-is-login': () => ['The same as the name.'],
};

export const errorSchema = Type.Object(
  {
    error: Type.String({ description: 'The phrase of the status or, from the guard, the reason' }),
    message: Type.Optional(
      Type.Union([Type.String(), Type.Record(Type.String(), Type.Unknown(), { description: 'Every wrong field' })]),
    ),
  },
  { title: 'Error' },
);

export function present({ kind, status, title, fields }: Problem): unknown {
  if (kind in guardProblems) return { error: title };
  const error = STATUS_CODES[status];
  if (kind === 'body-not-an-object') return { error, message: { _schema: ['Invalid input type.'] } };
  return { error, ...(title !== error && { message: fields ?? title }) };
}
