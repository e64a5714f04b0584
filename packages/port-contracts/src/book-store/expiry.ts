import assert from 'node:assert/strict';
import { plusSeconds } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { book, NOON } from '../samples.ts';
import { type CertifiableSubject, given } from '../store-subject.ts';
import type { BookStores } from './records.ts';

const CENTURY_SECONDS = 36_525 * 86_400;

export const expiry = cases<CertifiableSubject<BookStores>>('expiry', {
  'keeps a book for however long': async (subject) => {
    const { books } = subject.stores;
    for (const n of [1, 2]) await books.add(book(n));
    const ownExpiry = given('ownExpiry', subject.ownExpiry);
    if ('value' in ownExpiry) await ownExpiry.value.runAt(plusSeconds(NOON, CENTURY_SECONDS));
    assert.deepEqual(await books.all(), [book(1), book(2)]);
    return undefined;
  },
});
