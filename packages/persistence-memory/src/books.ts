import { type BookStore, err, ok } from '@portcullis/domain';
import { byId } from './by-id.ts';
import type { Memory } from './memory.ts';

export function memoryBookStore(open: () => Memory): BookStore {
  return {
    async add(book) {
      const { books, bookTitles } = open();
      if (bookTitles.has(book.title)) return err({ kind: 'book-title-taken' });
      if (books.has(book.id)) throw new Error('the book id is in use');
      const stored = Object.freeze({ ...book });
      books.set(stored.id, stored);
      bookTitles.add(stored.title);
      return ok(undefined);
    },

    async all() {
      return [...open().books.values()].sort(byId);
    },

    async remove(id) {
      const { books, bookTitles } = open();
      const stored = books.get(id);
      if (!stored) return false;
      books.delete(id);
      bookTitles.delete(stored.title);
      return true;
    },
  };
}
