import type { RevokedTokenStore } from '@portcullis/domain';
import type { Memory } from './memory.ts';

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
      const { revokedTokens } = open();
      const before = revokedTokens.size;
      for (const [id, expiresAt] of revokedTokens) {
        if (expiresAt <= limit) revokedTokens.delete(id);
      }
      return before - revokedTokens.size;
    },
  };
}
