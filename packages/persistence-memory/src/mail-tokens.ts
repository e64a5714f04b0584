import type { MailToken, MailTokenStore } from '@portcullis/domain';
import type { Memory } from './memory.ts';
import { sweep } from './sweeping.ts';

/** What there is one of: each user's for each purpose. No purpose has a colon in it. */
const keyOf = ({ purpose, userId }: Pick<MailToken, 'purpose' | 'userId'>): string => `${purpose}:${userId}`;

export function memoryMailTokenStore(open: () => Memory): MailTokenStore {
  const find = (purpose: MailToken['purpose'], hash: MailToken['hash']): MailToken | undefined =>
    [...open().mailTokens.values()].find((token) => token.purpose === purpose && token.hash === hash);

  return {
    async put(token) {
      open().mailTokens.set(keyOf(token), Object.freeze({ ...token }));
    },

    async find(purpose, hash) {
      return find(purpose, hash);
    },

    async take(purpose, hash) {
      const token = find(purpose, hash);
      return token !== undefined && open().mailTokens.delete(keyOf(token));
    },

    async drop(userId, purpose) {
      const { mailTokens } = open();
      const own = [...mailTokens.values()].find((token) => token.userId === userId && token.purpose === purpose);
      if (own) mailTokens.delete(keyOf(own));
    },

    async sweep(limit) {
      return sweep(open().mailTokens, ({ expiresAt }) => expiresAt, limit);
    },
  };
}
