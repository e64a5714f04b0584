import { type AnyCollection, type Field, isMigrated, migrated } from '@portcullis/domain';
import type { Connection, Statement, Value } from './connection.ts';
import { flag, text, time, whole } from './values.ts';

export type Row = Readonly<Record<string, Value>>;

export interface Column {
  /** As it stands in a statement. */
  readonly name: string;
  readonly type: 'TEXT' | 'INTEGER';
  readonly isNullable: boolean;
}

/** A column, and the field of a record that it keeps. */
export interface FieldColumn extends Column {
  readonly field: string;
  /** @throws TypeError for what would not come back as it is. */
  readonly toStored: (value: unknown) => Value;
  readonly fromStored: (stored: Value) => unknown;
}

/** How SQLite keeps records: in one table, with a column for each field. */
export interface RecordTable<T> {
  readonly definition: AnyCollection;
  readonly name: string;
  readonly key: FieldColumn;
  readonly columns: readonly FieldColumn[];
  readonly columnOf: (field: string) => FieldColumn;
  /** What a statement selects: the columns, each under the name of its field. */
  readonly selected: string;
  readonly recordOf: (row: Row) => T;
}

/** @param renamed the columns that are not called as their fields are */
export function recordTable(
  definition: AnyCollection,
  renamed: Readonly<Record<string, string>> = {},
): RecordTable<Readonly<Record<string, unknown>>> {
  const { name, fields, key } = definition;
  const columns = Object.entries(fields).map(([field, kind]) => {
    const column = columnFor(field, renamed[field] ?? field, kind);
    // An older process adds records without it.
    return isMigrated(definition, field) ? { ...column, isNullable: true } : column;
  });
  const columnOf = (field: string): FieldColumn => {
    const column = columns.find((each) => each.field === field);
    if (!column) throw new TypeError(`${name} has no field ${field}`);
    return column;
  };
  return {
    definition,
    name: identifier(name),
    key: columnOf(key),
    columns,
    columnOf,
    selected: columns.map((column) => `${column.name} AS "${column.field}"`).join(', '),
    recordOf(row) {
      const record: Record<string, unknown> = {};
      for (const { field, fromStored } of columns) record[field] = fromStored(row[field] ?? null);
      return migrated(definition, record);
    },
  };
}

/** The statements of a table, in terms of its records. `rest` is what follows in the statement, from `WHERE` or `ON CONFLICT` on. */
export interface Records<T> {
  select(rest: string): { get(...values: readonly Value[]): T | undefined; all(...values: readonly Value[]): T[] };
  insert(rest?: string): { run(record: T): { readonly changes: number } };
  /** Sets these fields. */
  update<F extends keyof T & string>(
    fields: readonly F[],
    rest: string,
  ): { run(record: Pick<T, F>, ...values: readonly Value[]): { readonly changes: number } };
}

export function recordsIn<T extends object>(connection: Connection, table: RecordTable<T>): Records<T> {
  const { name, columns, columnOf, selected, recordOf } = table;
  return {
    select(rest) {
      const statement: Statement<Row> = connection.prepare(`SELECT ${selected} FROM ${name} ${rest}`);
      return {
        get(...values) {
          const row = statement.get(...values);
          return row && recordOf(row);
        },
        all: (...values) => statement.all(...values).map(recordOf),
      };
    },
    insert(rest = '') {
      const statement = connection.prepare(`${insertion(name, columns.map(nameOf))} ${rest}`);
      return { run: (record) => statement.run(...storedIn(columns, record)) };
    },
    update(fields, rest) {
      const own = fields.map(columnOf);
      const statement = connection.prepare(`UPDATE ${name} SET ${assignments(own.map(nameOf))} ${rest}`);
      return { run: (record, ...values) => statement.run(...storedIn(own, record), ...values) };
    },
  };
}

export const nameOf = ({ name }: Column): string => name;

export const insertion = (table: string, columns: readonly string[]): string =>
  `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;

export const assignments = (columns: readonly string[]): string => columns.map((column) => `${column} = ?`).join(', ');

/** What is stored in these columns. */
export const storedIn = (columns: readonly FieldColumn[], record: object): readonly Value[] =>
  columns.map(({ field, toStored }) => toStored((record as Readonly<Record<string, unknown>>)[field]));

/** Quoted, since a field may be called as a word of SQL is. */
const identifier = (name: string): string => `"${name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}"`;

function columnFor(field: string, name: string, { kind, optional }: Field): FieldColumn {
  const { type, toStored, fromStored } = KINDS[kind];
  return {
    field,
    name: identifier(name),
    type,
    isNullable: optional,
    toStored: (value) => (value === null && optional ? null : toStored(value as never)),
    fromStored: (stored) => (stored === null ? null : fromStored(stored)),
  };
}

const asItIs = (stored: Value): unknown => stored;

const KINDS = {
  text: { type: 'TEXT', toStored: text, fromStored: asItIs },
  integer: { type: 'INTEGER', toStored: whole, fromStored: asItIs },
  time: { type: 'INTEGER', toStored: time, fromStored: asItIs },
  boolean: { type: 'INTEGER', toStored: flag, fromStored: (stored) => stored === 1 },
  // JSON escapes what SQLite cannot keep.
  json: {
    type: 'TEXT',
    toStored: (value: unknown) => JSON.stringify(value),
    fromStored: (stored) => JSON.parse(String(stored)),
  },
} as const satisfies Record<
  Field['kind'],
  { type: Column['type']; toStored: (value: never) => Value; fromStored: (stored: Value) => unknown }
>;
