import type { Instant } from '@portcullis/domain';
import type { Collection, Filter } from 'mongodb';
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

/** How many documents a sweep changes at once. */
const AT_ONCE = 20;

/**
 * Forgets what has an `expiresAt` at or before the limit within documents, some documents at a time, and answers how much it was.
 * @param forget takes it out of one document, in one operation, and answers what the document had before
 */
export async function sweepWithin<T extends { readonly _id: string }>(
  connection: Connection,
  collection: Collection<T>,
  limit: Instant,
  hasOver: Filter<T>,
  forget: (id: string) => Promise<readonly { readonly expiresAt: Date }[] | undefined>,
): Promise<number> {
  for (let total = 0; ; ) {
    const counts = await connection.answer(async () => {
      const options = { ...connection.bounded, projection: { _id: 1 }, limit: AT_ONCE } as const;
      const found = await connection.read(() => collection.find(hasOver, options).toArray());
      return Promise.all(
        found.map(async ({ _id }) => {
          const before = (await forget(_id)) ?? [];
          return before.filter(({ expiresAt }) => expiresAt.getTime() <= limit).length;
        }),
      );
    });
    total += counts.reduce((sum, count) => sum + count, 0);
    if (counts.length < AT_ONCE) return total;
  }
}
