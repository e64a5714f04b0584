import assert from 'node:assert/strict';
import { plusSeconds } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { key, NOON } from '../samples.ts';
import { type CertifiableSubject, given } from '../store-subject.ts';
import type { KeyStores } from './records.ts';

const CENTURY_SECONDS = 36_525 * 86_400;

export const expiry = cases<CertifiableSubject<KeyStores>>('expiry', {
  'keeps a key for however long, retired or not': async (subject) => {
    const { keys } = subject.stores;
    const kept = [key(1, { retiredAt: NOON }), key(2)];
    for (const each of kept) await keys.add(each);
    const ownExpiry = given('ownExpiry', subject.ownExpiry);
    if ('value' in ownExpiry) await ownExpiry.value.runAt(plusSeconds(NOON, CENTURY_SECONDS));
    assert.deepEqual(await keys.all(), kept);
    return undefined;
  },
});
