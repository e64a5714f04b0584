import assert from 'node:assert/strict';
import { plusSeconds } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { NOON, ship } from '../samples.ts';
import { type CertifiableSubject, given } from '../store-subject.ts';
import type { ShipStores } from './records.ts';

const CENTURY_SECONDS = 36_525 * 86_400;

export const expiry = cases<CertifiableSubject<ShipStores>>('expiry', {
  'keeps a ship for however long': async (subject) => {
    const { ships } = subject.stores;
    for (const n of [1, 2]) await ships.add(ship(n));
    const ownExpiry = given('ownExpiry', subject.ownExpiry);
    if ('value' in ownExpiry) await ownExpiry.value.runAt(plusSeconds(NOON, CENTURY_SECONDS));
    assert.deepEqual(await ships.all(), [ship(1), ship(2)]);
    return undefined;
  },
});
