import type { ShipStore } from '@portcullis/domain';
import type { Connection } from './connection.ts';
import { fromShip, soughtNumber, toShip } from './documents.ts';
import { isDuplicate } from './faults.ts';
import { allOf } from './pages.ts';

export function mongoShipStore(connection: Connection): ShipStore {
  const { ships } = connection.collections;

  return {
    add: (ship) =>
      connection.answer(async () => {
        try {
          await ships.insertOne(fromShip(ship), connection.bounded);
          return true;
        } catch (fault) {
          if (isDuplicate(fault, '_id')) return false;
          throw fault;
        }
      }),

    byId: (id) =>
      connection.answer(async () => {
        const key = soughtNumber(id);
        if (key === undefined) return undefined;
        const document = await connection.read(() => ships.findOne({ _id: { $eq: key } }, connection.bounded));
        return document ? toShip(document) : undefined;
      }),

    all: allOf(connection, ships, ['_id'], toShip, 'all'),

    replace: (ship) =>
      connection.answer(async () => {
        const { _id, ...content } = fromShip(ship);
        const { matchedCount } = await ships.replaceOne({ _id: { $eq: _id } }, content, connection.bounded);
        return matchedCount === 1;
      }),

    remove: (id) =>
      connection.answer(async () => {
        const key = soughtNumber(id);
        if (key === undefined) return false;
        const { deletedCount } = await ships.deleteOne({ _id: { $eq: key } }, connection.bounded);
        return deletedCount === 1;
      }),
  };
}
