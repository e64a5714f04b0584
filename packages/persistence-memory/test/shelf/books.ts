import { type BookId, err, ok } from '@portcullis/domain';
import { memoryStores } from '@portcullis/persistence-memory';
import { closedWith, cutAtNul, type Sabotaged, sabotageOf, shelfOf } from './sabotaged.ts';

const books = sabotageOf('books');

const of = shelfOf('books');

export const wrongBookStores: readonly Sabotaged[] = [
  of(
    'contract',
    'titles without letter case',
    books((honest) => ({
      async add(book) {
        const fold = (text: string) => text.toLowerCase();
        const taken = (await honest.all()).some(({ title }) => fold(title) === fold(book.title));
        return taken ? err({ kind: 'book-title-taken' }) : honest.add(book);
      },
    })),
  ),
  of(
    'contract',
    'titles trimmed',
    books((honest) => ({ add: (book) => honest.add({ ...book, title: book.title.trim() }) })),
  ),
  of(
    'contract',
    'ids ordered as text',
    books((honest) => ({ all: async () => (await honest.all()).toSorted((a, b) => (`${a.id}` < `${b.id}` ? -1 : 1)) })),
  ),
  of(
    'contract',
    'ids of 32 bits',
    books((honest) => ({ add: (book) => honest.add({ ...book, id: (book.id | 0) as BookId }) })),
  ),
  of(
    'contract',
    'the first batch alone',
    books((honest) => ({ all: async () => (await honest.all()).slice(0, 101) })),
  ),
  of(
    'contract',
    'a title that stays taken',
    books((honest, { memory }) => ({
      async remove(id) {
        const book = memory.books.get(id);
        const removed = await honest.remove(id);
        if (book) memory.bookTitles.add(book.title);
        return removed;
      },
    })),
  ),
  of(
    'contract',
    'an id in use reported as a taken title',
    books((honest) => ({ add: (book) => honest.add(book).catch(() => err({ kind: 'book-title-taken' })) })),
  ),
  of(
    'contract',
    'a fault where the very book is there already',
    books((honest, { memory }) => ({
      async add(book) {
        if (memory.books.has(book.id)) throw new Error('the book id is in use');
        return honest.add(book);
      },
    })),
  ),
  of('contract', 'books that go with their owner', (honest, { memory }) => ({
    ...honest,
    users: {
      ...honest.users,
      async remove(id) {
        const removed = await honest.users.remove(id);
        for (const book of memory.books.values()) if (book.ownerId === id) memory.books.delete(book.id);
        return removed;
      },
    },
  })),
  of(
    'races',
    'a free title checked in one step and taken in another',
    books((honest, { memory }) => ({
      async add(book) {
        if (memory.bookTitles.has(book.title)) return err({ kind: 'book-title-taken' });
        await undefined;
        memory.bookTitles.delete(book.title);
        return honest.add(book);
      },
    })),
  ),
  of(
    'races',
    'a removal that everyone did',
    books((honest, { memory }) => ({
      async remove(id) {
        const known = memory.books.has(id);
        await undefined;
        return (await honest.remove(id)) || known;
      },
    })),
  ),
  of('contract', 'books kept in a cache and nowhere else', (honest, { cache }) => ({
    ...honest,
    books: closedWith(honest, memoryStores(cache).books),
  })),
  of('expiry', 'a TTL index on books', {
    expire: (memory) => {
      memory.books.clear();
      memory.bookTitles.clear();
    },
  }),
  of(
    'hostile',
    'titles cut at NUL',
    books((honest) => ({ add: (book) => honest.add({ ...book, title: cutAtNul(book.title) }) })),
  ),
  of(
    'hostile',
    'ids read as numbers',
    books((honest) => ({ remove: (id) => honest.remove(Number(id) as BookId) })),
  ),
  of(
    'hostile',
    'what is no number stored as none',
    books((honest, { memory }) => ({
      async add(book) {
        if (Number.isSafeInteger(book.id)) return honest.add(book);
        memory.books.set(book.id, { ...book, id: 0 as BookId });
        return ok(undefined);
      },
    })),
  ),
  of('restart', 'removals that are made in memory alone', {
    restart: (memory) => {
      memory.bookTitles.clear();
    },
  }),
];
