import type { RevokedTokenStore } from '@portcullis/domain';
import type { Memory } from './memory.ts';
import { sweep } from './sweeping.ts';

export function memoryRevokedTokenStore(open: () => Memory): RevokedTokenStore {
  return {
    async revoke({ tokenId, expiresAt }) {
      const { revokedTokens } = open();
      if (revokedTokens.has(tokenId)) return false;
      revokedTokens.set(tokenId, expiresAt);
      return true;
    },

    async isRevoked(id) {
      return open().revokedTokens.has(id);
    },

    async sweep(limit) {
      return sweep(open().revokedTokens, (expiresAt) => expiresAt, limit);
    },
  };
}
