import type { Collection } from './collection-store.ts';
import type { ListPosition } from './list-position.ts';

/** How many records are read at a time. No more than these are in memory before `admit` has been told of them. */
export const RECORDS_AT_ONCE = 250;

/**
 * All records in their order, for a contract that knows no pages. A record that is there throughout is there once.
 * @param admit is told each record as it is read; what it throws ends the reading
 */
export async function allRecords<T, K extends keyof T>(
  collection: Pick<Collection<T, K>, 'list'>,
  admit: (record: T) => void,
): Promise<readonly T[]> {
  const records: T[] = [];
  let after: ListPosition | undefined;
  do {
    const { items, next } = await collection.list({ size: RECORDS_AT_ONCE, after });
    for (const { record } of items) {
      admit(record);
      records.push(record);
    }
    after = next;
  } while (after);
  return records;
}
