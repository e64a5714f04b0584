// A contract is only worth what it catches: each store here is wrong in one way that stores are wrong in.
import { describe } from 'node:test';
import { instant, type TokenId } from '@portcullis/domain';
import { revokedTokenStoreContract } from '@portcullis/port-contracts';
import { caught, cutAtNul, honestUntilRestart, inSeconds, sabotageOf } from './support/sabotage.ts';

const tokens = sabotageOf('revokedTokens');

describe('a wrong RevokedTokenStore is caught', () => {
  const of = caught.bind(undefined, revokedTokenStoreContract);

  of(
    'contract',
    'entries that go early',
    tokens((honest) => ({ sweep: (limit) => honest.sweep(instant(limit + 1)) })),
  );
  of(
    'contract',
    'entries that go late',
    tokens((honest) => ({ sweep: (limit) => honest.sweep(instant(limit - 1)) })),
  );
  of(
    'contract',
    'expiry kept in whole seconds',
    tokens((honest) => ({
      revoke: (token) => honest.revoke({ ...token, expiresAt: inSeconds(token.expiresAt) }),
    })),
  );
  of(
    'contract',
    'the last caller’s expiry',
    tokens((honest, memory) => ({
      async revoke(token) {
        const won = await honest.revoke(token);
        memory.revokedTokens.set(token.tokenId, token.expiresAt);
        return won;
      },
    })),
  );
  of(
    'contract',
    'a sweep that stops after a batch',
    tokens((_, memory) => ({
      async sweep(limit) {
        const due = [...memory.revokedTokens].filter(([, expiresAt]) => expiresAt <= limit).slice(0, 1000);
        for (const [id] of due) memory.revokedTokens.delete(id);
        return due.length;
      },
    })),
  );
  of(
    'contract',
    'an outage swallowed as "not revoked"',
    tokens((honest) => ({
      isRevoked: (id) => honest.isRevoked(id).catch(() => false),
    })),
  );
  of(
    'contract',
    'a node that remembers what it has read',
    tokens((honest) => {
      const seen = new Map<TokenId, boolean>();
      return {
        async isRevoked(id) {
          const revoked = seen.get(id) ?? (await honest.isRevoked(id));
          seen.set(id, revoked);
          return revoked;
        },
      };
    }),
  );
  of(
    'races',
    'a second winner',
    tokens((honest) => ({
      async revoke(token) {
        const known = await honest.isRevoked(token.tokenId);
        await honest.revoke(token);
        return !known;
      },
    })),
  );
  of(
    'races',
    'an answer before the entry is there',
    tokens((honest, memory) => ({
      async revoke(token) {
        if (memory.revokedTokens.has(token.tokenId)) return false;
        setImmediate(() => void honest.revoke(token).catch(() => undefined));
        return true;
      },
    })),
  );
  of(
    'hostile',
    'ids cut at NUL',
    tokens((honest) => ({
      revoke: (token) => honest.revoke({ ...token, tokenId: cutAtNul(token.tokenId) as TokenId }),
      isRevoked: (id) => honest.isRevoked(cutAtNul(id) as TokenId),
    })),
  );
  of(
    'hostile',
    'ids without letter case',
    tokens((honest) => ({
      isRevoked: (id) => honest.isRevoked(id.toLowerCase() as TokenId),
    })),
  );
  of('restart', 'revocations kept in memory alone', honestUntilRestart, (memory) => memory.revokedTokens.clear());
});
