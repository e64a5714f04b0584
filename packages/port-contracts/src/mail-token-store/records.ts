import assert from 'node:assert/strict';
import { type MailTokenStore, plusSeconds } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { tamper } from '../expect.ts';
import { loginKey, mailToken, NOON, tokenHash, userId } from '../samples.ts';
import type { StoreSubject } from '../store-subject.ts';

export interface MailTokensStores {
  readonly mailTokens: MailTokenStore;
}
export type MailTokenStoreSubject = StoreSubject<MailTokensStores>;

export const records = cases<MailTokenStoreSubject>('contract', {
  'holds nothing at first': async ({ stores: { mailTokens } }) => {
    assert.equal(await mailTokens.find('verify-email', tokenHash(1)), undefined);
    assert.equal(await mailTokens.take('verify-email', tokenHash(1)), false);
    await mailTokens.drop(userId(1), 'verify-email');
    assert.equal(await mailTokens.sweep(plusSeconds(NOON, 1_000_000)), 0);
  },

  'gives back every field as it was put, to every node': async ({ stores, peer }) => {
    const all = [
      mailToken(1),
      mailToken(2, { purpose: 'reset-password', loginKey: loginKey('Üser.2@exämple.com') }),
      mailToken(3, { expiresAt: plusSeconds(NOON, 4_000_000_000.999) }),
    ];
    for (const each of all) await stores.mailTokens.put(each);
    for (const { mailTokens } of [stores, peer]) {
      for (const each of all) assert.deepEqual(await mailTokens.find(each.purpose, each.hash), each);
    }
  },

  'has the newest token of a user for a purpose, and no older one': async ({ stores, peer }) => {
    await stores.mailTokens.put(mailToken(1));
    const newest = mailToken(1, {
      ...{ hash: tokenHash(9), loginKey: loginKey('other@example.com') },
      expiresAt: plusSeconds(NOON, 1),
    });
    await peer.mailTokens.put(newest);
    for (const { mailTokens } of [stores, peer]) {
      assert.equal(await mailTokens.find('verify-email', tokenHash(1)), undefined);
      assert.deepEqual(await mailTokens.find('verify-email', tokenHash(9)), newest);
    }
    assert.equal(await stores.mailTokens.take('verify-email', tokenHash(1)), false);
    assert.equal(await stores.mailTokens.take('verify-email', tokenHash(9)), true);
  },

  'keeps users and purposes apart': async ({ stores: { mailTokens } }) => {
    const reset = mailToken(1, { purpose: 'reset-password', hash: tokenHash(7) });
    for (const each of [mailToken(1), reset, mailToken(2)]) await mailTokens.put(each);
    assert.equal(await mailTokens.find('reset-password', tokenHash(1)), undefined);
    assert.equal(await mailTokens.take('reset-password', tokenHash(1)), false, 'for another purpose');
    assert.equal(await mailTokens.take('verify-email', tokenHash(1)), true);
    assert.deepEqual(await mailTokens.find('reset-password', tokenHash(7)), reset);
    assert.deepEqual(await mailTokens.find('verify-email', tokenHash(2)), mailToken(2));
  },

  'takes a token once, and leaves the others': async ({ stores, peer }) => {
    for (const n of [1, 2]) await stores.mailTokens.put(mailToken(n));
    assert.equal(await peer.mailTokens.take('verify-email', tokenHash(1)), true);
    for (const { mailTokens } of [stores, peer]) {
      assert.equal(await mailTokens.take('verify-email', tokenHash(1)), false);
      assert.equal(await mailTokens.find('verify-email', tokenHash(1)), undefined);
      assert.deepEqual(await mailTokens.find('verify-email', tokenHash(2)), mailToken(2));
    }
    await stores.mailTokens.put(mailToken(1));
    assert.deepEqual(await peer.mailTokens.find('verify-email', tokenHash(1)), mailToken(1), 'put once more');
  },

  'takes a token that has expired, too: that is for the one who asks to judge': async ({ stores: { mailTokens } }) => {
    const expired = mailToken(1, { expiresAt: plusSeconds(NOON, -86_400) });
    await mailTokens.put(expired);
    assert.deepEqual(await mailTokens.find('verify-email', tokenHash(1)), expired);
    assert.equal(await mailTokens.take('verify-email', tokenHash(1)), true);
  },

  'drops what a user has for a purpose, and nothing else': async ({ stores, peer }) => {
    const reset = mailToken(1, { purpose: 'reset-password', hash: tokenHash(7) });
    for (const each of [mailToken(1), reset, mailToken(2)]) await stores.mailTokens.put(each);
    await peer.mailTokens.drop(userId(1), 'verify-email');
    assert.equal(await stores.mailTokens.find('verify-email', tokenHash(1)), undefined);
    assert.deepEqual(await stores.mailTokens.find('reset-password', tokenHash(7)), reset);
    assert.deepEqual(await stores.mailTokens.find('verify-email', tokenHash(2)), mailToken(2));
  },

  'shares no state with its callers': async ({ stores: { mailTokens } }) => {
    const given = { ...mailToken(1) };
    await mailTokens.put(given);
    tamper(given);
    const found = await mailTokens.find('verify-email', tokenHash(1));
    assert.ok(found);
    tamper(found);
    assert.deepEqual(await mailTokens.find('verify-email', tokenHash(1)), mailToken(1));
  },
});
