import assert from 'node:assert/strict';
import type { LoginKey, MailPurpose, TokenHash, UserId } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { orRefused, quoted } from '../expect.ts';
import { hostileNumbers, hostileTexts, hostileValues } from '../hostile-text.ts';
import { mailToken, NOON, tokenHash, userId } from '../samples.ts';
import type { MailTokenStoreSubject } from './records.ts';

export const hostile = cases<MailTokenStoreSubject>('hostile', {
  'keeps every hash and address as it is or refuses it, and takes none for another': async ({ stores }) => {
    const { mailTokens } = stores;
    const kept: TokenHash[] = [];
    for (const [n, text] of hostileTexts().entries()) {
      const hash = text as TokenHash;
      assert.equal(await orRefused(() => mailTokens.find('verify-email', hash)), undefined, quoted(text));
      assert.notEqual(await orRefused(() => mailTokens.take('verify-email', hash)), true, quoted(text));
      const token = mailToken(n, { hash, loginKey: text as LoginKey });
      await orRefused(() => mailTokens.put(token, NOON));
      const found = await orRefused(() => mailTokens.find('verify-email', hash));
      if (found) assert.deepEqual(found, token, quoted(text));
      if (found) kept.push(hash);
    }
    for (const hash of kept) assert.equal(await mailTokens.take('verify-email', hash), true, quoted(hash));
  },

  'keeps users apart whatever their ids are': async ({ stores: { mailTokens } }) => {
    const ordinary = mailToken(1_000_000);
    await mailTokens.put(ordinary, NOON);
    const kept = [ordinary.hash];
    for (const [n, text] of [...hostileTexts(), 'verify-email:1', ':', 'a:b'].entries()) {
      const put = await orRefused(async () => {
        await mailTokens.put(mailToken(n, { userId: text as UserId }), NOON);
        return true;
      });
      if (put) kept.push(tokenHash(n));
    }
    for (const hash of kept) {
      const found = await mailTokens.find('verify-email', hash);
      assert.equal(found?.hash, hash, quoted(found?.userId));
    }
  },

  'finds, takes and drops nothing by a value that is no text': async ({ stores: { mailTokens } }) => {
    await mailTokens.put(mailToken(1), NOON);
    for (const value of hostileValues(tokenHash(1))) {
      assert.equal(
        await orRefused(() => mailTokens.find('verify-email', value as TokenHash)),
        undefined,
        quoted(value),
      );
      assert.notEqual(await orRefused(() => mailTokens.take('verify-email', value as TokenHash)), true, quoted(value));
    }
    for (const value of hostileValues('verify-email')) {
      const purpose = value as MailPurpose;
      assert.equal(await orRefused(() => mailTokens.find(purpose, tokenHash(1))), undefined, quoted(value));
      assert.notEqual(await orRefused(() => mailTokens.take(purpose, tokenHash(1))), true, quoted(value));
      await orRefused(() => mailTokens.drop(userId(1), purpose));
    }
    for (const value of hostileValues(userId(1))) {
      await orRefused(() => mailTokens.drop(value as UserId, 'verify-email'));
    }
    assert.deepEqual(await mailTokens.find('verify-email', tokenHash(1)), mailToken(1));
  },

  'keeps no time that is none, and sweeps nothing by one': async ({ stores: { mailTokens } }) => {
    await mailTokens.put(mailToken(1), NOON);
    for (const limit of [Number.NaN, '9', { $gt: 0 }, null, undefined, true]) {
      await orRefused(() => mailTokens.sweep(limit as typeof NOON));
      assert.deepEqual(await mailTokens.find('verify-email', tokenHash(1)), mailToken(1), quoted(limit));
    }
    for (const [n, value] of [...hostileNumbers(), '2100-01-01', new Date(0)].entries()) {
      if (Object.is(value, -0)) continue;
      const token = mailToken(n + 2, { expiresAt: value as typeof NOON });
      await orRefused(() => mailTokens.put(token, NOON));
      const found = await mailTokens.find('verify-email', token.hash);
      if (found) assert.deepEqual(found, token, String(value));
    }
  },
});
