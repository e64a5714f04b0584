import { randomUUID } from 'node:crypto';
import {
  type AnyCollection,
  type Collection,
  checkedRecord,
  err,
  type ListPlan,
  listPlan,
  type Missed,
  ok,
  type Result,
  replacedFields,
  type Taken,
  uniqueGroups,
  type Version,
} from '@portcullis/domain';
import { type CollectionTable, VERSION } from './collection-table.ts';
import type { Connection, Value } from './connection.ts';
import { violatedColumns } from './faults.ts';
import { conditionsOf, orderBy, rangesAfter, type Sql } from './list-sql.ts';
import { assignments, insertion, nameOf, type Row, storedIn } from './record-table.ts';
import { lookupNumber, lookupText } from './values.ts';

type Stored = Readonly<Record<string, unknown>>;

const newVersion = (): Version => randomUUID() as Version;

/** The records of one definition in their table. */
export function sqliteCollection(
  connection: Connection,
  definition: AnyCollection,
  table: CollectionTable,
): Collection<Stored, string> {
  const { name, key, columns, tie, selected } = table;
  const replaced = replacedFields(definition).map(table.columnOf);
  const groups = uniqueGroups(definition);
  const isKey = `${key.name} = ?`;

  const insert = connection.prepare(insertion(name, [...columns.map(nameOf), VERSION]));
  const set = assignments([...replaced.map(nameOf), VERSION]);
  const update = connection.prepare(`UPDATE ${name} SET ${set} WHERE ${isKey}`);
  const updateSeen = connection.prepare(`UPDATE ${name} SET ${set} WHERE ${isKey} AND ${VERSION} = ?`);
  const remove = connection.prepare(`DELETE FROM ${name} WHERE ${isKey}`);
  const removeSeen = connection.prepare(`DELETE FROM ${name} WHERE ${isKey} AND ${VERSION} = ?`);
  const select = connection.prepare<Row>(`SELECT ${selected} FROM ${name} WHERE ${isKey}`);
  const exists = connection.prepare(`SELECT 1 FROM ${name} WHERE ${isKey}`);

  const valuesOf = (given: unknown): readonly Value[] => storedIn(columns, checkedRecord(definition, given));
  const pick = (values: readonly Value[], from: typeof columns): readonly Value[] =>
    from.map((column) => values[columns.indexOf(column)] ?? null);
  const lookupKey = (value: unknown): Value =>
    key.type === 'TEXT' ? lookupText(value as string) : lookupNumber(value as number);
  const lookupVersion = (seen: Version | undefined): Value | undefined =>
    seen === undefined ? undefined : lookupText(seen);
  const shown = (row: Row) => ({ record: table.recordOf(row), version: row.version as Version });

  /** @returns what `write` answers, or the group of fields that another record has the same values in */
  function unlessTaken<T>(write: () => T): Result<T, Taken> {
    try {
      return ok(write());
    } catch (fault) {
      const violated = violatedColumns(fault)?.join();
      const isViolated = (group: readonly string[]) =>
        group.map((field) => table.columnOf(field).name).join() === violated;
      const fields = groups.find(isViolated);
      if (!fields) throw fault;
      return err({ kind: 'taken', fields });
    }
  }

  /** Why a change of a record in the state that was seen, or in any, changed none. */
  const missed = (ofKey: readonly Value[], seen: Version | undefined): Missed =>
    seen !== undefined && exists.get(...ofKey) ? { kind: 'changed' } : { kind: 'absent' };

  const prepared = statementsOf(connection);
  const rows = ({ text, values }: Sql): Row[] => prepared<Row>(text).all(...values);

  function itemsOf(plan: ListPlan, where: Sql, total: number): readonly Row[] {
    const from = `SELECT ${selected} FROM ${name}`;
    if ('skip' in plan.start) {
      const { skip } = plan.start;
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
      const { text, values } = conditionsOf(table, plan.where, [range]);
      const limit = plan.size + 1 - found.length;
      found.push(
        ...rows({ text: `${from}${text} ORDER BY ${orderBy(table, plan)} LIMIT ?`, values: [...values, limit] }),
      );
      if (found.length > plan.size) break;
    }
    return found;
  }

  return {
    add: (given) => {
      const version = newVersion();
      const values = valuesOf(given);
      return connection.write(() =>
        unlessTaken(() => {
          insert.run(...values, version);
          return version;
        }),
      );
    },

    byKey: (value) =>
      connection.read(() => {
        const row = select.get(lookupKey(value));
        return row && shown(row);
      }),

    put: (given) => {
      const version = newVersion();
      const values = valuesOf(given);
      return connection.writeTogether(() =>
        unlessTaken(() => {
          const { changes } = update.run(...pick(values, replaced), version, ...pick(values, [key]));
          if (changes === 0) insert.run(...values, version);
          return { created: changes === 0, version };
        }),
      );
    },

    replace: (given, seen) => {
      const version = newVersion();
      const values = valuesOf(given);
      const seenValue = lookupVersion(seen);
      return connection.writeTogether(() => {
        const written = unlessTaken(() => {
          const content = [...pick(values, replaced), version, ...pick(values, [key])];
          return seenValue === undefined ? update.run(...content) : updateSeen.run(...content, seenValue);
        });
        if (!written.ok) return written;
        return written.value.changes === 1 ? ok(version) : err(missed(pick(values, [key]), seen));
      });
    },

    remove: (value, seen) =>
      connection.writeTogether(() => {
        const keyValue = lookupKey(value);
        const seenValue = lookupVersion(seen);
        const { changes } = seenValue === undefined ? remove.run(keyValue) : removeSeen.run(keyValue, seenValue);
        return changes === 1 ? ok(undefined) : err(missed([keyValue], seen));
      }),

    list: (request) => {
      const plan = listPlan(definition, request);
      const where = conditionsOf(table, plan.where);
      return connection.readTogether(() => {
        const count = prepared<{ readonly total: number }>(`SELECT count(*) AS total FROM ${name}${where.text}`);
        const total = count.get(...where.values)?.total ?? 0;
        const found = itemsOf(plan, where, total);
        const items = found.slice(0, plan.size);
        const isLast = 'skip' in plan.start ? plan.start.skip + plan.size >= total : found.length <= plan.size;
        const last = isLast ? undefined : items.at(-1);
        return {
          items: items.map(shown),
          total,
          next: last && {
            values: plan.sort.map(
              ({ field }) => table.columnOf(field).fromStored(last[field] ?? null) as Value | boolean,
            ),
            tie: String(last.arrival),
          },
        };
      });
    },
  };
}

/** How many ways to list a collection are kept prepared. Filters and orders can be combined in more. */
const PREPARED_AT_MOST = 100;

function statementsOf(connection: Connection) {
  const statements = new Map<string, ReturnType<Connection['prepare']>>();
  return <R>(sql: string): ReturnType<typeof connection.prepare<R>> => {
    let statement = statements.get(sql);
    if (!statement) {
      statement = connection.prepare(sql);
      statements.set(sql, statement);
      const [oldest] = statements.keys();
      if (statements.size > PREPARED_AT_MOST && oldest !== undefined) statements.delete(oldest);
    }
    return statement as ReturnType<typeof connection.prepare<R>>;
  };
}
