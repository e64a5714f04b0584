import assert from 'node:assert/strict';
import { instant, plusSeconds, type RevokedTokenStore, type TokenId } from '@portcullis/domain';
import { atOnce, type ContractCase, cases, type Make, type StoreSubject } from './contract-case.ts';
import { assertUnavailable, orRefused, quoted, tamper } from './expect.ts';
import { hostileTexts, hostileValues } from './hostile-text.ts';
import { NOON, revokedToken, uuid } from './samples.ts';

export interface RevokedTokenStores {
  readonly revokedTokens: RevokedTokenStore;
}
export type RevokedTokenStoreSubject = StoreSubject<RevokedTokenStores>;

const CALLERS = 20;
const tokenId = (n: number): TokenId => uuid(n) as TokenId;

const contract = cases<RevokedTokenStoreSubject>('contract', {
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

  'sweeps what expires at the limit or before it, to the millisecond': async ({ stores: { revokedTokens } }) => {
    const limit = instant(NOON + 1234);
    const offsets = [-86_400_000, -1000, -1, 0, 1, 1000, 86_400_000];
    for (const [n, offset] of offsets.entries()) {
      await revokedTokens.revoke(revokedToken(n, { expiresAt: instant(limit + offset) }));
    }
    assert.equal(await revokedTokens.sweep(limit), 4);
    const left = await Promise.all(offsets.map((_, n) => revokedTokens.isRevoked(tokenId(n))));
    assert.deepEqual(left, [false, false, false, false, true, true, true]);
    assert.equal(await revokedTokens.sweep(limit), 0);
  },

  'sweeps many entries, counts each and keeps the rest': async ({ stores: { revokedTokens } }) => {
    const many = 1200;
    await Promise.all(Array.from({ length: many }, (_, n) => revokedTokens.revoke(revokedToken(n))));
    const kept = revokedToken(many, { expiresAt: plusSeconds(NOON, 901) });
    await revokedTokens.revoke(kept);
    assert.equal(await revokedTokens.sweep(revokedToken(0).expiresAt), many);
    assert.equal(await revokedTokens.isRevoked(kept.tokenId), true);
    assert.equal(await revokedTokens.isRevoked(tokenId(many - 1)), false);
  },

  'may be asked to forget everything, or nothing': async ({ stores: { revokedTokens } }) => {
    await revokedTokens.revoke(revokedToken(1));
    assert.equal(await revokedTokens.sweep(instant(-8_640_000_000_000_000)), 0);
    assert.equal(await revokedTokens.isRevoked(tokenId(1)), true);
    assert.equal(await revokedTokens.sweep(instant(8_640_000_000_000_000)), 1);
  },

  'revokes a token anew once it was forgotten': async ({ stores: { revokedTokens } }) => {
    await revokedTokens.revoke(revokedToken(1));
    await revokedTokens.sweep(revokedToken(1).expiresAt);
    assert.equal(await revokedTokens.revoke(revokedToken(1)), true);
    assert.equal(await revokedTokens.isRevoked(tokenId(1)), true);
  },

  'shares no state with its callers': async ({ stores: { revokedTokens } }) => {
    const given = { ...revokedToken(1) };
    await revokedTokens.revoke(given);
    tamper(given);
    assert.equal(await revokedTokens.isRevoked(tokenId(1)), true);
    assert.equal(await revokedTokens.sweep(instant(revokedToken(1).expiresAt - 1)), 0);
    assert.equal(await revokedTokens.sweep(revokedToken(1).expiresAt), 1);
  },

  'is unavailable once it is closed': async ({ stores: { revokedTokens }, close }) => {
    await revokedTokens.revoke(revokedToken(1));
    await close();
    await assertUnavailable({
      revoke: () => revokedTokens.revoke(revokedToken(2)),
      'revoke again': () => revokedTokens.revoke(revokedToken(1)),
      isRevoked: () => revokedTokens.isRevoked(tokenId(1)),
      'isRevoked of another': () => revokedTokens.isRevoked(tokenId(9)),
      sweep: () => revokedTokens.sweep(NOON),
    });
  },
});

const races = cases<RevokedTokenStoreSubject>('races', {
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

const hostile = cases<RevokedTokenStoreSubject>('hostile', {
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

const restart = cases<RevokedTokenStoreSubject>('restart', {
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

/** What every RevokedTokenStore must do. */
export const revokedTokenStoreContract = ({
  make,
}: {
  readonly make: Make<RevokedTokenStoreSubject>;
}): readonly ContractCase[] => [contract, races, hostile, restart].flatMap((section) => section(make));
