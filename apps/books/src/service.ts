import { PASSWORD_MAX_LENGTH } from '@portcullis/domain';
import { mongodb } from '@portcullis/persistence-mongodb';
import { sqlite } from '@portcullis/persistence-sqlite';
import { defineService, explainerOf, lifetime, settingsOf, versionAbove } from '@portcullis/service';
import { bookCollection } from './book/book.ts';
import { reasons } from './problems.ts';
import { booksApi } from './routes.ts';
import { logins, useCases } from './use-cases.ts';

const YEAR_SECONDS = 31_536_000;

/** Books behind `x-access-token`. */
export const books = defineService({
  name: 'books',
  version: versionAbove(import.meta.url),
  title: 'Books',
  description: 'Books that everyone who signs up may read, add and remove.',
  ports: ['counters'],
  collections: [bookCollection],
  stores: [sqlite(), mongodb()],
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
  useCases,
  api: booksApi,
});
