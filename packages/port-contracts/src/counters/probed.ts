import assert from 'node:assert/strict';
import { cases } from '../contract-case.ts';
import { atOnce, type CertifiableSubject, lookPast } from '../store-subject.ts';
import type { CountersStores } from './records.ts';

const CALLERS = 20;

export const probed = cases<CertifiableSubject<CountersStores>>('contract', {
  'has stored every number that it gave out, as a look past it shows': async (subject) => {
    const probe = lookPast(subject, 'counter');
    if ('notApplicable' in probe) return probe;
    const { look } = probe;
    const { stores, peer } = subject;
    assert.equal((await look('a')) ?? 0, 0);
    await stores.counters.next('a');
    assert.equal(await look('a'), 1);
    await peer.counters.next('a');
    assert.equal(await look('a'), 2);
    await peer.counters.advance('b', 15);
    assert.equal(await look('b'), 15);
    await atOnce(subject, CALLERS, async ({ counters }) => {
      const number = await counters.next('b');
      assert.ok(((await look('b')) ?? 0) >= number);
    });
    return undefined;
  },
});
