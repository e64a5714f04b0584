import assert from 'node:assert/strict';
import { instant, plusSeconds } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { NOON, revokedToken, tokenId } from '../samples.ts';
import type { RevokedTokenStoreSubject } from './records.ts';

export const restart = cases<RevokedTokenStoreSubject>('restart', {
  'still refuses what was revoked before a reopen': async ({ stores: { revokedTokens }, close, reopen }) => {
    await revokedTokens.revoke(revokedToken(1));
    await revokedTokens.revoke(revokedToken(2, { expiresAt: plusSeconds(NOON, 1) }));
    await revokedTokens.sweep(plusSeconds(NOON, 1));
    await close();

    const again = (await reopen()).revokedTokens;
    assert.equal(await again.isRevoked(tokenId(1)), true);
    assert.equal(await again.isRevoked(tokenId(2)), false);
    assert.equal(await again.revoke(revokedToken(1)), false);
    assert.equal(await again.sweep(instant(revokedToken(1).expiresAt - 1)), 0);
    assert.equal(await again.sweep(revokedToken(1).expiresAt), 1);
  },
});
