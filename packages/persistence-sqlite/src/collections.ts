import { randomUUID } from 'node:crypto';
import {
  type Collection,
  checkedRecord,
  err,
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
import { recordLists } from './record-lists.ts';
import { assignments, insertion, nameOf, type Row, storedIn } from './record-table.ts';
import { lookupNumber, lookupText } from './values.ts';

type Stored = Readonly<Record<string, unknown>>;

const newVersion = (): Version => randomUUID() as Version;

/** The records of one definition in their table. */
export function sqliteCollection(connection: Connection, table: CollectionTable): Collection<Stored, string> {
  const { definition, name, key, columns, selected } = table;
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

    list: recordLists(connection, table, ({ sort, rows, total, isLast }) => {
      const last = isLast ? undefined : rows.at(-1);
      const values = (row: Row) =>
        sort.map(({ field }) => table.columnOf(field).fromStored(row[field] ?? null) as Value | boolean);
      return {
        items: rows.map(shown),
        total,
        next: last && { values: values(last), tie: String(last.arrival) },
      };
    }),
  };
}
