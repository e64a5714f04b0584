import assert from 'node:assert/strict';
import { instant, plusSeconds } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { upTo } from '../expect.ts';
import { auditRecord, NOON } from '../samples.ts';
import { type CertifiableSubject, given } from '../store-subject.ts';
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

  'sweeps many, counts each and keeps the rest': async ({ stores: { audit } }) => {
    const many = upTo(1200).map((n) => auditRecord(n));
    const kept = auditRecord(5000, { expiresAt: plusSeconds(auditRecord(1).expiresAt, 1) });
    await audit.append([...many, kept]);
    assert.equal(await audit.sweep(auditRecord(1).expiresAt), 1200);
    assert.deepEqual(await audit.newest(ALL), [kept]);
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
