import { instant, plusSeconds } from '@portcullis/domain';
import { memoryStores } from '@portcullis/persistence-memory';
import { closedWith, cutAtNul, forget, inSeconds, type Sabotaged, sabotageOf, shelfOf } from './sabotaged.ts';

const mailTokens = sabotageOf('mailTokens');

const of = shelfOf('mailTokens');

export const wrongMailTokenStores: readonly Sabotaged[] = [
  of(
    'contract',
    'a token put beside the older ones',
    mailTokens((_, { memory }) => ({
      put: async (token) => void memory.mailTokens.set(token.hash, { ...token }),
    })),
  ),
  of(
    'contract',
    'one token for a user, whatever the purpose',
    mailTokens((honest) => ({
      async put(token) {
        for (const purpose of ['verify-email', 'reset-password'] as const) await honest.drop(token.userId, purpose);
        await honest.put(token);
      },
    })),
  ),
  of(
    'contract',
    'a token taken for another purpose',
    mailTokens((honest) => ({
      take: async (_purpose, hash) =>
        (await honest.take('verify-email', hash)) || (await honest.take('reset-password', hash)),
    })),
  ),
  of(
    'contract',
    'a token that can be taken again and again',
    mailTokens((honest) => ({
      take: async (purpose, hash) => (await honest.find(purpose, hash)) !== undefined,
    })),
  ),
  of(
    'contract',
    'a drop of everything that a user has',
    mailTokens((honest) => ({
      async drop(userId) {
        for (const purpose of ['verify-email', 'reset-password'] as const) await honest.drop(userId, purpose);
      },
    })),
  ),
  of('contract', 'tokens kept in a cache and nowhere else', (honest, { cache }) => ({
    ...honest,
    mailTokens: closedWith(honest, memoryStores(cache).mailTokens),
  })),
  of(
    'races',
    'a token looked for in one step and taken in another',
    mailTokens((honest) => ({
      async take(purpose, hash) {
        const found = await honest.find(purpose, hash);
        if (!found) return false;
        await honest.drop(found.userId, purpose);
        return true;
      },
    })),
  ),
  of(
    'expiry',
    'expiry in whole seconds',
    mailTokens((honest) => ({ put: (token) => honest.put({ ...token, expiresAt: inSeconds(token.expiresAt) }) })),
  ),
  of(
    'expiry',
    'a sweep that leaves what expires at the limit',
    mailTokens((honest) => ({ sweep: (limit) => honest.sweep(instant(limit - 1)) })),
  ),
  of('expiry', 'a TTL index that goes off a minute early', {
    expire: (memory, now) => forget(memory, plusSeconds(now, 60)),
  }),
  of('expiry', 'a TTL index that is not there', { expire: () => {} }),
  of(
    'outage',
    'no token at all, since the store is away',
    mailTokens((honest) => ({ find: (purpose, hash) => honest.find(purpose, hash).catch(() => undefined) })),
  ),
  of(
    'outage',
    'a take that is granted, since the store is away',
    mailTokens((honest) => ({ take: (purpose, hash) => honest.take(purpose, hash).catch(() => true) })),
  ),
  of(
    'hostile',
    'hashes cut at NUL',
    mailTokens((honest) => ({
      put: (token) => honest.put({ ...token, hash: cutAtNul(token.hash) as typeof token.hash }),
      find: (purpose, hash) => honest.find(purpose, cutAtNul(hash) as typeof hash),
    })),
  ),
  of(
    'hostile',
    'whatever is no text taken for its text',
    mailTokens((honest) => ({
      take: (purpose, hash) => honest.take(purpose, String(hash) as typeof hash),
    })),
  ),
  of('restart', 'tokens kept in memory alone', { restart: (memory) => memory.mailTokens.clear() }),
];
