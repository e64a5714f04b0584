import assert from 'node:assert/strict';
import { instant, MAIL_TOKENS_PER_PURPOSE, type MailTokenStore, plusSeconds } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { loginKey, mailToken, NOON, tokenHash, userId } from '../samples.ts';
import type { StoreSubject } from '../store-subject.ts';

export interface MailTokensStores {
  readonly mailTokens: MailTokenStore;
}
export type MailTokenStoreSubject = StoreSubject<MailTokensStores>;

/** Nothing of the samples was issued so early. */
const BEFORE = instant(NOON - 1);
/** A token of user 1, issued `n` milliseconds after noon. */
const later = (n: number) => mailToken(1, { hash: tokenHash(1, n), issuedAt: instant(NOON + n) });
const issued = (count: number) => Array.from({ length: count }, (_, n) => later(n));

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
      mailToken(3, { expiresAt: plusSeconds(NOON, 4_000_000_000.999), epoch: 7 }),
      mailToken(4, { epoch: Number.MAX_SAFE_INTEGER }),
    ];
    for (const each of all) await stores.mailTokens.put(each, NOON);
    for (const { mailTokens } of [stores, peer]) {
      for (const each of all) assert.deepEqual(await mailTokens.find(each.purpose, each.hash), each);
    }
  },

  'has the tokens of a user beside each other, as many as there may be': async ({ stores, peer }) => {
    const own = issued(MAIL_TOKENS_PER_PURPOSE);
    for (const each of own) assert.equal(await stores.mailTokens.put(each, BEFORE), true);
    assert.equal(await peer.mailTokens.put(later(9), BEFORE), false, 'none of them may be replaced');
    for (const { mailTokens } of [stores, peer]) {
      for (const each of own) assert.deepEqual(await mailTokens.find('verify-email', each.hash), each);
      assert.equal(await mailTokens.find('verify-email', later(9).hash), undefined);
    }
    assert.equal(await peer.mailTokens.put(mailToken(2), BEFORE), true, 'of another user');
    assert.equal(await peer.mailTokens.put(own[0] ?? mailToken(0), BEFORE), true, 'the same one again');
  },

  'replaces the one that was issued first, if it may, and no other': async ({ stores: { mailTokens } }) => {
    // Whatever the order of arrival.
    const own = issued(MAIL_TOKENS_PER_PURPOSE);
    for (const each of own.toReversed()) await mailTokens.put(each, BEFORE);
    const [first, second] = own;
    assert.ok(first && second);
    assert.equal(await mailTokens.put(later(9), instant(first.issuedAt - 1)), false);
    assert.equal(await mailTokens.put(later(9), first.issuedAt), true);
    const left = await Promise.all([...own, later(9)].map(({ hash }) => mailTokens.find('verify-email', hash)));
    assert.deepEqual(left, [undefined, ...own.slice(1), later(9)]);
    assert.equal(await mailTokens.put(later(10), first.issuedAt), false, 'the next one is younger');
    assert.deepEqual(await mailTokens.find('verify-email', second.hash), second);
  },

  'has none of a user for a purpose, once one is taken': async ({ stores, peer }) => {
    const own = issued(3);
    const reset = mailToken(1, { purpose: 'reset-password', hash: tokenHash(7) });
    for (const each of [...own, reset, mailToken(2)]) await stores.mailTokens.put(each, BEFORE);
    assert.equal(await peer.mailTokens.take('verify-email', own[1]?.hash ?? tokenHash(0)), true);
    for (const each of own) {
      assert.equal(await stores.mailTokens.find('verify-email', each.hash), undefined);
      assert.equal(await stores.mailTokens.take('verify-email', each.hash), false);
    }
    assert.deepEqual(await stores.mailTokens.find('reset-password', reset.hash), reset);
    assert.deepEqual(await stores.mailTokens.find('verify-email', tokenHash(2)), mailToken(2));
  },

  'keeps users and purposes apart': async ({ stores: { mailTokens } }) => {
    const reset = mailToken(1, { purpose: 'reset-password', hash: tokenHash(7) });
    for (const each of [mailToken(1), reset, mailToken(2)]) await mailTokens.put(each, NOON);
    assert.equal(await mailTokens.find('reset-password', tokenHash(1)), undefined);
    assert.equal(await mailTokens.take('reset-password', tokenHash(1)), false, 'for another purpose');
    assert.equal(await mailTokens.take('verify-email', tokenHash(1)), true);
    assert.deepEqual(await mailTokens.find('reset-password', tokenHash(7)), reset);
    assert.deepEqual(await mailTokens.find('verify-email', tokenHash(2)), mailToken(2));
  },

  'takes a token once, and leaves the others': async ({ stores, peer }) => {
    for (const n of [1, 2]) await stores.mailTokens.put(mailToken(n), NOON);
    assert.equal(await peer.mailTokens.take('verify-email', tokenHash(1)), true);
    for (const { mailTokens } of [stores, peer]) {
      assert.equal(await mailTokens.take('verify-email', tokenHash(1)), false);
      assert.equal(await mailTokens.find('verify-email', tokenHash(1)), undefined);
      assert.deepEqual(await mailTokens.find('verify-email', tokenHash(2)), mailToken(2));
    }
    await stores.mailTokens.put(mailToken(1), NOON);
    assert.deepEqual(await peer.mailTokens.find('verify-email', tokenHash(1)), mailToken(1), 'put once more');
  },

  'takes a token that has expired, too: that is for the one who asks to judge': async ({ stores: { mailTokens } }) => {
    const expired = mailToken(1, { expiresAt: plusSeconds(NOON, -86_400) });
    await mailTokens.put(expired, NOON);
    assert.deepEqual(await mailTokens.find('verify-email', tokenHash(1)), expired);
    assert.equal(await mailTokens.take('verify-email', tokenHash(1)), true);
  },

  'drops what a user has for a purpose, and nothing else': async ({ stores, peer }) => {
    const reset = mailToken(1, { purpose: 'reset-password', hash: tokenHash(7) });
    const another = mailToken(1, { hash: tokenHash(8) });
    for (const each of [mailToken(1), another, reset, mailToken(2)]) await stores.mailTokens.put(each, NOON);
    await peer.mailTokens.drop(userId(1), 'verify-email');
    for (const { hash } of [mailToken(1), another]) {
      assert.equal(await stores.mailTokens.find('verify-email', hash), undefined);
    }
    assert.deepEqual(await stores.mailTokens.find('reset-password', tokenHash(7)), reset);
    assert.deepEqual(await stores.mailTokens.find('verify-email', tokenHash(2)), mailToken(2));
  },
});
