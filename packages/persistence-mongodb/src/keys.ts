import type { KeyStore } from '@portcullis/domain';
import type { Connection } from './connection.ts';
import { keyDocuments } from './documents.ts';
import { isDuplicate } from './faults.ts';
import { date, equalNumber, equalText, text } from './values.ts';

const BY_NUMBER = { _id: 1 } as const;

export function mongoKeyStore(connection: Connection): KeyStore {
  const { keys } = connection.collections;
  return {
    add: (key) =>
      connection.answer(async () => {
        try {
          await keys.insertOne(keyDocuments.write(key), connection.bounded);
          return true;
        } catch (fault) {
          if (isDuplicate(fault, '_id')) return false;
          throw fault;
        }
      }),

    all: () =>
      connection.answer(async () => {
        const options = { ...connection.bounded, sort: BY_NUMBER, hint: BY_NUMBER };
        const found = await connection.read(() => keys.find({}, options).toArray());
        return found.map(keyDocuments.read);
      }),

    reseal: (number, expected, next) =>
      connection.answer(async () => {
        const filter = { _id: equalNumber(number), sealed: equalText(expected), retiredAt: null };
        const { matchedCount } = await keys.updateOne(filter, { $set: { sealed: text(next) } }, connection.bounded);
        // Not `modifiedCount`: that is 0 where both texts are the same.
        return matchedCount === 1;
      }),

    retire: (number, at) =>
      connection.answer(async () => {
        const filter = { _id: equalNumber(number), retiredAt: null };
        const { matchedCount } = await keys.updateOne(filter, { $set: { retiredAt: date(at) } }, connection.bounded);
        return matchedCount === 1;
      }),
  };
}
