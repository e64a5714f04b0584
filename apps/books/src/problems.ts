import type {
  LoginTaken,
  PasswordFault,
  Refusal,
  TokenExpired,
  TokenInvalid,
  TokenRevoked,
  UserNameFault,
} from '@portcullis/domain';
import {
  type EngineError,
  engineProblems,
  fixedChallenge,
  type Problem,
  type ProblemTable,
  type Reasons,
  type TextFault,
  textReasons,
} from '@portcullis/http';
import Type from 'typebox';
import type { BookTextTooLong } from './book/book.ts';
import type { BookNotFound, BookTitleTaken } from './book/books.ts';

/** Why a login failed: this contract tells. */
type LoginFailed = Refusal<'login-incomplete' | 'user-unknown' | 'password-wrong'>;

/** What this service can refuse, beside what the engine does. */
export type BooksError =
  | BookNotFound
  | BookTitleTaken
  | LoginFailed
  | LoginTaken
  | TokenExpired
  | TokenInvalid
  | TokenRevoked;

/** A login's refusal is text, and its challenge is none that RFC 9110 knows: clients of this contract go by both. */
const loginFailed = (status: number, title: string, realm: string) =>
  ({ status, title, as: 'text', challenge: fixedChallenge(`Basic-realm= "${realm}"`) }) as const;

const tokenInvalid = { status: 401, title: 'Invalid token!' };

export const problems: ProblemTable<BooksError | EngineError> = {
  ...engineProblems,
  'credentials-missing': { status: 401, title: 'A valid token is missing!' },
  'credentials-malformed': tokenInvalid,
  'token-invalid': tokenInvalid,
  'token-expired': tokenInvalid,
  'token-revoked': tokenInvalid,
  'login-incomplete': loginFailed(401, 'Could not verify!', 'Login required!'),
  'user-unknown': loginFailed(401, 'Could not verify user, Please signup!', 'No user found!'),
  'password-wrong': loginFailed(403, 'Could not verify password!', 'Wrong Password!'),
  'login-taken': { status: 409, title: 'User already exists!' },
  'book-title-taken': { status: 409, title: 'Book with same title already exists!' },
  'book-not-found': { status: 404, title: 'book does not exist' },
  'media-type-unsupported': { status: 400, title: 'The body must be JSON, in UTF-8.' },
};

/** What may be wrong with a field. */
type FieldFault = BookTextTooLong | PasswordFault | TextFault | UserNameFault;

/** Why a field was refused. */
export const reasons: Reasons<FieldFault> = {
  ...textReasons,
  'field-missing': () => 'required',
  'book-text-too-long': ({ maximumLength }) => `must have at most ${maximumLength} characters`,
  'user-name-too-short': () => 'must not be empty',
  'user-name-too-long': ({ maximumLength }) => `must have at most ${maximumLength} characters`,
  'user-name-has-colon': () => 'must not have a colon',
  'user-name-has-controls': () => 'must not have control or format characters',
  'password-not-text': () => 'must be text, without control or format characters',
  'password-too-short': () => 'must not be empty',
  'password-too-long': ({ maximumLength }) => `must have at most ${maximumLength} characters`,
  'password-common': () => 'is among those that are guessed first',
  'password-is-login': () => 'must not be the username',
};

export const errorSchema = Type.Object(
  { message: Type.String(), errors: Type.Optional(Type.Record(Type.String(), Type.String())) },
  { title: 'Error' },
);

export const present = ({ message, fields }: Pick<Problem, 'message' | 'fields'>) => ({
  message,
  ...(fields && { errors: fields }),
});
