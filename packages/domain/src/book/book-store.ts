import type { Result } from '../shared/result.ts';
import type { Book, BookId } from './book.ts';

export interface BookTitleTaken {
  readonly kind: 'book-title-taken';
}

/** Books by id and by title, letter case and all. Every method throws `Unavailable` where the store cannot answer. */
export interface BookStore {
  /** Of any number of concurrent callers with one title, exactly one succeeds. An id that is in use is a fault. */
  add(book: Book): Promise<Result<void, BookTitleTaken>>;
  /** By id. */
  all(): Promise<readonly Book[]>;
  /** True for the one caller that removed it, false where there was none. The title is free again, the id is not. */
  remove(id: BookId): Promise<boolean>;
}
