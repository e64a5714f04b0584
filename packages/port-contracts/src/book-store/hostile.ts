import assert from 'node:assert/strict';
import type { Book, BookId, UserId } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { orRefused, quoted } from '../expect.ts';
import { hostileNumbers, hostileTexts, hostileValues } from '../hostile-text.ts';
import { book, bookId } from '../samples.ts';
import type { BookStoreSubject } from './records.ts';

export const hostile = cases<BookStoreSubject>('hostile', {
  'keeps every title as it is or refuses it, and takes none for another': async ({ stores: { books } }) => {
    const accepted: BookId[] = [];
    for (const [n, title] of hostileTexts().entries()) {
      const next = book(n + 1, { title });
      const added = await orRefused(() => books.add(next));
      if (added !== undefined) assert.equal(added.ok, true, quoted(title));
      if (added?.ok) accepted.push(next.id);
    }
    const all = await books.all();
    assert.deepEqual(
      all.map(({ id }) => id),
      accepted,
    );
    for (const { id, title } of all) assert.ok(title === hostileTexts()[id - 1], quoted(title));
    for (const id of accepted) assert.equal(await books.remove(id), true);
    assert.deepEqual(await books.all(), []);
  },

  'keeps every author and owner as it is or refuses it': async ({ stores: { books } }) => {
    for (const [n, text] of hostileTexts().entries()) {
      for (const fields of [{ author: text }, { ownerId: text as UserId }]) {
        const next = book(n + 1, fields);
        const added = await orRefused(() => books.add(next));
        assert.deepEqual(await books.all(), added?.ok ? [next] : [], quoted(text));
        await books.remove(next.id);
      }
    }
  },

  'keeps nothing that is no text, or keeps it as it is': async ({ stores: { books } }) => {
    for (const [n, value] of hostileValues('a').entries()) {
      for (const field of ['title', 'author', 'ownerId']) {
        const next: Book = { ...book(n + 1), [field]: value };
        const added = await orRefused(() => books.add(next));
        assert.deepEqual(await books.all(), added?.ok ? [next] : [], `${field} ${quoted(value)}`);
        await books.remove(next.id);
      }
    }
  },

  'refuses an id that is no number of ours, or keeps it as it is': async ({ stores: { books } }) => {
    for (const value of hostileNumbers()) {
      const next = book(value as number);
      const added = await orRefused(() => books.add(next));
      assert.deepEqual(await books.all(), added?.ok ? [next] : [], String(value));
      if (added?.ok) await books.remove(next.id);
    }
  },

  'removes nothing by a value that is no number of ours': async ({ stores: { books } }) => {
    for (const n of [1, 2]) await books.add(book(n));
    for (const value of [...hostileNumbers(), ...hostileValues('1'), 0, -1, Number.MAX_SAFE_INTEGER]) {
      assert.notEqual(await orRefused(() => books.remove(value as BookId)), true, String(value));
    }
    assert.equal(await books.remove(bookId(0)), false);
    assert.deepEqual(await books.all(), [book(1), book(2)]);
  },
});
