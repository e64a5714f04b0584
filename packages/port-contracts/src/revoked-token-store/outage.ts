import assert from 'node:assert/strict';
import { instant } from '@portcullis/domain';
import { type OutageScript, read } from '../outages.ts';
import { NOON, revokedToken, tokenId } from '../samples.ts';
import type { RevokedTokenStores } from './records.ts';

const UNDER_WAY = 100;
/** Before the others expire. */
const LIMIT = instant(NOON + 1);

const is = (expected: boolean) => (revoked: boolean) => assert.equal(revoked, expected);

/** Token 1 is revoked, 2 waits to be swept, 9 was never heard of. */
export const outage: OutageScript<RevokedTokenStores> = {
  async plant({ revokedTokens }) {
    await revokedTokens.revoke(revokedToken(1));
    await revokedTokens.revoke(revokedToken(2, { expiresAt: LIMIT }));
  },
  reads: ({ revokedTokens }) => ({
    'isRevoked of a revoked token': read(() => revokedTokens.isRevoked(tokenId(1)), is(true)),
    'isRevoked of another token': read(() => revokedTokens.isRevoked(tokenId(9)), is(false)),
  }),
  writes: ({ revokedTokens }) => ({
    revoke: () => revokedTokens.revoke(revokedToken(20)),
    'revoke again': () => revokedTokens.revoke(revokedToken(1)),
    sweep: () => revokedTokens.sweep(LIMIT),
    'sweep of nothing': () => revokedTokens.sweep(instant(0)),
  }),
  write: ({ revokedTokens }, n) => revokedTokens.revoke(revokedToken(UNDER_WAY + n)),
  async assertWritten({ revokedTokens }, n) {
    assert.equal(
      await revokedTokens.isRevoked(tokenId(UNDER_WAY + n)),
      true,
      `logout ${n} was acknowledged and is lost`,
    );
  },
  async assertWhole({ revokedTokens }) {
    await revokedTokens.revoke(revokedToken(20));
    assert.equal(await revokedTokens.revoke(revokedToken(30)), true);
    for (const n of [20, 30]) assert.equal(await revokedTokens.isRevoked(tokenId(n)), true);
    await revokedTokens.sweep(LIMIT);
    assert.equal(await revokedTokens.isRevoked(tokenId(2)), false);
    assert.equal(await revokedTokens.isRevoked(tokenId(1)), true);
  },
};
