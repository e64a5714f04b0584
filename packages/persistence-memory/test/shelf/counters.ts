import { memoryStores } from '@portcullis/persistence-memory';
import { closedWith, cutAtNul, type Sabotaged, sabotageOf, shelfOf } from './sabotaged.ts';

const counters = sabotageOf('counters');

const of = shelfOf('counters');

export const wrongCounters: readonly Sabotaged[] = [
  of(
    'contract',
    'counting from 0 on',
    counters((honest) => ({ next: async (name) => (await honest.next(name)) - 1 })),
  ),
  of(
    'contract',
    'one counter for all names',
    counters((honest) => ({ next: () => honest.next('all') })),
  ),
  of(
    'contract',
    'names without letter case',
    counters((honest) => ({ next: (name) => honest.next(name.toLowerCase()) })),
  ),
  of(
    'contract',
    'an advance that sets',
    counters((_, { memory }) => ({ advance: async (name, number) => void memory.counters.set(name, number) })),
  ),
  of(
    'contract',
    'an advance that only raises',
    counters((_, { memory }) => ({
      advance: async (name, number) => void memory.counters.set(name, Math.max(memory.counters.get(name) ?? 0, number)),
    })),
  ),
  of(
    'contract',
    'an advance by nothing that begins the counter',
    counters((honest, { memory }) => ({
      async advance(name, number) {
        if (number === 0 && !memory.counters.has(name)) memory.counters.set(name, 0);
        return honest.advance(name, number);
      },
    })),
  ),
  of(
    'contract',
    'the number to come in the place of the last',
    counters((honest) => ({ last: async (name) => (await honest.last(name)) + 1 })),
  ),
  of(
    'contract',
    'numbers of 32 bits',
    counters((honest) => ({ next: async (name) => (await honest.next(name)) | 0 })),
  ),
  of(
    'contract',
    'a node that counts by itself',
    counters(() => {
      const own = new Map<string, number>();
      return {
        async next(name) {
          own.set(name, (own.get(name) ?? 0) + 1);
          return own.get(name) ?? 0;
        },
      };
    }),
  ),
  of(
    'races',
    'a number read in one step and written in another',
    counters((_, { memory }) => ({
      async next(name) {
        const number = (memory.counters.get(name) ?? 0) + 1;
        await undefined;
        memory.counters.set(name, number);
        return number;
      },
    })),
  ),
  of(
    'races',
    'a counter begun in one step and counted in another',
    counters((honest, { memory }) => ({
      async next(name) {
        if (memory.counters.has(name)) return honest.next(name);
        await undefined;
        memory.counters.set(name, 1);
        return 1;
      },
    })),
  ),
  of(
    'races',
    'numbers fetched in blocks',
    counters((honest) => {
      let block: number[] = [];
      return {
        async next(name) {
          if (block.length === 0) {
            const first = await honest.next(name);
            block = [first, first + 1, first + 2];
          }
          return block.shift() ?? 0;
        },
      };
    }),
  ),
  of(
    'races',
    'an advance decided in one step and made in another',
    counters((_, { memory }) => ({
      async advance(name, number) {
        if (memory.counters.has(name)) return;
        await new Promise((resolve) => setImmediate(resolve));
        memory.counters.set(name, number);
      },
    })),
  ),
  of('contract', 'numbers kept in a cache and nowhere else', (honest, { cache }) => ({
    ...honest,
    counters: closedWith(honest, memoryStores(cache).counters),
  })),
  of('expiry', 'counters that begin anew every day', { expire: (memory) => memory.counters.clear() }),
  of(
    'hostile',
    'names cut at NUL',
    counters((honest) => ({ next: (name) => honest.next(cutAtNul(name)) })),
  ),
  of(
    'hostile',
    'names read as text',
    counters((honest) => ({ next: (name) => honest.next(String(name)) })),
  ),
  of(
    'hostile',
    'an advance to anything',
    counters((_, { memory }) => ({
      advance: async (name, number) => void (memory.counters.has(name) || memory.counters.set(name, number)),
    })),
  ),
  of('restart', 'counts kept in memory alone', { restart: (memory) => memory.counters.clear() }),
  of('restart', 'counts written a little late', {
    restart: (memory) => {
      for (const [name, number] of memory.counters) memory.counters.set(name, number - 1);
    },
  }),
];
