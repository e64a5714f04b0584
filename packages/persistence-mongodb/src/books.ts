import { type BookStore, err, ok } from '@portcullis/domain';
import type { Connection } from './connection.ts';
import { fromBook, soughtNumber, toBook } from './documents.ts';
import { isDuplicate } from './faults.ts';
import { allOf } from './pages.ts';

export function mongoBookStore(connection: Connection): BookStore {
  const { books } = connection.collections;

  return {
    add: (book) =>
      connection.answer(async () => {
        try {
          await books.insertOne(fromBook(book), connection.bounded);
          return ok(undefined);
        } catch (fault) {
          if (isDuplicate(fault, 'title')) return err({ kind: 'book-title-taken' });
          throw fault;
        }
      }),

    all: allOf(connection, books, ['_id'], toBook, 'all'),

    remove: (id) =>
      connection.answer(async () => {
        const key = soughtNumber(id);
        if (key === undefined) return false;
        const { deletedCount } = await books.deleteOne({ _id: { $eq: key } }, connection.bounded);
        return deletedCount === 1;
      }),
  };
}
