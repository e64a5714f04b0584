import assert from 'node:assert/strict';
import { cases } from '../contract-case.ts';
import { NOON, revokedToken, tokenId } from '../samples.ts';
import { atOnce, type CertifiableSubject, lookPast } from '../store-subject.ts';
import type { RevokedTokenStores } from './records.ts';

const CALLERS = 20;

export const probed = cases<CertifiableSubject<RevokedTokenStores>>('contract', {
  'has stored what it acknowledges, as a look past it shows': async (subject) => {
    const probe = lookPast(subject, 'revoked');
    if ('notApplicable' in probe) return probe;
    const { look } = probe;
    const { stores, peer } = subject;
    await stores.revokedTokens.revoke(revokedToken(1));
    assert.equal(await look(tokenId(1)), revokedToken(1).expiresAt);
    await peer.revokedTokens.revoke(revokedToken(2, { expiresAt: NOON }));
    assert.equal(await look(tokenId(2)), NOON);
    await stores.revokedTokens.sweep(NOON);
    assert.deepEqual([await look(tokenId(1)), await look(tokenId(2))], [revokedToken(1).expiresAt, undefined]);
    await atOnce(subject, CALLERS, async ({ revokedTokens }, n) => {
      await revokedTokens.revoke(revokedToken(100 + n));
      assert.equal(await look(tokenId(100 + n)), revokedToken(100 + n).expiresAt);
    });
    return undefined;
  },
});
