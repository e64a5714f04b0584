import {
  type Branded,
  collection,
  countCharacters,
  err,
  field,
  ok,
  type Result,
  type UserId,
} from '@portcullis/domain';

/** From 1 on, and never given out twice. */
export type BookId = Branded<number, 'BookId'>;

export interface Book {
  readonly id: BookId;
  /** Unique among all books. */
  readonly title: string;
  readonly author: string;
  /** Who added it; the user may be gone by now. */
  readonly ownerId: UserId;
}

export const BOOK_TEXT_MAX_LENGTH = 200;

export const bookCollection = collection<Book, 'id'>('books', {
  fields: {
    id: field.integer,
    title: field.text(BOOK_TEXT_MAX_LENGTH),
    author: field.text(BOOK_TEXT_MAX_LENGTH),
    ownerId: field.reference,
  },
  key: 'id',
  unique: ['title'],
});

export interface BookTextTooLong {
  readonly kind: 'book-text-too-long';
  readonly maximumLength: number;
}

/** A title or an author: up to 200 characters. */
export const parseBookText = (text: string): Result<string, BookTextTooLong> =>
  countCharacters(text) > BOOK_TEXT_MAX_LENGTH
    ? err({ kind: 'book-text-too-long', maximumLength: BOOK_TEXT_MAX_LENGTH })
    : ok(text);

/** The id in this text: digits alone; undefined for anything else. */
export const parseBookId = (text: string): BookId | undefined =>
  /^[0-9]{1,15}$/.test(text) ? (Number(text) as BookId) : undefined;
