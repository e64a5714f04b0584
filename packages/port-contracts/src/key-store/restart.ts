import assert from 'node:assert/strict';
import { cases } from '../contract-case.ts';
import { key, NOON } from '../samples.ts';
import type { KeyStoreSubject } from './records.ts';

export const restart = cases<KeyStoreSubject>('restart', {
  'finds every acknowledged change after a reopen': async ({ stores, close, reopen }) => {
    for (const number of [2, 1]) await stores.keys.add(key(number));
    await stores.keys.reseal(2, key(2).sealed, 'anew');
    await stores.keys.retire(1, NOON);
    await close();

    const { keys } = await reopen();
    assert.deepEqual(await keys.all(), [key(1, { retiredAt: NOON }), key(2, { sealed: 'anew' })]);
    assert.equal(await keys.add(key(2)), false);
    assert.equal(await keys.retire(1, NOON), false);
  },
});
