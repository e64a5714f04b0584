import assert from 'node:assert/strict';
import { cases } from '../contract-case.ts';
import { key, NOON } from '../samples.ts';
import { atOnce, type CertifiableSubject, lookPast } from '../store-subject.ts';
import type { KeyStores } from './records.ts';

const CALLERS = 20;

export const probed = cases<CertifiableSubject<KeyStores>>('contract', {
  'has stored what it acknowledges, as a look past it shows': async (subject) => {
    const probe = lookPast(subject, 'key');
    if ('notApplicable' in probe) return probe;
    const { look } = probe;
    await subject.stores.keys.add(key(1));
    assert.deepEqual(await look(1), key(1));
    await subject.peer.keys.reseal(1, key(1).sealed, 'anew');
    assert.deepEqual(await look(1), key(1, { sealed: 'anew' }));
    await subject.peer.keys.retire(1, NOON);
    assert.deepEqual(await look(1), key(1, { sealed: 'anew', retiredAt: NOON }));
    await atOnce(subject, CALLERS, async ({ keys }, n) => {
      await keys.add(key(100 + n));
      assert.deepEqual(await look(100 + n), key(100 + n));
    });
    return undefined;
  },
});
