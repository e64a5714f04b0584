import assert from 'node:assert/strict';
import { instant, type KeyStore, plusSeconds } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { key, NOON } from '../samples.ts';
import type { StoreSubject } from '../store-subject.ts';

export interface KeyStores {
  readonly keys: KeyStore;
}
export type KeyStoreSubject = StoreSubject<KeyStores>;

export const records = cases<KeyStoreSubject>('contract', {
  'holds nothing at first': async ({ stores: { keys } }) => {
    assert.deepEqual(await keys.all(), []);
    assert.equal(await keys.retire(1, NOON), false);
    assert.equal(await keys.reseal(1, '', 'sealed anew'), false);
  },

  'gives back every field as it was added, by number, to every node': async ({ stores, peer }) => {
    const added = [
      key(2, { createdAt: instant(0), signsFrom: instant(1) }),
      key(1, { algorithm: 'HS256', retiredAt: plusSeconds(NOON, 0.001) }),
      key(10, { sealed: `${'x'.repeat(4000)}.Ünï` }),
      key(9, { signsFrom: plusSeconds(NOON, -86_400.007) }),
    ];
    for (const each of added) assert.equal(await stores.keys.add(each), true);
    const byNumber = added.toSorted((one, other) => one.number - other.number);
    for (const { keys } of [stores, peer]) assert.deepEqual(await keys.all(), byNumber);
  },

  'adds nothing where the number is in use': async ({ stores, peer }) => {
    await stores.keys.add(key(1));
    assert.equal(await peer.keys.add(key(1, { kid: 'another' })), false);
    assert.equal(await stores.keys.add(key(1)), false);
    assert.deepEqual(await peer.keys.all(), [key(1)]);
  },

  'retires a key once, and leaves the others': async ({ stores, peer }) => {
    for (const number of [1, 2, 3]) await stores.keys.add(key(number));
    const at = plusSeconds(NOON, 500.001);
    assert.equal(await peer.keys.retire(2, at), true);
    assert.equal(await stores.keys.retire(2, plusSeconds(NOON, 900)), false);
    assert.equal(await stores.keys.retire(4, at), false);
    assert.deepEqual(await stores.keys.all(), [key(1), key(2, { retiredAt: at }), key(3)]);
  },

  'seals a key anew where it is sealed as expected, and changes nothing else': async ({ stores, peer }) => {
    const sealed = { sealed: 'as it was' };
    for (const number of [1, 2, 3]) await stores.keys.add(key(number, sealed));
    assert.equal(await peer.keys.reseal(2, 'as it was', 'anew'), true);
    assert.equal(await stores.keys.reseal(2, 'as it was', 'by a second one'), false);
    assert.equal(await stores.keys.reseal(4, 'as it was', 'anew'), false);
    assert.deepEqual(await stores.keys.all(), [key(1, sealed), key(2, { sealed: 'anew' }), key(3, sealed)]);
    assert.equal(await stores.keys.reseal(2, 'anew', 'anew'), true);
  },

  'seals no retired key anew': async ({ stores, peer }) => {
    await stores.keys.add(key(1, { sealed: 'as it was' }));
    await stores.keys.retire(1, NOON);
    assert.equal(await peer.keys.reseal(1, 'as it was', 'anew'), false);
    assert.deepEqual(await peer.keys.all(), [key(1, { sealed: 'as it was', retiredAt: NOON })]);
  },
});
