import type { Instant } from '@portcullis/domain';
import type { Collection } from 'mongodb';
import type { Connection } from './connection.ts';
import { date } from './values.ts';

/**
 * Forgets the documents whose `expiresAt` is at or before a limit, and answers how many they were. The server's own TTL index does the
 * same by its own clock; this is for whoever goes by another one.
 */
export const sweeping =
  <T extends { readonly expiresAt: Date }>(connection: Connection, collection: Collection<T>) =>
  (limit: Instant): Promise<number> =>
    connection.answer(async () => {
      const { deletedCount } = await (collection as unknown as Collection<{ readonly expiresAt: Date }>).deleteMany(
        { expiresAt: { $lte: date(limit) } },
        connection.bounded,
      );
      return deletedCount;
    });
