import assert from 'node:assert/strict';
import { cases } from '../contract-case.ts';
import { book, bookId } from '../samples.ts';
import { atOnce, type CertifiableSubject, lookPast } from '../store-subject.ts';
import type { BookStores } from './records.ts';

const CALLERS = 20;

export const probed = cases<CertifiableSubject<BookStores>>('contract', {
  'has stored what it acknowledges, as a look past it shows': async (subject) => {
    const probe = lookPast(subject, 'book');
    if ('notApplicable' in probe) return probe;
    const { look } = probe;
    const { stores, peer } = subject;
    await stores.books.add(book(1));
    assert.deepEqual(await look(bookId(1)), book(1));
    await peer.books.add(book(2));
    assert.deepEqual(await look(bookId(2)), book(2));
    await stores.books.remove(bookId(1));
    assert.equal(await look(bookId(1)), undefined);
    await atOnce(subject, CALLERS, async ({ books }, n) => {
      await books.add(book(100 + n));
      assert.deepEqual(await look(bookId(100 + n)), book(100 + n));
    });
    return undefined;
  },
});
