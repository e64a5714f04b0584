import { instant, plusSeconds, REVOCATION_MARGIN_SECONDS, type TokenId } from '@portcullis/domain';
import { memoryStores } from '@portcullis/persistence-memory';
import { closedWith, cutAtNul, forget, inSeconds, type Sabotaged, sabotageOf, shelfOf } from './sabotaged.ts';

const tokens = sabotageOf('revokedTokens');

const of = shelfOf('revokedTokens');

export const wrongRevokedTokenStores: readonly Sabotaged[] = [
  of(
    'contract',
    'the last caller’s expiry',
    tokens((honest, { memory }) => ({
      async revoke(token) {
        const won = await honest.revoke(token);
        memory.revokedTokens.set(token.tokenId, token.expiresAt);
        return won;
      },
    })),
  ),
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
  ),
  of('contract', 'logouts kept in a cache and nowhere else', (honest, { cache }) => ({
    ...honest,
    revokedTokens: closedWith(honest, memoryStores(cache).revokedTokens),
  })),
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
  ),
  of(
    'races',
    'an answer before the entry is there',
    tokens((honest, { memory }) => ({
      async revoke(token) {
        if (memory.revokedTokens.has(token.tokenId)) return false;
        setImmediate(() => void honest.revoke(token).catch(() => undefined));
        return true;
      },
    })),
  ),
  of(
    'expiry',
    'entries that go early',
    tokens((honest) => ({ sweep: (limit) => honest.sweep(instant(limit + 1)) })),
  ),
  of(
    'expiry',
    'entries that go late',
    tokens((honest) => ({ sweep: (limit) => honest.sweep(instant(limit - 1)) })),
  ),
  of(
    'expiry',
    'expiry kept in whole seconds',
    tokens((honest) => ({
      revoke: (token) => honest.revoke({ ...token, expiresAt: inSeconds(token.expiresAt) }),
    })),
  ),
  of(
    'expiry',
    'a sweep that stops after a batch',
    tokens((_, { memory }) => ({
      async sweep(limit) {
        const due = [...memory.revokedTokens].filter(([, expiresAt]) => expiresAt <= limit).slice(0, 1000);
        for (const [id] of due) memory.revokedTokens.delete(id);
        return due.length;
      },
    })),
  ),
  of('expiry', 'a TTL index without a margin for other clocks', { expire: forget }),
  of('expiry', 'a TTL index in local time, two hours early', {
    expire: (memory, now) => forget(memory, plusSeconds(now, 7200 - REVOCATION_MARGIN_SECONDS)),
  }),
  of('expiry', 'a TTL that counts from the logout', { expire: (memory) => memory.revokedTokens.clear() }),
  of('expiry', 'a TTL index late by a factor of a thousand', {
    expire: (memory, now) => forget(memory, plusSeconds(now, -1000 * REVOCATION_MARGIN_SECONDS)),
  }),
  of('expiry', 'a TTL index that was never made', { expire: () => {} }),
  of(
    'hostile',
    'ids cut at NUL',
    tokens((honest) => ({
      revoke: (token) => honest.revoke({ ...token, tokenId: cutAtNul(token.tokenId) as TokenId }),
      isRevoked: (id) => honest.isRevoked(cutAtNul(id) as TokenId),
    })),
  ),
  of(
    'hostile',
    'ids without letter case',
    tokens((honest) => ({
      isRevoked: (id) => honest.isRevoked(id.toLowerCase() as TokenId),
    })),
  ),
  of('restart', 'revocations kept in memory alone', {
    restart: (memory) => memory.revokedTokens.clear(),
  }),
];
