import assert from 'node:assert/strict';
import { instant, plusSeconds } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { NOON, revokedToken, tokenId } from '../samples.ts';
import { atOnce } from '../store-subject.ts';
import type { RevokedTokenStoreSubject } from './records.ts';

const CALLERS = 20;

export const races = cases<RevokedTokenStoreSubject>('races', {
  'is revoked by exactly one of many callers': async (subject) => {
    const won = await atOnce(subject, CALLERS, ({ revokedTokens }, n) =>
      revokedTokens.revoke(revokedToken(1, { revokedAt: instant(NOON + n) })),
    );
    assert.equal(won.filter(Boolean).length, 1);
  },

  'is refused by both nodes as soon as any caller was answered': async (subject) => {
    const seen = await atOnce(subject, CALLERS, async ({ revokedTokens }) => {
      await revokedTokens.revoke(revokedToken(1));
      return [
        await subject.stores.revokedTokens.isRevoked(tokenId(1)),
        await subject.peer.revokedTokens.isRevoked(tokenId(1)),
      ];
    });
    assert.ok(seen.flat().every(Boolean));
  },

  'counts an entry for one of many sweepers': async (subject) => {
    for (let n = 0; n < CALLERS; n += 1) await subject.stores.revokedTokens.revoke(revokedToken(n));
    const counts = await atOnce(subject, CALLERS, ({ revokedTokens }) =>
      revokedTokens.sweep(revokedToken(0).expiresAt),
    );
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      CALLERS,
    );
  },

  'forgets nothing that is revoked while a sweep runs': async (subject) => {
    const late = plusSeconds(NOON, 9000);
    for (let n = 0; n < CALLERS; n += 1) await subject.stores.revokedTokens.revoke(revokedToken(n));
    await atOnce(
      subject,
      CALLERS,
      ({ revokedTokens }, n): Promise<unknown> =>
        n % 4 === 0
          ? revokedTokens.sweep(revokedToken(0).expiresAt)
          : revokedTokens.revoke(revokedToken(100 + n, { expiresAt: late })),
    );
    for (let n = 0; n < CALLERS; n += 1) {
      assert.equal(await subject.stores.revokedTokens.isRevoked(tokenId(n)), false);
      assert.equal(await subject.peer.revokedTokens.isRevoked(tokenId(100 + n)), n % 4 !== 0);
    }
  },
});
