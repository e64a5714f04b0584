import { offsetOf, type PageRequest, type Slice } from '@portcullis/domain';
import type { Connection } from './connection.ts';

export interface Ordered<Row, T> {
  readonly table: string;
  /** The table's key. */
  readonly key: string;
  /** What the pages go by, and what decides a tie; an index on both serves them. */
  readonly order: readonly [string, string];
  readonly columns: string;
  readonly toEntity: (row: Row) => T;
}

/**
 * Pages of a table, total and items of one moment. The rows before a page are skipped in the index, which is small, and from
 * the end that is nearer; only the page's own rows are fetched from the table.
 */
export function pagesOf<Row, T>(connection: Connection, { table, key, order, columns, toEntity }: Ordered<Row, T>) {
  const [first, second] = order;
  const select = (direction: 'ASC' | 'DESC') =>
    connection.prepare<Row>(
      `SELECT ${columns} FROM ${table}
       WHERE ${key} IN (SELECT ${key} FROM ${table} ORDER BY ${first} ${direction}, ${second} ${direction} LIMIT ? OFFSET ?)
       ORDER BY ${first}, ${second}`,
    );
  const fromStart = select('ASC');
  const fromEnd = select('DESC');
  const count = connection.prepare<{ readonly total: number }>(`SELECT count(*) AS total FROM ${table}`);

  return (request: PageRequest): Promise<Slice<T>> =>
    connection.readTogether(() => {
      const total = count.get()?.total ?? 0;
      const before = offsetOf(request);
      const length = Math.min(request.size, total - before);
      if (length <= 0) return { items: [], total };
      const after = total - before - length;
      const rows = before <= after ? fromStart.all(length, before) : fromEnd.all(length, after);
      return { items: rows.map(toEntity), total };
    });
}
