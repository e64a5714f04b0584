import assert from 'node:assert/strict';
import { cases } from '../contract-case.ts';
import { mailToken, NOON, tokenHash, userId } from '../samples.ts';
import { atOnce, type CertifiableSubject, lookPast } from '../store-subject.ts';
import type { MailTokensStores } from './records.ts';

const CALLERS = 20;

export const probed = cases<CertifiableSubject<MailTokensStores>>('contract', {
  'has stored what it acknowledges, as a look past it shows': async (subject) => {
    const probe = lookPast(subject, 'mailToken');
    if ('notApplicable' in probe) return probe;
    const look = (n: number) => probe.look('verify-email', userId(n));
    await subject.stores.mailTokens.put(mailToken(1), NOON);
    assert.deepEqual(await look(1), mailToken(1));
    await subject.peer.mailTokens.take('verify-email', tokenHash(1));
    assert.equal(await look(1), undefined);
    await atOnce(subject, CALLERS, async ({ mailTokens }, n) => {
      await mailTokens.put(mailToken(100 + n), NOON);
      assert.deepEqual(await look(100 + n), mailToken(100 + n));
    });
    return undefined;
  },
});
