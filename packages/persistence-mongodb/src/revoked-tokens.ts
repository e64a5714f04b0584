import type { RevokedTokenStore } from '@portcullis/domain';
import { coalesced } from './coalesce.ts';
import type { Connection } from './connection.ts';
import { type RevokedTokenDocument, revokedTokenDocuments } from './documents.ts';
import { sweeping } from './sweeping.ts';
import { lookupText } from './values.ts';

export function mongoRevokedTokenStore(connection: Connection): RevokedTokenStore {
  const { revokedTokens } = connection.collections;

  const isStored = coalesced(async (ids: readonly string[]) => {
    const options = { ...connection.bounded, projection: { _id: 1 }, batchSize: ids.length + 1, singleBatch: true };
    const found = await connection.answer(() =>
      connection.read(() => revokedTokens.find({ _id: { $in: [...new Set(ids)] } }, options).toArray()),
    );
    const stored = new Set(found.map(({ _id }) => _id));
    return ids.map((id) => stored.has(id));
  });

  /**
   * Whether it was this call that stored it. The server answers the others, too, only once a majority has what the first one
   * stored: it waits for all that it knows of.
   */
  const store = coalesced(async (documents: readonly RevokedTokenDocument[]) => {
    const upserts = documents.map(({ _id, ...fields }) => ({
      updateOne: { filter: { _id: { $eq: _id } }, update: { $setOnInsert: fields }, upsert: true },
    }));
    const { upsertedIds } = await connection.answer(() =>
      revokedTokens.bulkWrite(upserts, { ...connection.bounded, ordered: false }),
    );
    return documents.map((_, index) => upsertedIds[index] !== undefined);
  });

  return {
    revoke: async (token) => store(revokedTokenDocuments.write(token)),

    async isRevoked(id) {
      const key = lookupText(id);
      return key !== undefined && isStored(key);
    },

    sweep: sweeping(connection, revokedTokens),
  };
}
