import assert from 'node:assert/strict';
import { ok } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { book, bookId } from '../samples.ts';
import { type BookStoreSubject, TAKEN } from './records.ts';

export const restart = cases<BookStoreSubject>('restart', {
  'finds every acknowledged change after a reopen': async ({ stores, close, reopen }) => {
    for (const n of [3, 1, 2]) await stores.books.add(book(n));
    await stores.books.remove(bookId(2));
    await close();

    const { books } = await reopen();
    assert.deepEqual(await books.all(), [book(1), book(3)]);
    assert.deepEqual(await books.add(book(4, { title: book(1).title })), TAKEN);
    assert.deepEqual(await books.add(book(5, { title: book(2).title })), ok(undefined));
    assert.equal(await books.remove(bookId(2)), false);
  },
});
