import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type RevokedTokenStore, type TokenId, Unavailable } from '@portcullis/domain';
import {
  type ContractCase,
  type RevokedTokenStores,
  revokedTokenStoreContract,
  type StoreSubject,
} from '@portcullis/port-contracts';

/** As small as a right store can be: a map of expiries that outlives the stores over it. */
function toyStore(entries: Map<TokenId, number>, isClosed: () => boolean): RevokedTokenStore {
  const open = (): Map<TokenId, number> => {
    if (isClosed()) throw new Unavailable('store');
    return entries;
  };
  return {
    async revoke({ tokenId, expiresAt }) {
      return !open().has(tokenId) && entries.set(tokenId, expiresAt).has(tokenId);
    },
    async isRevoked(id) {
      return open().has(id);
    },
    async sweep(limit) {
      const due = [...open()].filter(([, expiresAt]) => expiresAt <= limit);
      for (const [id] of due) entries.delete(id);
      return due.length;
    },
  };
}

interface Toy extends StoreSubject<RevokedTokenStores> {
  readonly disposals: () => number;
}

function toy(broken: Partial<RevokedTokenStore> = {}): Toy {
  const entries = new Map<TokenId, number>();
  let closed = false;
  let disposed = 0;
  const stores = { revokedTokens: { ...toyStore(entries, () => closed), ...broken } };
  return {
    stores,
    peer: stores,
    close: async () => {
      closed = true;
    },
    reopen: async () => ({ revokedTokens: toyStore(entries, () => false) }),
    dispose: async () => {
      disposed += 1;
    },
    disposals: () => disposed,
  };
}

async function failures(cases: readonly ContractCase[]): Promise<string[]> {
  const outcomes = await Promise.allSettled(cases.map((each) => each.run()));
  return cases.filter((_, index) => outcomes[index]?.status === 'rejected').map((each) => each.section);
}

describe('the kit', () => {
  it('certifies a toy store that is right', async () => {
    const cases = revokedTokenStoreContract({ make: async () => toy() });
    assert.deepEqual(await failures(cases), []);
    assert.deepEqual(new Set(cases.map((each) => each.section)), new Set(['contract', 'races', 'hostile', 'restart']));
  });

  it('refuses one that forgets, by its section', async () => {
    const forgetful = () => ({ ...toy(), reopen: async () => toy().stores });
    assert.deepEqual(await failures(revokedTokenStoreContract({ make: async () => forgetful() })), ['restart']);
  });

  it('names no two cases of a contract alike', () => {
    const names = revokedTokenStoreContract({ make: async () => toy() }).map((each) => `${each.section}: ${each.name}`);
    assert.equal(new Set(names).size, names.length);
  });

  it('disposes of each subject once, whether its case passes or fails', async () => {
    const made: Toy[] = [];
    const make = async (): Promise<Toy> => {
      const subject = toy({ sweep: () => Promise.reject(new Error('broken')) });
      made.push(subject);
      return subject;
    };
    const cases = revokedTokenStoreContract({ make });
    const failed = await failures(cases);
    assert.ok(failed.length > 0 && failed.length < cases.length);
    assert.deepEqual(
      made.map((each) => each.disposals()),
      cases.map(() => 1),
    );
  });

  it('fails a case whose subject cannot be made', async () => {
    const make = () => Promise.reject(new Error('no database here'));
    const cases = revokedTokenStoreContract({ make });
    assert.equal((await failures(cases)).length, cases.length);
  });
});
