import assert from 'node:assert/strict';
import { type BookStore, ok, type UserStore } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { tamper } from '../expect.ts';
import { book, bookId, user, userId } from '../samples.ts';
import type { StoreSubject } from '../store-subject.ts';

export interface BookStores {
  readonly books: BookStore;
  readonly users: UserStore;
}
export type BookStoreSubject = StoreSubject<BookStores>;

export const TAKEN = { ok: false, error: { kind: 'book-title-taken' } } as const;

/** Titles that a database's own rules of comparison may take for one. */
const DISTINCT = ['Emma', 'emma', 'EMMA', 'Émma', 'E\u0301mma', 'Emma ', ' Emma', 'ß', 'ss', 'ı', 'i', 'İ', '', ' '];

export const records = cases<BookStoreSubject>('contract', {
  'holds nothing at first': async ({ stores: { books } }) => {
    assert.deepEqual(await books.all(), []);
    assert.equal(await books.remove(bookId(1)), false);
  },

  'gives back every field as it was added, by id': async ({ stores, peer }) => {
    const added = [
      book(10),
      book(9, { title: '', author: '' }),
      book(100, { title: '😀'.repeat(200), author: 'Ünï.çødé' }),
      book(1, { ownerId: userId(7) }),
      book(2, { author: 'Author 1' }),
      book(999_999_999_999_999),
      book(2 ** 31),
      book(2 ** 32),
    ];
    for (const each of added) assert.deepEqual(await stores.books.add(each), ok(undefined));
    const byId = added.toSorted((a, b) => a.id - b.id);
    assert.deepEqual(await stores.books.all(), byId);
    assert.deepEqual(await peer.books.all(), byId);
  },

  'refuses a title that is taken and keeps the first': async ({ stores, peer }) => {
    await stores.books.add(book(1));
    assert.deepEqual(await stores.books.add(book(2, { title: book(1).title })), TAKEN);
    assert.deepEqual(await peer.books.add(book(3, { title: book(1).title })), TAKEN);
    assert.deepEqual(await stores.books.all(), [book(1)]);
  },

  'tells titles apart, letter case and all': async ({ stores: { books } }) => {
    const all = DISTINCT.map((title, index) => book(index + 1, { title }));
    for (const each of all) assert.deepEqual(await books.add(each), ok(undefined), each.title);
    assert.deepEqual(await books.all(), all);
  },

  'refuses the very book that is there already by its title: whoever adds it again may not know that it was added':
    async ({ stores, peer }) => {
      await stores.books.add(book(1));
      assert.deepEqual(await stores.books.add(book(1)), TAKEN);
      assert.deepEqual(await peer.books.add(book(1, { author: 'another' })), TAKEN);
      assert.deepEqual(await stores.books.all(), [book(1)]);
    },

  'takes an id that is in use for a fault, not for a taken title': async ({ stores: { books } }) => {
    await books.add(book(1));
    await assert.rejects(books.add(book(1, { title: 'another' })));
    assert.deepEqual(await books.all(), [book(1)]);
    assert.deepEqual(await books.add(book(2, { title: 'another' })), ok(undefined));
  },

  'removes a book once, and frees its title': async ({ stores, peer }) => {
    for (const n of [1, 2, 3]) await stores.books.add(book(n));
    assert.equal(await peer.books.remove(bookId(2)), true);
    assert.equal(await stores.books.remove(bookId(2)), false);
    assert.deepEqual(await stores.books.all(), [book(1), book(3)]);
    const next = book(4, { title: book(2).title });
    assert.deepEqual(await stores.books.add(next), ok(undefined));
    assert.deepEqual(await peer.books.all(), [book(1), book(3), next]);
  },

  'keeps a book whose owner is removed': async ({ stores: { users, books } }) => {
    await users.add(user(1));
    await books.add(book(1, { ownerId: userId(1) }));
    assert.deepEqual(await users.remove(userId(1)), ok(undefined));
    assert.deepEqual(await books.all(), [book(1)]);
  },

  'lists more than a batch': async ({ stores: { books } }) => {
    const many = Array.from({ length: 250 }, (_, n) => book(n + 1));
    for (const each of many.toReversed()) await books.add(each);
    assert.deepEqual(await books.all(), many);
  },

  'shares no state with its callers': async ({ stores: { books } }) => {
    const given = { ...book(1) };
    await books.add(given);
    tamper(given);
    const all = await books.all();
    for (const answer of [all[0], all]) {
      assert.ok(answer);
      tamper(answer);
    }
    assert.deepEqual(await books.all(), [book(1)]);
  },
});
