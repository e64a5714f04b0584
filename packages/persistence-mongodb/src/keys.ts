import type { KeyStore } from '@portcullis/domain';
import type { Connection } from './connection.ts';
import { date, fromKey, lookupNumber, lookupText, text, toKey } from './documents.ts';
import { isDuplicate } from './faults.ts';
import { allOf } from './pages.ts';

export function mongoKeyStore(connection: Connection): KeyStore {
  const { keys } = connection.collections;
  return {
    add: (key) =>
      connection.answer(async () => {
        try {
          await keys.insertOne(fromKey(key), connection.bounded);
          return true;
        } catch (fault) {
          if (isDuplicate(fault, '_id')) return false;
          throw fault;
        }
      }),

    all: allOf(connection, keys, ['_id'], toKey, 'all'),

    reseal: (number, expected, next) =>
      connection.answer(async () => {
        const [key, sealed, resealed] = [lookupNumber(number), lookupText(expected), text(next)];
        if (key === undefined || sealed === undefined) return false;
        const filter = { _id: { $eq: key }, sealed: { $eq: sealed }, retiredAt: null };
        // Not `modifiedCount`: that is 0 where both texts are the same.
        const { matchedCount } = await keys.updateOne(filter, { $set: { sealed: resealed } }, connection.bounded);
        return matchedCount === 1;
      }),

    retire: (number, at) =>
      connection.answer(async () => {
        const key = lookupNumber(number);
        if (key === undefined) return false;
        const filter = { _id: { $eq: key }, retiredAt: null };
        const { modifiedCount } = await keys.updateOne(filter, { $set: { retiredAt: date(at) } }, connection.bounded);
        return modifiedCount === 1;
      }),
  };
}
