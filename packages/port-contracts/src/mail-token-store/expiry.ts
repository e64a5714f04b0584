import assert from 'node:assert/strict';
import { instant, plusSeconds } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { justOver, mailToken, NOON, tokenHash } from '../samples.ts';
import { type CertifiableSubject, given } from '../store-subject.ts';
import { eachOfSome, inParts, SWEPT, survives, swept } from '../sweeping.ts';
import type { MailTokenStoreSubject, MailTokensStores } from './records.ts';

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

  'sweeps thousands, counts each and keeps those among them that are not over': async ({ stores, peer }) => {
    const { expiresAt } = mailToken(0);
    await inParts(SWEPT, (n) =>
      stores.mailTokens.put(mailToken(n, survives(n) ? { expiresAt: instant(expiresAt + 1) } : {}), NOON),
    );
    assert.equal(await stores.mailTokens.sweep(expiresAt), swept);
    await eachOfSome(async (n) => {
      assert.equal((await peer.mailTokens.find('verify-email', tokenHash(n))) !== undefined, survives(n), `${n}`);
    });
  },

  'goes by the time that it is given, and by no clock': async ({ stores: { mailTokens }, peer }) => {
    const over = justOver();
    for (const n of [1, 2]) await mailTokens.put(mailToken(n, { issuedAt: over, expiresAt: over }), over);
    for (const each of [mailTokens, peer.mailTokens]) {
      assert.equal((await each.find('verify-email', tokenHash(1)))?.expiresAt, over);
      assert.equal(await each.sweep(instant(over - 1)), 0);
    }
    assert.equal(await peer.mailTokens.take('verify-email', tokenHash(1)), true);
    assert.equal(await mailTokens.sweep(over), 1);
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
