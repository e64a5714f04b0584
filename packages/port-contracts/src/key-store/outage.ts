import assert from 'node:assert/strict';
import type { StoredKey } from '@portcullis/domain';
import { type OutageScript, read } from '../outages.ts';
import { key, NOON } from '../samples.ts';
import type { KeyStores } from './records.ts';

const UNDER_WAY = 100;

/** 1 stays as it is, 4 is to be retired. */
export const outage: OutageScript<KeyStores> = {
  async plant({ keys }) {
    for (const number of [1, 4]) await keys.add(key(number));
  },
  reads: ({ keys }) => ({
    all: read(
      () => keys.all(),
      ([first]: readonly StoredKey[]) => assert.deepEqual(first, key(1)),
    ),
  }),
  writes: ({ keys }) => ({
    add: () => keys.add(key(20)),
    'add of a number in use': () => keys.add(key(1)),
    retire: () => keys.retire(4, NOON),
    reseal: () => keys.reseal(4, key(4).sealed, key(4).sealed),
    'reseal of none': () => keys.reseal(9, '', ''),
    'retire of none': () => keys.retire(9, NOON),
  }),
  async write({ keys }, n) {
    assert.equal(await keys.add(key(UNDER_WAY + n)), true);
  },
  async assertWritten({ keys }, n) {
    assert.ok((await keys.all()).some(({ number }) => number === UNDER_WAY + n));
  },
  async assertWhole({ keys }) {
    await keys.add(key(20));
    await keys.retire(4, NOON);
    const few = (await keys.all()).filter(({ number }) => number < UNDER_WAY);
    assert.deepEqual(few, [key(1), key(4, { retiredAt: NOON }), key(20)]);
  },
};
