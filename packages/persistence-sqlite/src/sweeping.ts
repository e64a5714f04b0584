import { setImmediate } from 'node:timers/promises';
import type { Instant } from '@portcullis/domain';
import type { Connection } from './connection.ts';
import type { RecordTable } from './record-table.ts';
import { time } from './values.ts';

/** So many entries go in about a millisecond; requests are served between two batches. */
const BATCH = 500;

/** Forgets the rows of a table whose `expires_at` is at or before a limit, and answers how many they were. */
export function sweeping<T extends { readonly expiresAt: Instant }>(
  connection: Connection,
  { name, key }: RecordTable<T>,
): (limit: Instant) => Promise<number> {
  const removeBatch = connection.prepare(
    `DELETE FROM ${name} WHERE ${key.name} IN
       (SELECT ${key.name} FROM ${name} WHERE expires_at <= ? ORDER BY expires_at LIMIT ${BATCH})`,
  );
  return async (limit) => {
    let total = 0;
    for (;;) {
      const removed = await connection.write(() => removeBatch.run(time(limit)).changes);
      total += removed;
      if (removed < BATCH) return total;
      await setImmediate();
    }
  };
}
