import { type AnyCollection, type Field, isNumbered, uniqueGroups } from '@portcullis/domain';
import type { Value } from './connection.ts';
import { flag, text, time, whole } from './rows.ts';

type Row = Readonly<Record<string, Value>>;

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

/** How SQLite keeps the records of a collection: in one table, whose number tells them apart and decides ties. */
export interface CollectionTable {
  readonly name: string;
  readonly key: FieldColumn;
  /** The primary key: the time of arrival, or a key that is a whole number itself. */
  readonly tie: string;
  readonly columns: readonly FieldColumn[];
  readonly unique: readonly (readonly string[])[];
  readonly indexes: readonly (readonly string[])[];
  readonly columnOf: (field: string) => FieldColumn;
}

const ARRIVAL = '"arrival"';
export const VERSION = '"version"';

/** What this package names itself. */
const TAKEN: ReadonlySet<string> = new Set([
  'users',
  'sessions',
  'counters',
  'keys',
  'audit',
  'mailTokens',
  'revokedTokens',
]);

/** @throws TypeError where the collection has the name of a table that every store has. */
export function tableOf(definition: AnyCollection): CollectionTable {
  const { name, fields, key, order, unique, filters, sorts } = definition;
  const numbered = isNumbered(definition);
  if (TAKEN.has(name)) throw new TypeError(`a collection cannot be called ${name}: the store has a table of that name`);
  const columns = Object.entries(fields).map(([field, kind]) => columnFor(field, kind));
  const columnOf = (field: string): FieldColumn => {
    const column = columns.find((each) => each.field === field);
    if (!column) throw new TypeError(`${name} has no field ${field}`);
    return column;
  };
  const namesOf = (group: readonly string[]) => group.map((field) => columnOf(field).name);
  const tie = numbered ? columnOf(key).name : ARRIVAL;
  const indexes = [order, ...sorts.map((field) => [field]), ...filters.map((field) => [field, ...order])];
  return {
    name: identifier(name),
    key: columnOf(key),
    tie,
    columns,
    columnOf,
    // A number as the key is the primary key, which is unique and an index already.
    unique: (numbered ? unique : uniqueGroups(definition)).map(namesOf),
    indexes: withoutRepetition(indexes.map((group) => [...new Set([...namesOf(group), tie])])).filter(
      ([first]) => first !== tie,
    ),
  };
}

/** Quoted, since a field may be called as a word of SQL is. */
const identifier = (name: string): string => `"${name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}"`;

const withoutRepetition = (groups: readonly (readonly string[])[]): readonly (readonly string[])[] => [
  ...new Map(groups.map((group) => [group.join(), group])).values(),
];

function columnFor(field: string, { kind, optional }: Field): FieldColumn {
  const { type, toStored, fromStored } = KINDS[kind];
  return {
    field,
    name: identifier(field),
    type,
    isNullable: optional,
    toStored: (value) => (value === null ? null : toStored(value as never)),
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

/** What a statement selects, and how a record is made of it. */
export const selected = ({ columns, tie }: CollectionTable): string =>
  [...columns.map(({ name, field }) => `${name} AS "${field}"`), `${tie} AS "arrival"`, `${VERSION} AS "version"`].join(
    ', ',
  );

export const recordOf = ({ columns }: CollectionTable, row: Row): Readonly<Record<string, unknown>> => {
  const record: Record<string, unknown> = {};
  for (const { field, fromStored } of columns) record[field] = fromStored(row[field] ?? null);
  return record;
};
