import { instant } from '@portcullis/domain';
import { memoryStores } from '@portcullis/persistence-memory';
import { closedWith, cutAtNul, inSeconds, type Sabotaged, sabotageOf, shelfOf } from './sabotaged.ts';

const keys = sabotageOf('keys');

const of = shelfOf('keys');

export const wrongKeyStores: readonly Sabotaged[] = [
  of(
    'contract',
    'an add that replaces',
    keys((_, { memory }) => ({ add: async (key) => memory.keys.set(key.number, { ...key }).has(key.number) })),
  ),
  of(
    'contract',
    'times kept in whole seconds',
    keys((honest) => ({ retire: (number, at) => honest.retire(number, inSeconds(at)) })),
  ),
  of(
    'contract',
    'numbers ordered as text',
    keys((honest) => ({
      all: async () => (await honest.all()).toSorted((a, b) => (`${a.number}` < `${b.number}` ? -1 : 1)),
    })),
  ),
  of(
    'contract',
    'retired keys left out',
    keys((honest) => ({ all: async () => (await honest.all()).filter(({ retiredAt }) => retiredAt === null) })),
  ),
  of(
    'contract',
    'a retirement that can be put off',
    keys((_, { memory }) => ({
      async retire(number, at) {
        const key = memory.keys.get(number);
        if (key) memory.keys.set(number, { ...key, retiredAt: at });
        return key !== undefined;
      },
    })),
  ),
  of(
    'contract',
    'a seal that is replaced whatever it was',
    keys((honest, { memory }) => ({
      reseal: async (number, _expected, next) => honest.reseal(number, memory.keys.get(number)?.sealed ?? '', next),
    })),
  ),
  of(
    'contract',
    'a retired key that is sealed anew',
    keys((_, { memory }) => ({
      async reseal(number, expected, next) {
        const key = memory.keys.get(number);
        if (!key || key.sealed !== expected) return false;
        memory.keys.set(number, { ...key, sealed: next });
        return true;
      },
    })),
  ),
  of('contract', 'keys kept in a cache and nowhere else', (honest, { cache }) => ({
    ...honest,
    keys: closedWith(honest, memoryStores(cache).keys),
  })),
  of(
    'races',
    'a free number checked in one step and taken in another',
    keys((_, { memory }) => ({
      async add(key) {
        if (memory.keys.has(key.number)) return false;
        await undefined;
        memory.keys.set(key.number, { ...key });
        return true;
      },
    })),
  ),
  of(
    'races',
    'a seal looked at in one step and replaced in another',
    keys((honest, { memory }) => ({
      async reseal(number, expected, next) {
        if (memory.keys.get(number)?.sealed !== expected) return false;
        await undefined;
        return honest.reseal(number, memory.keys.get(number)?.sealed ?? '', next);
      },
    })),
  ),
  of('expiry', 'a TTL index on retired keys', {
    expire: (memory) => {
      for (const key of memory.keys.values()) if (key.retiredAt !== null) memory.keys.delete(key.number);
    },
  }),
  of(
    'outage',
    'no key at all, since the store is away',
    keys((honest) => ({ all: () => honest.all().catch(() => []) })),
  ),
  of(
    'hostile',
    'texts cut at NUL',
    keys((honest) => ({ add: (key) => honest.add({ ...key, kid: cutAtNul(key.kid) }) })),
  ),
  of(
    'hostile',
    'a time that is none taken for the beginning of all',
    keys((honest) => ({
      add: (key) => honest.add({ ...key, signsFrom: Number.isInteger(key.signsFrom) ? key.signsFrom : instant(0) }),
    })),
  ),
  of('restart', 'keys kept in memory alone', { restart: (memory) => memory.keys.clear() }),
];
