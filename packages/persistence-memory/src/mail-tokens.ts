import { MAIL_TOKENS_PER_PURPOSE, type MailToken, type MailTokenStore } from '@portcullis/domain';
import type { Memory } from './memory.ts';
import { sweep } from './sweeping.ts';

export function memoryMailTokenStore(open: () => Memory): MailTokenStore {
  const find = (purpose: MailToken['purpose'], hash: MailToken['hash']): MailToken | undefined => {
    const token = open().mailTokens.get(hash);
    return token?.purpose === purpose ? token : undefined;
  };
  const ofUser = (userId: MailToken['userId'], purpose: MailToken['purpose']): MailToken[] =>
    [...open().mailTokens.values()].filter((token) => token.userId === userId && token.purpose === purpose);
  const drop = (userId: MailToken['userId'], purpose: MailToken['purpose']): void => {
    for (const { hash } of ofUser(userId, purpose)) open().mailTokens.delete(hash);
  };

  return {
    async put(token, replaceable) {
      const { mailTokens } = open();
      if (mailTokens.has(token.hash)) return true;
      const own = ofUser(token.userId, token.purpose);
      if (own.length >= MAIL_TOKENS_PER_PURPOSE) {
        const oldest = own.reduce((first, each) => (each.issuedAt < first.issuedAt ? each : first));
        if (oldest.issuedAt > replaceable) return false;
        mailTokens.delete(oldest.hash);
      }
      mailTokens.set(token.hash, Object.freeze({ ...token }));
      return true;
    },

    async find(purpose, hash) {
      return find(purpose, hash);
    },

    async take(purpose, hash) {
      const token = find(purpose, hash);
      if (!token) return false;
      drop(token.userId, purpose);
      return true;
    },

    async drop(userId, purpose) {
      drop(userId, purpose);
    },

    async sweep(limit) {
      return sweep(open().mailTokens, ({ expiresAt }) => expiresAt, limit);
    },
  };
}
