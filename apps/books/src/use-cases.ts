import { authenticate, type EpochClaims, issueToken, logIn, statelessTokens, userNameLogins } from '@portcullis/domain';
import { joseTokenCodec, secretKeyRing } from '@portcullis/security';
import type { CommonParts, Parts } from '@portcullis/service';
import { bookCollection } from './book/book.ts';
import { addBook, listBooks, removeBook } from './book/books.ts';
import { tokenFormat } from './tokens.ts';

/** In characters. */
export const USER_NAME_MAX_LENGTH = 64;

export const logins = userNameLogins({
  minimumLength: 1,
  maximumLength: USER_NAME_MAX_LENGTH,
  letterCase: 'distinct',
  colons: true,
});

/** What books does beside what every service does. */
export async function useCases(
  parts: CommonParts<'counters'>,
  { ACCESS_TOKEN_LIFETIME_SECONDS: lifetimeSeconds }: { readonly ACCESS_TOKEN_LIFETIME_SECONDS: number },
) {
  const ring = await secretKeyRing(parts.tokenSecrets);
  const codec = joseTokenCodec({ format: tokenFormat, keyRing: () => ring });
  const policy = { lifetimeSeconds, claimsOf: (_user: unknown, token: EpochClaims) => token };
  const tokens = statelessTokens({ ...parts, issue: issueToken({ ...parts, codec, policy }) });
  const deps = { ...parts, books: parts.collection(bookCollection) };
  return {
    logins,
    logIn: logIn({ ...parts, tokens }),
    authenticate: authenticate({ ...parts, codec }),
    addBook: addBook(deps),
    listBooks: listBooks(deps),
    removeBook: removeBook(deps),
  };
}

export type BooksParts = Parts<Awaited<ReturnType<typeof useCases>>>;
