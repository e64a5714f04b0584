import type { Counters } from '../shared/counters.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { User } from '../user/user.ts';
import type { Book, BookId } from './book.ts';
import type { BookStore, BookTitleTaken } from './book-store.ts';

/** The counter of book ids. */
const COUNTER = 'books';

export interface BookNotFound {
  readonly kind: 'book-not-found';
}

export type AddBook = (by: User, draft: Pick<Book, 'title' | 'author'>) => Promise<Result<Book, BookTitleTaken>>;

export const addBook =
  ({ books, counters }: { readonly books: BookStore; readonly counters: Counters }): AddBook =>
  async (by, { title, author }) => {
    const book: Book = { id: (await counters.next(COUNTER)) as BookId, title, author, ownerId: by.id };
    const added = await books.add(book);
    return added.ok ? ok(book) : added;
  };

export type RemoveBook = (id: BookId) => Promise<Result<void, BookNotFound>>;

export const removeBook =
  ({ books }: { readonly books: BookStore }): RemoveBook =>
  async (id) =>
    (await books.remove(id)) ? ok(undefined) : err({ kind: 'book-not-found' });
