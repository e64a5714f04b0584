import assert from 'node:assert/strict';
import type { TokenId } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { orRefused, quoted } from '../expect.ts';
import { hostileTexts, hostileValues } from '../hostile-text.ts';
import { type NOON, revokedToken, tokenId } from '../samples.ts';
import type { RevokedTokenStoreSubject } from './records.ts';

export const hostile = cases<RevokedTokenStoreSubject>('hostile', {
  'keeps every id as it is or refuses it, and takes none for another': async ({ stores: { revokedTokens } }) => {
    const accepted: TokenId[] = [];
    for (const text of hostileTexts()) {
      const id = text as TokenId;
      assert.notEqual(await orRefused(() => revokedTokens.isRevoked(id)), true, quoted(text));
      const won = await orRefused(() => revokedTokens.revoke(revokedToken(1, { tokenId: id })));
      if (won !== undefined) assert.equal(won, true, quoted(text));
      if (won) accepted.push(id);
    }
    for (const id of accepted) assert.equal(await revokedTokens.isRevoked(id), true, quoted(id));
    assert.equal(await revokedTokens.sweep(revokedToken(1).expiresAt), accepted.length);
  },

  'finds and revokes nothing by a value that is no text': async ({ stores: { revokedTokens } }) => {
    await revokedTokens.revoke(revokedToken(1));
    for (const value of hostileValues(tokenId(1))) {
      assert.notEqual(await orRefused(() => revokedTokens.isRevoked(value as TokenId)), true, quoted(value));
    }
  },

  'sweeps nothing by a limit that is no time': async ({ stores: { revokedTokens } }) => {
    await revokedTokens.revoke(revokedToken(1));
    for (const limit of [Number.NaN, '9', { $gt: 0 }, null, undefined, true]) {
      await orRefused(() => revokedTokens.sweep(limit as typeof NOON));
      assert.equal(await revokedTokens.isRevoked(tokenId(1)), true, quoted(limit));
    }
  },

  'revokes for good or refuses where an expiry is no time': async ({ stores: { revokedTokens } }) => {
    for (const [n, expiresAt] of [Number.NaN, undefined, null, '4102488000000', 0.5, Infinity].entries()) {
      const token = revokedToken(n, { expiresAt: expiresAt as typeof NOON });
      const won = await orRefused(() => revokedTokens.revoke(token));
      assert.equal(await revokedTokens.isRevoked(token.tokenId), won === true, quoted(expiresAt));
    }
  },
});
