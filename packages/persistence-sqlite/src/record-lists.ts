import { type ListPlan, listPlan } from '@portcullis/domain';
import type { Connection, Statement } from './connection.ts';
import { conditionsOf, type ListedTable, orderBy, rangesAfter, type Sql } from './list-sql.ts';
import type { Row } from './record-table.ts';

/** A part of a list. */
interface Listed {
  readonly sort: ListPlan['sort'];
  readonly rows: readonly Row[];
  /** How many rows there are in the list. */
  readonly total: number;
  readonly isLast: boolean;
}

type Request = Parameters<typeof listPlan>[1];

/** The parts of a table's lists, rows and total of one moment, each as `shown` makes it. @throws TypeError as `listPlan` does */
export function recordLists<T>(
  connection: Connection,
  table: ListedTable,
  shown: (listed: Listed) => T,
): (request: Request) => Promise<T> {
  const { name, tie, selected } = table;
  const prepared = statementsOf(connection);
  const rows = ({ text, values }: Sql): Row[] => prepared<Row>(text).all(...values);
  const from = `SELECT ${selected} FROM ${name}`;

  /** The first rows of a list, or of a range of it. */
  const firstOf = (plan: ListPlan, { text, values }: Sql, count: number): Row[] =>
    rows({ text: `${from}${text} ORDER BY ${orderBy(table, plan)} LIMIT ?`, values: [...values, count] });

  function rowsOf(plan: ListPlan, where: Sql, total: number): readonly Row[] {
    if ('skip' in plan.start) {
      const { skip } = plan.start;
      if (skip === 0) return firstOf(plan, where, plan.size);
      const length = Math.min(plan.size, total - skip);
      if (length <= 0) return [];
      // The rows before the part are skipped in an index, from the end that is nearer; only its own are fetched from the table.
      const after = total - skip - length;
      const isNearer = after < skip;
      const part = `SELECT ${tie} FROM ${name}${where.text} ORDER BY ${orderBy(table, plan, isNearer)} LIMIT ? OFFSET ?`;
      return rows({
        text: `${from} WHERE ${tie} IN (${part}) ORDER BY ${orderBy(table, plan)}`,
        values: [...where.values, length, isNearer ? after : skip],
      });
    }
    const found: Row[] = [];
    for (const range of rangesAfter(table, plan, plan.start.after)) {
      found.push(...firstOf(plan, conditionsOf(table, plan.where, [range]), plan.size + 1 - found.length));
      if (found.length > plan.size) break;
    }
    return found;
  }

  return (request) => {
    const plan = listPlan(table.definition, request);
    const where = conditionsOf(table, plan.where);
    return connection.readTogether(() => {
      const count = prepared<{ readonly total: number }>(`SELECT count(*) AS total FROM ${name}${where.text}`);
      const total = count.get(...where.values)?.total ?? 0;
      const found = rowsOf(plan, where, total);
      const isLast = 'skip' in plan.start ? plan.start.skip + plan.size >= total : found.length <= plan.size;
      return shown({ sort: plan.sort, rows: found.slice(0, plan.size), total, isLast });
    });
  };
}

/** How many ways to list a table are kept prepared. Filters and orders can be combined in more. */
const PREPARED_AT_MOST = 100;

function statementsOf(connection: Connection) {
  const statements = new Map<string, Statement<never>>();
  return <R>(sql: string): Statement<R> => {
    let statement = statements.get(sql);
    if (!statement) {
      statement = connection.prepare(sql);
      statements.set(sql, statement);
      const [oldest] = statements.keys();
      if (statements.size > PREPARED_AT_MOST && oldest !== undefined) statements.delete(oldest);
    }
    return statement as Statement<R>;
  };
}
