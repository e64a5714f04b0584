import assert from 'node:assert/strict';
import { cases } from '../contract-case.ts';
import { mailToken, NOON, tokenHash, userId } from '../samples.ts';
import type { MailTokenStoreSubject } from './records.ts';

export const restart = cases<MailTokenStoreSubject>('restart', {
  'finds every acknowledged change after a reopen': async ({ stores, close, reopen }) => {
    for (const n of [1, 2, 3]) await stores.mailTokens.put(mailToken(n), NOON);
    await stores.mailTokens.take('verify-email', tokenHash(2));
    await stores.mailTokens.drop(userId(3), 'verify-email');
    await close();

    const { mailTokens } = await reopen();
    assert.deepEqual(await mailTokens.find('verify-email', tokenHash(1)), mailToken(1));
    for (const n of [2, 3]) assert.equal(await mailTokens.take('verify-email', tokenHash(n)), false);
  },
});
