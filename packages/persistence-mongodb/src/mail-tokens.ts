import type { MailTokenStore } from '@portcullis/domain';
import { BOUNDED, type Connection } from './connection.ts';
import { fromMailToken, mailTokenId, sought, toMailToken } from './documents.ts';
import { isDuplicate } from './faults.ts';
import { sweeping } from './sweeping.ts';

export function mongoMailTokenStore(connection: Connection): MailTokenStore {
  const { mailTokens } = connection.collections;

  const filterOf = (purpose: string, hash: string) => {
    const [wanted, text] = [sought(purpose), sought(hash)];
    return wanted === undefined || text === undefined ? undefined : { hash: { $eq: text }, purpose: { $eq: wanted } };
  };

  return {
    async put(token) {
      const { _id, ...fields } = fromMailToken(token);
      await connection.insist(async () => {
        try {
          return await mailTokens.replaceOne({ _id: { $eq: _id } }, fields, { ...BOUNDED, upsert: true });
        } catch (fault) {
          // Another one came in between, and is to be replaced.
          if (isDuplicate(fault, '_id')) return undefined;
          throw fault;
        }
      });
    },

    find: (purpose, hash) =>
      connection.answer(async () => {
        const filter = filterOf(purpose, hash);
        const found = filter && (await connection.read(() => mailTokens.findOne(filter, BOUNDED)));
        return found ? toMailToken(found) : undefined;
      }),

    take: (purpose, hash) =>
      connection.answer(async () => {
        const filter = filterOf(purpose, hash);
        return filter !== undefined && (await mailTokens.deleteOne(filter, BOUNDED)).deletedCount === 1;
      }),

    drop: (userId, purpose) =>
      connection.answer(async () => {
        const [id, wanted] = [sought(userId), sought(purpose)];
        if (id === undefined || wanted === undefined) return;
        await mailTokens.deleteOne({ _id: { $eq: mailTokenId(wanted, id) } }, BOUNDED);
      }),

    sweep: sweeping(connection, mailTokens),
  };
}
