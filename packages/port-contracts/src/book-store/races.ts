import assert from 'node:assert/strict';
import { ok } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { book, bookId, userId } from '../samples.ts';
import { atOnce } from '../store-subject.ts';
import { type BookStoreSubject, TAKEN } from './records.ts';

const CALLERS = 20;
const TITLE = 'contested';

export const races = cases<BookStoreSubject>('races', {
  'adds one title for exactly one of many callers': async (subject) => {
    const by = (n: number) => book(n + 1, { title: TITLE, ownerId: userId(n) });
    const results = await atOnce(subject, CALLERS, ({ books }, n) => books.add(by(n)));
    const winner = results.findIndex((each) => each.ok);
    for (const [n, each] of results.entries()) assert.deepEqual(each, n === winner ? ok(undefined) : TAKEN);
    assert.deepEqual(await subject.peer.books.all(), [by(winner)]);
  },

  'adds many titles at once, each for its caller': async (subject) => {
    const results = await atOnce(subject, CALLERS, ({ books }, n) => books.add(book(CALLERS - n)));
    assert.ok(results.every((each) => each.ok));
    assert.deepEqual(
      await subject.stores.books.all(),
      Array.from({ length: CALLERS }, (_, n) => book(n + 1)),
    );
  },

  'removes a book for exactly one of many callers': async (subject) => {
    await subject.stores.books.add(book(1));
    const removed = await atOnce(subject, CALLERS, ({ books }) => books.remove(bookId(1)));
    assert.equal(removed.filter(Boolean).length, 1);
  },

  'frees a title for at most one of those who wait for it': async (subject) => {
    await subject.stores.books.add(book(1, { title: TITLE }));
    const told = await atOnce(subject, CALLERS, async ({ books }, n) =>
      n === 0 ? books.remove(bookId(1)) : (await books.add(book(n + 1, { title: TITLE }))).ok,
    );
    assert.equal(told[0], true);
    const winners = told.flatMap((won, n) => (won && n > 0 ? [bookId(n + 1)] : []));
    assert.ok(winners.length <= 1);
    assert.deepEqual(
      (await subject.peer.books.all()).map(({ id }) => id),
      winners,
    );
  },
});
