import assert from 'node:assert/strict';
import type { Counters } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { upTo } from '../expect.ts';
import type { StoreSubject } from '../store-subject.ts';

export interface CountersStores {
  readonly counters: Counters;
}
export type CountersSubject = StoreSubject<CountersStores>;

export const records = cases<CountersSubject>('contract', {
  'has given out nothing at first': async ({ stores: { counters } }) => {
    assert.equal(await counters.last('a'), 0);
  },

  'counts from 1 on, and remembers the last number': async ({ stores: { counters } }) => {
    for (const number of upTo(12)) {
      assert.equal(await counters.next('a'), number);
      assert.equal(await counters.last('a'), number);
    }
  },

  'goes on from what the other node gave out': async ({ stores, peer }) => {
    for (const number of upTo(12)) assert.equal(await (number % 2 === 0 ? stores : peer).counters.next('a'), number);
    assert.equal(await stores.counters.last('a'), 12);
    assert.equal(await peer.counters.last('a'), 12);
  },

  'keeps each name to itself': async ({ stores: { counters } }) => {
    for (const number of upTo(3)) assert.equal(await counters.next('a'), number);
    assert.equal(await counters.next('A'), 1);
    assert.equal(await counters.last('b'), 0);
    await counters.advance('b', 7);
    assert.deepEqual([await counters.last('a'), await counters.last('A'), await counters.last('b')], [3, 1, 7]);
  },

  'goes on from where it was advanced to': async ({ stores, peer }) => {
    await stores.counters.advance('a', 15);
    assert.equal(await peer.counters.last('a'), 15);
    assert.equal(await peer.counters.next('a'), 16);
    assert.equal(await stores.counters.next('a'), 17);
  },

  'is not advanced where it is there already, in neither direction': async ({ stores, peer }) => {
    await stores.counters.next('counted');
    await stores.counters.advance('advanced', 15);
    for (const number of [1, 5, 15, 16, 1000]) {
      await peer.counters.advance('counted', number);
      await peer.counters.advance('advanced', number);
    }
    assert.deepEqual([await stores.counters.last('counted'), await stores.counters.last('advanced')], [1, 15]);
    assert.deepEqual([await stores.counters.next('counted'), await stores.counters.next('advanced')], [2, 16]);
  },

  'is not there yet where it was advanced by nothing': async ({ stores: { counters } }) => {
    await counters.advance('a', 0);
    assert.equal(await counters.last('a'), 0);
    await counters.advance('a', 5);
    assert.equal(await counters.next('a'), 6);
  },

  'counts beyond 32 bits': async ({ stores: { counters } }) => {
    for (const number of [2 ** 31 - 2, 2 ** 32 - 2, 2 ** 52]) {
      const name = `from ${number}`;
      await counters.advance(name, number);
      assert.deepEqual(
        [await counters.next(name), await counters.next(name), await counters.next(name)],
        [number + 1, number + 2, number + 3],
      );
      assert.equal(await counters.last(name), number + 3);
    }
  },
});
