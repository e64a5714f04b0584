import { type BookStore, err, ok } from '@portcullis/domain';
import type { Connection } from './connection.ts';
import { fromBook, soughtNumber, text, toBook } from './documents.ts';
import { isDuplicate } from './faults.ts';
import { allOf } from './pages.ts';

export function mongoBookStore(connection: Connection): BookStore {
  const { books } = connection.collections;

  const isThere = async (title: string): Promise<boolean> => {
    const options = { ...connection.bounded, projection: { _id: 1 } } as const;
    return (await connection.read(() => books.findOne({ title: { $eq: text(title) } }, options))) !== null;
  };

  return {
    add: (book) =>
      connection.answer(async () => {
        try {
          await books.insertOne(fromBook(book), connection.bounded);
          return ok(undefined);
        } catch (fault) {
          const isTaken =
            isDuplicate(fault, 'title') ||
            // Of both the server names the id alone.
            (isDuplicate(fault, '_id') && (await isThere(book.title)));
          if (isTaken) return err({ kind: 'book-title-taken' });
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
