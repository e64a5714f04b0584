import { allRecords, type Collection, type Counters, err, ok, type Result, type User } from '@portcullis/domain';
import type { Book, BookId } from './book.ts';

/** The counter of book ids. */
const COUNTER = 'books';

export interface BookTitleTaken {
  readonly kind: 'book-title-taken';
}

export interface BookNotFound {
  readonly kind: 'book-not-found';
}

export interface BookDeps {
  readonly books: Collection<Book, 'id'>;
  readonly counters: Counters;
}

export type AddBook = (by: User, draft: Pick<Book, 'title' | 'author'>) => Promise<Result<Book, BookTitleTaken>>;

export const addBook =
  ({ books, counters }: BookDeps): AddBook =>
  async (by, { title, author }) => {
    const book: Book = { id: (await counters.next(COUNTER)) as BookId, title, author, ownerId: by.id };
    const added = await books.add(book);
    if (added.ok) return ok(book);
    if (added.error.fields.includes('id')) throw new Error(`the book id ${book.id} was given out twice`);
    return err({ kind: 'book-title-taken' });
  };

/** @param admit is told each book as it is read; what it throws ends the reading */
export type ListBooks = (admit: (book: Book) => void) => Promise<readonly Book[]>;

/** All books, by id. */
export const listBooks =
  ({ books }: Pick<BookDeps, 'books'>): ListBooks =>
  (admit) =>
    allRecords(books, admit);

export type RemoveBook = (id: BookId) => Promise<Result<void, BookNotFound>>;

export const removeBook =
  ({ books }: Pick<BookDeps, 'books'>): RemoveBook =>
  async (id) =>
    (await books.remove(id)).ok ? ok(undefined) : err({ kind: 'book-not-found' });
