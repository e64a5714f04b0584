import { type Instant, type RevokedTokenStore, type Stores, type TokenId, Unavailable } from '@portcullis/domain';
import type { CertifiableSubject } from '@portcullis/port-contracts';

type Entries = Map<TokenId, Instant>;

/** As small as a right store can be: a map of expiries that outlives the stores over it. */
function toyStore(entries: Entries, isClosed: () => boolean): RevokedTokenStore {
  const open = (): Entries => {
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

export interface Toy extends CertifiableSubject<Pick<Stores, 'revokedTokens'>> {
  readonly disposals: () => number;
}

/** The subject of a toy store, with methods of the store broken. */
export function toy(broken: Partial<RevokedTokenStore> = {}): Toy {
  const entries: Entries = new Map();
  let closed = false;
  let disposed = 0;
  const stores = { revokedTokens: { ...toyStore(entries, () => closed), ...broken } };
  return {
    stores,
    peer: stores,
    probe: { revoked: async (id) => entries.get(id) },
    ownExpiry: { notApplicable: 'a map has no clock' },
    outage: { notApplicable: 'a map is never away' },
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
