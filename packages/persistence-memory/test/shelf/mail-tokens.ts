import { instant, MAIL_TOKENS_PER_PURPOSE, plusSeconds } from '@portcullis/domain';
import { memoryStores } from '@portcullis/persistence-memory';
import { closedWith, cutAtNul, forget, inSeconds, type Sabotaged, sabotageOf, shelfOf } from './sabotaged.ts';

const mailTokens = sabotageOf('mailTokens');

const of = shelfOf('mailTokens');

export const wrongMailTokenStores: readonly Sabotaged[] = [
  of(
    'contract',
    'the newest token in the place of the one before',
    mailTokens((honest) => ({
      async put(token, replaceable) {
        await honest.drop(token.userId, token.purpose);
        return honest.put(token, replaceable);
      },
    })),
  ),
  of(
    'contract',
    'the oldest token replaced, however young it is',
    mailTokens((honest) => ({ put: (token) => honest.put(token, instant(Number.MAX_SAFE_INTEGER)) })),
  ),
  of(
    'contract',
    'tokens without number',
    mailTokens((_, { memory }) => ({
      async put(token) {
        memory.mailTokens.set(token.hash, { ...token });
        return true;
      },
    })),
  ),
  of(
    'contract',
    'a token taken that leaves the others',
    mailTokens((honest, { memory }) => ({
      take: async (purpose, hash) => (await honest.find(purpose, hash)) !== undefined && memory.mailTokens.delete(hash),
    })),
  ),
  of(
    'races',
    'tokens counted in one step and put in another',
    mailTokens((honest, { memory }) => ({
      async put(token, replaceable) {
        const own = [...memory.mailTokens.values()].filter(({ userId }) => userId === token.userId);
        if (own.length >= MAIL_TOKENS_PER_PURPOSE) return honest.put(token, replaceable);
        await undefined;
        memory.mailTokens.set(token.hash, { ...token });
        return true;
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
    'contract',
    'tokens put without their epoch',
    mailTokens((honest) => ({ put: (token, replaceable) => honest.put({ ...token, epoch: 0 }, replaceable) })),
  ),
  of(
    'races',
    'a token taken in one step and the others of its user in another',
    mailTokens((honest, { memory }) => ({
      async take(purpose, hash) {
        const found = await honest.find(purpose, hash);
        if (!found || !memory.mailTokens.delete(hash)) return false;
        await undefined;
        await honest.drop(found.userId, purpose);
        return true;
      },
    })),
  ),
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
    mailTokens((honest) => ({
      put: (token, replaceable) => honest.put({ ...token, expiresAt: inSeconds(token.expiresAt) }, replaceable),
    })),
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
      put: (token, replaceable) =>
        honest.put({ ...token, hash: cutAtNul(token.hash) as typeof token.hash }, replaceable),
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
