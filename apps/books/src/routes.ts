import {
  type EpochClaims,
  err,
  ok,
  PRESENTED_PASSWORD_MAX_LENGTH,
  type Principal,
  parseNewPassword,
  type Result,
} from '@portcullis/domain';
import {
  type EngineError,
  type Guard,
  headerToken,
  lookedFor,
  optional,
  type Route,
  required,
  routesOf,
  textInput,
  withControls,
} from '@portcullis/http';
import type { ApiDescription } from '@portcullis/service';
import Type from 'typebox';
import { BOOK_TEXT_MAX_LENGTH, parseBookId, parseBookText } from './book/book.ts';
import { type BooksError, errorSchema, present, problems, reasons } from './problems.ts';
import { type BooksParts, USER_NAME_MAX_LENGTH } from './use-cases.ts';
import { booksView, outcomeView, tokenView } from './views.ts';

type BooksAccess = {
  readonly public: null;
  readonly user: Guard<Principal<EpochClaims>, BooksError | EngineError>;
};

const booksAccess = ({ authenticate }: Pick<BooksParts, 'authenticate'>): BooksAccess => ({
  public: null,
  user: {
    scheme: { name: 'token', definition: { type: 'apiKey', in: 'header', name: 'x-access-token' } },
    realm: 'books',
    failures: ['credentials-missing', 'token-invalid'],
    async check(request) {
      const token = headerToken(request, 'x-access-token');
      return token.ok ? authenticate(token.value) : token;
    },
    subject: ({ user }) => user.id,
  },
});

const route = routesOf<BooksAccess, BooksError | EngineError>();

const json = ['application/json'] as const;
const bookText = required(Type.String({ maxLength: BOOK_TEXT_MAX_LENGTH }), parseBookText);
const draft = textInput({ title: bookText, author: bookText }, reasons);
const bookPath = textInput({ id: lookedFor(Type.Integer()) }, reasons);
const asSent = (text: string | undefined): Result<string | undefined, never> => ok(text);
/** What is compared and not kept: names and passwords of earlier releases may have control characters. */
const compared = (maxLength: number) => withControls('all-but-nul', optional(Type.String({ maxLength }), asSent));
const presented = textInput(
  {
    // A name that is too long is nobody's.
    username: { ...compared(USER_NAME_MAX_LENGTH), tooLong: 'passed' },
    password: compared(PRESENTED_PASSWORD_MAX_LENGTH),
  },
  reasons,
);

function booksRoutes(parts: BooksParts): Route[] {
  const { register, logIn, logins, passwordPolicy, listBooks, addBook, removeBook } = parts;
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
    },
    reasons,
  );

  return [
    route({
      method: 'post',
      path: '/signup',
      operationId: 'signUp',
      summary: 'Register',
      tag: 'users',
      access: 'public',
      body: { mediaTypes: json, input: registration },
      success: { status: 201, description: 'Registered', view: outcomeView },
      failures: ['login-taken'],
      async handle({ body: { username, password }, source }) {
        const added = await register({ login: username, password, source });
        return added.ok ? ok('registered successfully') : added;
      },
    }),
    route({
      method: 'post',
      path: '/login',
      operationId: 'logIn',
      summary: 'Log in and get a token',
      tag: 'users',
      access: 'public',
      body: { mediaTypes: json, input: presented },
      refusal: 'login-incomplete',
      success: { status: 201, description: 'Logged in', view: tokenView },
      failures: ['login-incomplete', 'user-unknown', 'password-wrong'],
      async handle({ body: { username, password }, source }) {
        if (!username || !password) return err({ kind: 'login-incomplete' });
        const token = await logIn({ login: username, password, source });
        if (token.ok) return token;
        const { reason } = token.error;
        const isKnown = reason === 'password-wrong' || reason === 'password-unverifiable';
        return err({ kind: isKnown ? 'password-wrong' : 'user-unknown' });
      },
    }),
    route({
      method: 'get',
      path: '/bookapi/books',
      operationId: 'listBooks',
      summary: 'Read every book',
      tag: 'books',
      access: 'user',
      success: { status: 200, description: 'All books', view: booksView },
      handle: async ({ admit }) => ok(await listBooks(admit)),
    }),
    route({
      method: 'post',
      path: '/bookapi/addbook',
      operationId: 'addBook',
      summary: 'Add a book',
      tag: 'books',
      access: 'user',
      body: { mediaTypes: json, input: draft },
      success: { status: 200, description: 'Added', view: outcomeView },
      failures: ['book-title-taken'],
      async handle({ principal, body }) {
        const added = await addBook(principal.user, body);
        return added.ok ? ok('new book created') : added;
      },
    }),
    route({
      method: 'delete',
      path: '/bookapi/books/:id',
      operationId: 'removeBook',
      summary: 'Remove a book',
      tag: 'books',
      access: 'user',
      params: bookPath,
      success: { status: 200, description: 'Removed', view: outcomeView },
      failures: ['book-not-found'],
      async handle({ params }) {
        const id = parseBookId(params.id);
        const removed = id === undefined ? err({ kind: 'book-not-found' }) : await removeBook(id);
        return removed.ok ? ok('Book deleted') : removed;
      },
    }),
  ];
}

/** The contract of books. */
export const booksApi = (parts: BooksParts): ApiDescription<BooksError> => ({
  basePath: '',
  documentPath: '/openapi.json',
  pagePath: '/ui',
  documentTitle: 'Books',
  documentDescription: 'Sign up, log in, then authorize with the token alone.',
  routes: booksRoutes(parts),
  access: booksAccess(parts),
  realm: 'books',
  problems,
  present,
  errorSchema,
  cors: { origins: '*' },
});
