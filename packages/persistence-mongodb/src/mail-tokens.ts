import { MAIL_TOKENS_PER_PURPOSE, type MailPurpose, type MailTokenStore, type UserId } from '@portcullis/domain';
import type { Connection } from './connection.ts';
import { mailTokenParts, mailTokensId } from './documents.ts';
import { isDuplicate } from './faults.ts';
import { sweepWithin } from './sweeping.ts';
import { date, equalText, stored, text } from './values.ts';

const ITS_HASHES = { 'tokens.hash': 1 } as const;
const WHEN_OVER = { 'tokens.expiresAt': 1 } as const;

export function mongoMailTokenStore(connection: Connection): MailTokenStore {
  const { mailTokens } = connection.collections;

  const filterOf = (purpose: MailPurpose, hash: string) => ({
    'tokens.hash': equalText(hash),
    purpose: equalText(purpose),
  });

  return {
    async put(token, replaceable) {
      const [purpose, userId, limit] = [text(token.purpose), text(token.userId), date(replaceable)];
      const fields = mailTokenParts.write(token);
      // A stage of a pipeline, where texts are literals, or a `$` would begin a path.
      const own = { $ifNull: ['$tokens', []] };
      const isFull = { $gte: [{ $size: own }, MAIL_TOKENS_PER_PURPOSE] };
      const isYoung = { $gt: [{ $first: '$tokens.issuedAt' }, limit] };
      const others = { $cond: [isFull, { $slice: [own, 1 - MAIL_TOKENS_PER_PURPOSE] }, own] };
      const added = { $concatArrays: [others, [{ $literal: fields }]] };
      const stays = {
        $or: [{ $in: [{ $literal: fields.hash }, { $ifNull: ['$tokens.hash', []] }] }, { $and: [isFull, isYoung] }],
      };
      const tokens = { $cond: [stays, own, { $sortArray: { input: added, sortBy: { issuedAt: 1 } } }] };
      const update = [
        { $project: { purpose: { $literal: purpose }, userId: { $literal: userId }, tokens } },
        { $set: { expiresAt: { $max: '$tokens.expiresAt' } } },
      ];
      const options = { ...connection.bounded, upsert: true, returnDocument: 'after', projection: ITS_HASHES } as const;
      return connection.retryUntilDecided(async () => {
        try {
          const put = await mailTokens.findOneAndUpdate({ _id: mailTokensId(purpose, userId) }, update, options);
          return put?.tokens?.some(({ hash }) => hash === fields.hash) ?? false;
        } catch (fault) {
          // Another caller made the document in between: now there is one to be changed.
          if (isDuplicate(fault, '_id')) return undefined;
          throw fault;
        }
      });
    },

    find: (purpose, hash) =>
      connection.answer(async () => {
        const filter = filterOf(purpose, hash);
        const projection = { purpose: 1, userId: 1, tokens: { $elemMatch: { hash: filter['tokens.hash'] } } };
        const found = await connection.read(() => mailTokens.findOne(filter, { ...connection.bounded, projection }));
        const [token] = found?.tokens ?? [];
        if (!found || !token) return undefined;
        return { ...mailTokenParts.read(token), purpose, userId: stored.text<UserId>(found.userId) };
      }),

    take: (purpose, hash) =>
      connection.answer(async () => {
        const { deletedCount } = await mailTokens.deleteOne(filterOf(purpose, hash), connection.bounded);
        return deletedCount === 1;
      }),

    drop: (userId, purpose) =>
      connection.answer(async () => {
        // Also by its parts, each of which is checked to be a text.
        const parts = { userId: equalText(userId), purpose: equalText(purpose) };
        await mailTokens.deleteOne({ _id: { $eq: mailTokensId(purpose, userId) }, ...parts }, connection.bounded);
      }),

    async sweep(limit) {
      const over = { $lte: date(limit) };
      const hasOver = { 'tokens.expiresAt': over };
      const pull = { $pull: { tokens: { expiresAt: over } } };
      const told = { ...connection.bounded, projection: WHEN_OVER, returnDocument: 'before' } as const;
      return sweepWithin(connection, mailTokens, limit, hasOver, async (_id) => {
        const before =
          (await mailTokens.findOneAndDelete({ _id, expiresAt: over }, told)) ??
          (await mailTokens.findOneAndUpdate({ _id, ...hasOver }, pull, told));
        return before?.tokens;
      });
    },
  };
}
