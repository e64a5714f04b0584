import assert from 'node:assert/strict';
import { type Instant, instant, plusSeconds, REVOCATION_MARGIN_SECONDS, sweepRevokedTokens } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { justOver, NOON, revokedToken, tokenId } from '../samples.ts';
import { type CertifiableSubject, given } from '../store-subject.ts';
import { eachOfSome, inParts, SWEPT, survives, swept } from '../sweeping.ts';
import type { RevokedTokenStoreSubject, RevokedTokenStores } from './records.ts';

const DAY_SECONDS = 86_400;

export const expiry = cases<RevokedTokenStoreSubject>('expiry', {
  'sweeps what expires at the limit or before it, to the millisecond': async ({ stores: { revokedTokens } }) => {
    const limit = instant(NOON + 1234);
    const offsets = [-86_400_000, -1000, -1, 0, 1, 1000, 86_400_000];
    for (const [n, offset] of offsets.entries()) {
      await revokedTokens.revoke(revokedToken(n, { expiresAt: instant(limit + offset) }));
    }
    assert.equal(await revokedTokens.sweep(limit), 4);
    const left = await Promise.all(offsets.map((_, n) => revokedTokens.isRevoked(tokenId(n))));
    assert.deepEqual(left, [false, false, false, false, true, true, true]);
    assert.equal(await revokedTokens.sweep(limit), 0);
  },

  'sweeps thousands, counts each and keeps those among them that are not over': async ({ stores, peer }) => {
    const { expiresAt } = revokedToken(0);
    await inParts(SWEPT, async (n) => {
      await stores.revokedTokens.revoke(revokedToken(n, survives(n) ? { expiresAt: instant(expiresAt + 1) } : {}));
    });
    assert.equal(await stores.revokedTokens.sweep(expiresAt), swept);
    await eachOfSome(async (n) => {
      assert.equal(await peer.revokedTokens.isRevoked(tokenId(n)), survives(n), `${n}`);
    });
  },

  'goes by the time that it is given, and by no clock': async ({ stores: { revokedTokens }, peer }) => {
    const token = revokedToken(1, { expiresAt: justOver() });
    assert.equal(await revokedTokens.revoke(token), true);
    for (const each of [revokedTokens, peer.revokedTokens]) {
      assert.equal(await each.isRevoked(token.tokenId), true);
      assert.equal(await each.revoke(token), false);
      assert.equal(await each.sweep(instant(token.expiresAt - 1)), 0);
    }
    assert.equal(await revokedTokens.sweep(token.expiresAt), 1);
  },

  'may be asked to forget everything, or nothing': async ({ stores: { revokedTokens } }) => {
    await revokedTokens.revoke(revokedToken(1));
    assert.equal(await revokedTokens.sweep(instant(-8_640_000_000_000_000)), 0);
    assert.equal(await revokedTokens.isRevoked(tokenId(1)), true);
    assert.equal(await revokedTokens.sweep(instant(8_639_999_999_999_999)), 1);
  },

  'keeps a revocation for the whole margin beyond exp, by the use case that sweeps': async ({ stores, peer }) => {
    const { revokedTokens } = stores;
    const { expiresAt } = revokedToken(1);
    let now = expiresAt;
    // The node that sweeps is the one whose clock is ahead; the other one still takes the token.
    const sweep = sweepRevokedTokens({ revokedTokens: peer.revokedTokens, clock: () => now });
    await revokedTokens.revoke(revokedToken(1));
    const gone = plusSeconds(expiresAt, REVOCATION_MARGIN_SECONDS);
    for (const at of [NOON, expiresAt, plusSeconds(expiresAt, 1), instant(gone - 1)]) {
      now = at;
      assert.equal(await sweep(), 0);
      assert.equal(await revokedTokens.isRevoked(tokenId(1)), true, `${at - expiresAt} ms after exp`);
      assert.equal(await revokedTokens.revoke(revokedToken(1)), false);
    }
    now = gone;
    assert.equal(await sweep(), 1);
    assert.equal(await revokedTokens.isRevoked(tokenId(1)), false);
  },
});

/** Tokens that are over at various times from `now` on, revoked as long before as a lifetime may be. */
const expiring = (now: Instant, offsetsSeconds: readonly number[]) =>
  offsetsSeconds.map((offset, n) =>
    revokedToken(n, { revokedAt: plusSeconds(now, -400 * DAY_SECONDS), expiresAt: plusSeconds(now, offset) }),
  );

/** For a store that forgets by itself: it stands in for the use case that sweeps, and is bound by the same margin. */
export const ownExpiry = cases<CertifiableSubject<RevokedTokenStores>>('expiry', {
  'forgets nothing by itself before exp and the margin have passed': async ({ stores, peer, ...subject }) => {
    const expiry = given('ownExpiry', subject.ownExpiry);
    if ('notApplicable' in expiry) return expiry;
    const almost = -REVOCATION_MARGIN_SECONDS + 10;
    const tokens = expiring(NOON, [300 * DAY_SECONDS, DAY_SECONDS, 3600, 60, 1, 0, -30, almost]);
    for (const each of tokens) await stores.revokedTokens.revoke(each);
    await expiry.value.runAt(NOON);
    for (const { tokenId: id, expiresAt } of tokens) {
      const told = `exp ${(expiresAt - NOON) / 1000} s from the time of the store`;
      assert.equal(await peer.revokedTokens.isRevoked(id), true, told);
    }
    return undefined;
  },

  'has forgotten by itself, an hour later, what is over, and nothing else': async ({ stores, peer, ...subject }) => {
    const expiry = given('ownExpiry', subject.ownExpiry);
    if ('notApplicable' in expiry) return expiry;
    const tokens = expiring(NOON, [-REVOCATION_MARGIN_SECONDS - 3600, -30 * DAY_SECONDS, 60]);
    for (const each of tokens) await stores.revokedTokens.revoke(each);
    await expiry.value.runAt(NOON);
    const left = await Promise.all(tokens.map(({ tokenId: id }) => peer.revokedTokens.isRevoked(id)));
    assert.deepEqual(left, [false, false, true]);
    return undefined;
  },
});
