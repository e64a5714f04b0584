import type { MailTokenStore } from '@portcullis/domain';
import { BOUNDED, type Connection } from './connection.ts';
import { date, fromMailToken, mailTokenIds, sought, toMailToken } from './documents.ts';
import { isDuplicate } from './faults.ts';
import { sweeping } from './sweeping.ts';

export function mongoMailTokenStore(connection: Connection): MailTokenStore {
  const { mailTokens } = connection.collections;

  const filterOf = (purpose: string, hash: string) => {
    const [wanted, text] = [sought(purpose), sought(hash)];
    return wanted === undefined || text === undefined ? undefined : { hash: { $eq: text }, purpose: { $eq: wanted } };
  };

  return {
    async put(token, replaceable) {
      const fields = fromMailToken(token);
      const limit = date(replaceable);
      const ids = mailTokenIds(fields.purpose, fields.userId);
      return connection.insist(async () => {
        const there = await connection.read(() => mailTokens.find({ _id: { $in: [...ids] } }, BOUNDED).toArray());
        if (there.some(({ hash }) => hash === fields.hash)) return true;
        const free = ids.find((id) => !there.some(({ _id }) => _id === id));
        if (free !== undefined) {
          try {
            await mailTokens.insertOne({ _id: free, ...fields }, BOUNDED);
            return true;
          } catch (fault) {
            // Another caller has it by now: there is another slot to look for.
            if (isDuplicate(fault, '_id')) return undefined;
            throw fault;
          }
        }
        const age = ({ issuedAt }: (typeof there)[number]) => issuedAt?.getTime() ?? 0;
        const oldest = there.reduce((first, each) => (age(each) < age(first) ? each : first));
        if (age(oldest) > limit.getTime()) return false;
        const seen = { _id: { $eq: oldest._id }, hash: { $eq: oldest.hash } };
        const { matchedCount } = await mailTokens.replaceOne(seen, fields, BOUNDED);
        return matchedCount === 1 ? true : undefined;
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
        const taken = filter && (await mailTokens.findOneAndDelete(filter, BOUNDED));
        if (!taken) return false;
        await mailTokens.deleteMany({ _id: { $in: [...mailTokenIds(taken.purpose, taken.userId)] } }, BOUNDED);
        return true;
      }),

    drop: (userId, purpose) =>
      connection.answer(async () => {
        const [id, wanted] = [sought(userId), sought(purpose)];
        if (id === undefined || wanted === undefined) return;
        await mailTokens.deleteMany({ _id: { $in: [...mailTokenIds(wanted, id)] } }, BOUNDED);
      }),

    sweep: sweeping(connection, mailTokens),
  };
}
