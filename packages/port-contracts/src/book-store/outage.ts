import assert from 'node:assert/strict';
import { type Book, ok } from '@portcullis/domain';
import { type OutageScript, read } from '../outages.ts';
import { book, bookId } from '../samples.ts';
import { type BookStores, TAKEN } from './records.ts';

const UNDER_WAY = 100;

/** 1 stays as it is, 4 is to be removed. */
export const outage: OutageScript<BookStores> = {
  async plant({ books }) {
    for (const n of [1, 4]) await books.add(book(n));
  },
  reads: ({ books }) => ({
    all: read(
      () => books.all(),
      ([first]: readonly Book[]) => assert.deepEqual(first, book(1)),
    ),
  }),
  writes: ({ books }) => ({
    add: () => books.add(book(20)),
    'add of a taken title': () => books.add(book(9, { title: book(1).title })),
    remove: () => books.remove(bookId(4)),
    'remove of none': () => books.remove(bookId(30)),
  }),
  async write({ books }, n) {
    assert.deepEqual(await books.add(book(UNDER_WAY + n)), ok(undefined));
  },
  async assertWritten({ books }, n) {
    const all = await books.all();
    assert.deepEqual(
      all.find(({ id }) => id === UNDER_WAY + n),
      book(UNDER_WAY + n),
    );
  },
  async assertWhole({ books }) {
    // Refused where it has happened before: the title is taken, by the very book.
    const again = await books.add(book(20));
    if (!again.ok) assert.deepEqual(again, TAKEN);
    await books.remove(bookId(4));
    const few = (await books.all()).filter(({ id }) => id < UNDER_WAY);
    assert.deepEqual(few, [book(1), book(20)]);
    assert.deepEqual(await books.add(book(30, { title: book(4).title })), ok(undefined));
    assert.equal(await books.remove(bookId(30)), true);
  },
};
