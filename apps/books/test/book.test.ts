import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Result, Unavailable, type User, type UserId } from '@portcullis/domain';
import { memoryStores } from '@portcullis/persistence-memory';
import { bookCollection, parseBookId, parseBookText } from '../src/book/book.ts';
import { addBook, listBooks, removeBook } from '../src/book/books.ts';

/** @throws Error where it is refused. */
function right<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.error)}`);
  return result.value;
}

const user = (name: string) => ({ id: `id-of-${name}` as UserId }) as User;
const ada = user('ada');
const draft = { title: 'Emma', author: 'Jane Austen' };

function world() {
  const stores = memoryStores();
  const deps = { books: stores.collection(bookCollection), counters: stores.counters };
  return { ...deps, add: addBook(deps), all: () => listBooks(deps)(() => {}), remove: removeBook(deps) };
}

describe('adding a book', () => {
  it('numbers it and makes the caller its owner', async () => {
    const { add, all } = world();
    const book = { id: 1, ...draft, ownerId: ada.id };
    assert.deepEqual(await add(ada, draft), { ok: true, value: book });
    assert.deepEqual(await all(), [book]);
  });

  it('refuses a title that is taken, letter case and all', async () => {
    const { add, all } = world();
    right(await add(ada, draft));
    assert.deepEqual(await add(user('bob'), { ...draft, author: 'another' }), {
      ok: false,
      error: { kind: 'book-title-taken' },
    });
    right(await add(ada, { ...draft, title: 'emma' }));
    assert.deepEqual(
      (await all()).map(({ title }) => title),
      ['Emma', 'emma'],
    );
  });

  it('gives the title of a removed book to another one, and its id to none', async () => {
    const { add, remove } = world();
    const first = right(await add(ada, draft));
    right(await remove(first.id));
    const second = right(await add(ada, draft));
    assert.ok(second.id > first.id);
    assert.deepEqual(await remove(first.id), { ok: false, error: { kind: 'book-not-found' } });
  });

  it('lets an outage through as a fault', async () => {
    const away = async (): Promise<never> => {
      throw new Unavailable('store');
    };
    const { books, counters } = world();
    await assert.rejects(addBook({ books: { ...books, add: away }, counters })(ada, draft), Unavailable);
    await assert.rejects(addBook({ books, counters: { ...counters, next: away } })(ada, draft), Unavailable);
    await assert.rejects(
      removeBook({ books: { ...books, remove: away } })(right(await addBook({ books, counters })(ada, draft)).id),
      Unavailable,
    );
  });
});

describe('title and author', () => {
  it('have up to 200 characters, counted as code points', () => {
    for (const text of ['', 'Emma', '😀'.repeat(200)]) assert.deepEqual(parseBookText(text), { ok: true, value: text });
    for (const text of ['a'.repeat(201), '😀'.repeat(201)]) {
      assert.deepEqual(parseBookText(text), { ok: false, error: { kind: 'book-text-too-long', maximumLength: 200 } });
    }
  });
});

describe('book id', () => {
  it('is digits alone, and no more of them than a number holds', () => {
    for (const [text, id] of Object.entries({ '1': 1, '0': 0, '007': 7, '999999999999999': 999_999_999_999_999 })) {
      assert.equal(parseBookId(text), id);
    }
    for (const text of ['', '-1', '+1', '1.0', '1e3', '0x1', ' 1', '1\n', '١', 'abc', '1000000000000000']) {
      assert.equal(parseBookId(text), undefined, text);
    }
  });
});
