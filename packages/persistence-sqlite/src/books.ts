import { type BookStore, err, ok } from '@portcullis/domain';
import type { Connection } from './connection.ts';
import { BOOK_COLUMNS, type BookRow, bookValues, soughtNumber, toBook } from './rows.ts';

export function sqliteBookStore(connection: Connection): BookStore {
  const insert = connection.prepare(
    `INSERT INTO books (${BOOK_COLUMNS}) VALUES (?, ?, ?, ?) ON CONFLICT (title) DO NOTHING`,
  );
  const selectAll = connection.prepare<BookRow>(`SELECT ${BOOK_COLUMNS} FROM books ORDER BY id`);
  const remove = connection.prepare('DELETE FROM books WHERE id = ?');

  return {
    add: (book) =>
      connection.write(() => {
        const { changes } = insert.run(...bookValues(book));
        return changes === 1 ? ok(undefined) : err({ kind: 'book-title-taken' });
      }),

    all: () => connection.read(() => selectAll.all().map(toBook)),

    remove: (id) => connection.write(() => remove.run(soughtNumber(id)).changes === 1),
  };
}
