import assert from 'node:assert/strict';
import { instant, plusSeconds } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { mailToken, NOON, tokenHash } from '../samples.ts';
import { type CertifiableSubject, given } from '../store-subject.ts';
import type { MailTokenStoreSubject, MailTokensStores } from './records.ts';

const AT_ONCE = 100;

const DAY_SECONDS = 86_400;

export const expiry = cases<MailTokenStoreSubject>('expiry', {
  'sweeps what expires at the limit or before it, to the millisecond': async ({ stores: { mailTokens } }) => {
    const limit = instant(NOON + 1234);
    const offsets = [-86_400_000, -1000, -1, 0, 1, 1000, 86_400_000];
    for (const [n, offset] of offsets.entries()) {
      await mailTokens.put(mailToken(n, { expiresAt: instant(limit + offset) }), NOON);
    }
    assert.equal(await mailTokens.sweep(limit), 4);
    const left = await Promise.all(offsets.map((_, n) => mailTokens.find('verify-email', tokenHash(n))));
    assert.deepEqual(left.map(Boolean), [false, false, false, false, true, true, true]);
    assert.equal(await mailTokens.sweep(limit), 0);
  },

  'sweeps many, counts each and keeps the rest': async ({ stores: { mailTokens } }) => {
    const many = 1200;
    // Not all at once: how much a store can do in its time is not the question here.
    for (let first = 0; first < many; first += AT_ONCE) {
      await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => mailTokens.put(mailToken(first + n), NOON)));
    }
    const kept = mailToken(many, { expiresAt: plusSeconds(mailToken(0).expiresAt, 1) });
    await mailTokens.put(kept, NOON);
    assert.equal(await mailTokens.sweep(mailToken(0).expiresAt), many);
    assert.deepEqual(await mailTokens.find('verify-email', kept.hash), kept);
  },
});

/** For a store that forgets by itself. */
export const ownExpiry = cases<CertifiableSubject<MailTokensStores>>('expiry', {
  'forgets by itself nothing that is good, and a day later what is over': async ({ stores, peer, ...subject }) => {
    const ownExpiry = given('ownExpiry', subject.ownExpiry);
    if ('notApplicable' in ownExpiry) return ownExpiry;
    const offsets = [DAY_SECONDS, 60, 1, 0, -DAY_SECONDS, -30 * DAY_SECONDS];
    for (const [n, offset] of offsets.entries()) {
      await stores.mailTokens.put(mailToken(n, { expiresAt: plusSeconds(NOON, offset) }), NOON);
    }
    await ownExpiry.value.runAt(NOON);
    const left = await Promise.all(offsets.map((_, n) => peer.mailTokens.find('verify-email', tokenHash(n))));
    assert.deepEqual(left.map(Boolean), [true, true, true, true, false, false]);
    return undefined;
  },
});
