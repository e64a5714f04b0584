import assert from 'node:assert/strict';
import { instant, plusSeconds, type RevokedTokenStore } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { NOON, revokedToken, tokenId } from '../samples.ts';
import type { StoreSubject } from '../store-subject.ts';

export interface RevokedTokenStores {
  readonly revokedTokens: RevokedTokenStore;
}
export type RevokedTokenStoreSubject = StoreSubject<RevokedTokenStores>;

export const records = cases<RevokedTokenStoreSubject>('contract', {
  'holds nothing at first': async ({ stores: { revokedTokens } }) => {
    assert.equal(await revokedTokens.isRevoked(tokenId(1)), false);
    assert.equal(await revokedTokens.sweep(NOON), 0);
  },

  'revokes one token and no other': async ({ stores: { revokedTokens } }) => {
    assert.equal(await revokedTokens.revoke(revokedToken(1)), true);
    assert.equal(await revokedTokens.isRevoked(tokenId(1)), true);
    assert.equal(await revokedTokens.isRevoked(tokenId(2)), false);
  },

  'shows the other node what was acknowledged': async ({ stores, peer }) => {
    assert.equal(await peer.revokedTokens.isRevoked(tokenId(1)), false);
    await stores.revokedTokens.revoke(revokedToken(1));
    assert.equal(await peer.revokedTokens.isRevoked(tokenId(1)), true);
    await peer.revokedTokens.sweep(revokedToken(1).expiresAt);
    assert.equal(await stores.revokedTokens.isRevoked(tokenId(1)), false);
  },

  'tells the second caller that they did not revoke it': async ({ stores, peer }) => {
    assert.equal(await stores.revokedTokens.revoke(revokedToken(1)), true);
    assert.equal(await stores.revokedTokens.revoke(revokedToken(1)), false);
    assert.equal(await peer.revokedTokens.revoke(revokedToken(1, { revokedAt: plusSeconds(NOON, 1) })), false);
  },

  'keeps the entry of the winner, whatever expiry a later caller names': async ({ stores: { revokedTokens } }) => {
    const { expiresAt } = revokedToken(1);
    await revokedTokens.revoke(revokedToken(1));
    await revokedTokens.revoke(revokedToken(1, { expiresAt: plusSeconds(expiresAt, -600) }));
    assert.equal(await revokedTokens.sweep(instant(expiresAt - 1)), 0);
    await revokedTokens.revoke(revokedToken(1, { expiresAt: plusSeconds(expiresAt, 600) }));
    assert.equal(await revokedTokens.sweep(expiresAt), 1);
  },

  'revokes a token anew once it was forgotten': async ({ stores: { revokedTokens } }) => {
    await revokedTokens.revoke(revokedToken(1));
    await revokedTokens.sweep(revokedToken(1).expiresAt);
    assert.equal(await revokedTokens.revoke(revokedToken(1)), true);
    assert.equal(await revokedTokens.isRevoked(tokenId(1)), true);
  },
});
