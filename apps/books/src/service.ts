import {
  type Authenticate,
  authenticate,
  type EpochClaims,
  type IssuedToken,
  issueToken,
  type LogIn,
  logIn,
  PASSWORD_MAX_LENGTH,
  userNameLogins,
} from '@portcullis/domain';
import { joseTokenCodec, secretKeyRing } from '@portcullis/security';
import { commonKeys, defineService, explainerOf, keyOf, lifetime, settingsOf, versionAbove } from '@portcullis/service';
import { bookCollection } from './book/book.ts';
import { type AddBook, addBook, type ListBooks, listBooks, type RemoveBook, removeBook } from './book/books.ts';
import { reasons } from './problems.ts';
import { booksApi, USER_NAME_MAX_LENGTH } from './routes.ts';
import { tokenFormat } from './tokens.ts';

const YEAR_SECONDS = 31_536_000;

const logins = userNameLogins({
  minimumLength: 1,
  maximumLength: USER_NAME_MAX_LENGTH,
  letterCase: 'distinct',
  colons: true,
});

const keys = {
  logIn: keyOf<LogIn<IssuedToken>>('logIn'),
  authenticate: keyOf<Authenticate<EpochClaims>>('authenticate'),
  addBook: keyOf<AddBook>('addBook'),
  listBooks: keyOf<ListBooks>('listBooks'),
  removeBook: keyOf<RemoveBook>('removeBook'),
};

/** Books behind `x-access-token`. */
export const books = defineService({
  name: 'books',
  version: versionAbove(import.meta.url),
  title: 'Books',
  description: 'Books that everyone who signs up may read, add and remove.',
  collections: [bookCollection],
  settings: settingsOf({ ACCESS_TOKEN_LIFETIME_SECONDS: lifetime('a token', { default: YEAR_SECONDS }) }),
  logins,
  loginField: 'username',
  passwordPolicy: () => ({
    minimumLength: 1,
    maximumLength: PASSWORD_MAX_LENGTH,
    isCommon: () => false,
    mayBeLogin: true,
  }),
  explain: explainerOf(reasons),
  keys,
  async wire({ bind, get }, { ACCESS_TOKEN_LIFETIME_SECONDS: lifetimeSeconds }) {
    const ring = await secretKeyRing(get(commonKeys.tokenSecrets));
    const codec = joseTokenCodec({ format: tokenFormat, keyRing: () => ring });
    const clock = get(commonKeys.clock);
    const emit = get(commonKeys.emit);
    const newUuid = get(commonKeys.newUuid);
    const [users, revokedTokens] = [get(commonKeys.users), get(commonKeys.revokedTokens)];
    const deps = { books: get(commonKeys.collection)(bookCollection), counters: get(commonKeys.counters) };
    const policy = { lifetimeSeconds, claimsOf: (_user: unknown, token: EpochClaims) => token };
    const issue = issueToken({ codec, clock, newUuid, policy });
    bind(keys.logIn, () => logIn({ verifyCredentials: get(commonKeys.verifyCredentials), issue, clock, emit }));
    bind(keys.authenticate, () => authenticate({ codec, revokedTokens, users, clock }));
    bind(keys.addBook, () => addBook(deps));
    bind(keys.listBooks, () => listBooks(deps));
    bind(keys.removeBook, () => removeBook(deps));
  },
  api: (parts) => booksApi({ ...parts, logins }),
});
