import type {
  CredentialsInvalid,
  LoginTaken,
  PasswordFault,
  PersonNameFault,
  TokenExpired,
  TokenInvalid,
  TokenRevoked,
  UserNameFault,
} from '@portcullis/domain';
import {
  basicChallenge,
  bearerChallenge,
  type Challenge,
  type EngineError,
  engineProblems,
  type Problem,
  type ProblemTable,
  type Reasons,
  type TextFault,
  textReasons,
} from '@portcullis/http';
import Type from 'typebox';

/** What this service can refuse, beside what the engine does. */
export type AccountsError = CredentialsInvalid | LoginTaken | TokenExpired | TokenInvalid | TokenRevoked;

/** Whatever is wrong with credentials: the contract gives no reason. */
const unauthorized = (challenge: Challenge) =>
  ({ status: 401, title: 'Unauthorized Access', as: 'text', challenge }) as const;
const bearer = unauthorized(bearerChallenge('none'));
const incomplete = { status: 400, title: 'username and password are required fields' };

export const problems: ProblemTable<AccountsError | EngineError> = {
  ...engineProblems,
  'credentials-invalid': unauthorized(basicChallenge),
  'credentials-missing': bearer,
  'credentials-malformed': bearer,
  'token-invalid': bearer,
  'token-expired': bearer,
  'token-revoked': bearer,
  'login-taken': { status: 409, title: 'this user profile already exists' },
  'input-invalid': incomplete,
  // What is neither a form nor multipart is not read.
  'media-type-unsupported': incomplete,
};

const MISSING = 'required';
const EMPTY = 'must not be empty';

/** Why a field was refused, for the command line and for `application/problem+json`. */
export const reasons: Reasons<PasswordFault | PersonNameFault | TextFault | UserNameFault> = {
  ...textReasons,
  'field-missing': () => MISSING,
  'user-name-too-short': () => EMPTY,
  'user-name-too-long': ({ maximumLength }) => `must have at most ${maximumLength} characters`,
  'user-name-has-colon': () => 'must not have a colon: it could not be sent as Basic credentials',
  'user-name-has-controls': () => 'must not have control or format characters',
  'person-name-has-controls': () => 'must not have control or format characters',
  'person-name-too-long': ({ maximumLength }) => `must have at most ${maximumLength} characters`,
  'password-not-text': () => 'must be text, without control or format characters',
  'password-too-short': () => EMPTY,
  'password-too-long': ({ maximumLength }) => `must have at most ${maximumLength} characters`,
  'password-common': () => 'is among those that are guessed first',
  'password-is-login': () => 'must not be the username',
};

export const errorSchema = Type.Object({ msg: Type.String(), data: Type.Null() }, { title: 'Error' });

/** Names the wrong fields in words, but for those that are missing or empty: for these the contract has a sentence. */
export function present({ message, fields = {} }: Pick<Problem, 'message' | 'fields'>) {
  const wrong = Object.entries(fields);
  const named = wrong.length > 0 && !wrong.some(([, reason]) => reason === MISSING || reason === EMPTY);
  return { msg: named ? wrong.map(([field, reason]) => `${field} ${reason}`).join('; ') : message, data: null };
}
