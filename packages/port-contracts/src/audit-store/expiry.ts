import assert from 'node:assert/strict';
import { instant, plusSeconds } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { upTo } from '../expect.ts';
import { auditRecord, justOver, NOON } from '../samples.ts';
import { type CertifiableSubject, given } from '../store-subject.ts';
import { SWEPT, survives, swept } from '../sweeping.ts';
import { ALL, type AuditStoreSubject, type AuditStores } from './records.ts';

const DAY_SECONDS = 86_400;

export const expiry = cases<AuditStoreSubject>('expiry', {
  'sweeps what expires at the limit or before it, to the millisecond': async ({ stores: { audit } }) => {
    const limit = instant(NOON + 1234);
    const offsets = [-86_400_000, -1000, -1, 0, 1, 1000, 86_400_000];
    const all = offsets.map((offset, n) => auditRecord(n, { expiresAt: instant(limit + offset) }));
    await audit.append(all);
    assert.equal(await audit.sweep(limit), 4);
    assert.deepEqual(await audit.newest(ALL), all.slice(4).toReversed());
    assert.equal(await audit.sweep(limit), 0);
  },

  'sweeps thousands, counts each and keeps those among them that are not over': async ({ stores, peer }) => {
    const { expiresAt } = auditRecord(0);
    const many = upTo(SWEPT).map((n) => auditRecord(n, survives(n) ? { expiresAt: instant(expiresAt + 1) } : {}));
    await stores.audit.append(many);
    assert.equal(await stores.audit.sweep(expiresAt), swept);
    assert.deepEqual(await peer.audit.newest(ALL), many.filter((_, n) => survives(n + 1)).toReversed());
  },

  'goes by the time that it is given, and by no clock': async ({ stores: { audit }, peer }) => {
    const over = justOver();
    const records = [1, 2].map((n) => auditRecord(n, { at: instant(over - 10 + n), expiresAt: over }));
    await audit.append(records);
    for (const each of [audit, peer.audit]) {
      assert.deepEqual(await each.newest(ALL), records.toReversed());
      assert.equal(await each.sweep(instant(over - 1)), 0);
    }
    assert.equal(await audit.sweep(over), 2);
  },
});

/** For a store that forgets by itself. */
export const ownExpiry = cases<CertifiableSubject<AuditStores>>('expiry', {
  'forgets by itself nothing before its time, and a day later what is over': async ({ stores, peer, ...subject }) => {
    const ownExpiry = given('ownExpiry', subject.ownExpiry);
    if ('notApplicable' in ownExpiry) return ownExpiry;
    const offsets = [DAY_SECONDS, 60, 1, 0, -DAY_SECONDS, -30 * DAY_SECONDS];
    const all = offsets.map((offset, n) => auditRecord(n, { expiresAt: plusSeconds(NOON, offset) }));
    await stores.audit.append(all);
    await ownExpiry.value.runAt(NOON);
    assert.deepEqual(await peer.audit.newest(ALL), all.slice(0, 4).toReversed());
    return undefined;
  },
});
