import type { AuditStore } from '@portcullis/domain';
import type { Connection } from './connection.ts';
import { auditDocuments } from './documents.ts';
import { sweeping } from './sweeping.ts';
import { equalText, lookupNumber } from './values.ts';

export function mongoAuditStore(connection: Connection): AuditStore {
  const { audit } = connection.collections;
  return {
    async append(records) {
      if (records.length === 0) return;
      const upserts = records.map((record) => {
        const { _id, ...fields } = auditDocuments.write(record);
        return { updateOne: { filter: { _id: { $eq: _id } }, update: { $setOnInsert: fields }, upsert: true } };
      });
      await connection.answer(() => audit.bulkWrite(upserts, { ...connection.bounded, ordered: false }));
    },

    newest: ({ userId, kind, limit }) =>
      connection.answer(async () => {
        const most = lookupNumber(limit) ?? 0;
        // To the driver no limit, and a negative one, are something else.
        if (most <= 0) return [];
        const filter = {
          ...(userId !== undefined && { userId: equalText(userId) }),
          ...(kind !== undefined && { kind: equalText(kind) }),
        };
        const options = { ...connection.bounded, sort: { at: -1, _id: -1 }, limit: most } as const;
        const found = await connection.read(() => audit.find(filter, options).toArray());
        return found.map(auditDocuments.read);
      }),

    sweep: sweeping(connection, audit),
  };
}
