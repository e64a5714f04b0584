import assert from 'node:assert/strict';
import { plusSeconds } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { NOON } from '../samples.ts';
import { type CertifiableSubject, given } from '../store-subject.ts';
import type { CountersStores } from './records.ts';

const CENTURY_SECONDS = 36_525 * 86_400;

export const expiry = cases<CertifiableSubject<CountersStores>>('expiry', {
  'remembers the last number for however long': async (subject) => {
    const { counters } = subject.stores;
    await counters.next('counted');
    await counters.advance('advanced', 15);
    const ownExpiry = given('ownExpiry', subject.ownExpiry);
    if ('value' in ownExpiry) await ownExpiry.value.runAt(plusSeconds(NOON, CENTURY_SECONDS));
    assert.deepEqual([await counters.last('counted'), await counters.last('advanced')], [1, 15]);
    return undefined;
  },
});
