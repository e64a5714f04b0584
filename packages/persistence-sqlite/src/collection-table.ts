import { type AnyCollection, isNumbered, uniqueGroups } from '@portcullis/domain';
import { OWN_TABLES } from './own-tables.ts';
import { type RecordTable, recordTable } from './record-table.ts';

/** How SQLite keeps the records of a collection: the primary key of the table tells them apart and decides ties. */
export interface CollectionTable extends RecordTable<Readonly<Record<string, unknown>>> {
  /** The primary key: the time of arrival, or a key that is a whole number itself. */
  readonly tie: string;
  readonly unique: readonly (readonly string[])[];
  readonly indexes: readonly (readonly string[])[];
  /** The fields that records of earlier releases lack. */
  readonly migrations: readonly string[];
}

const ARRIVAL = '"arrival"';
export const VERSION = '"version"';

/** @throws TypeError where the collection has the name of a table that every store has. */
export function tableOf(definition: AnyCollection): CollectionTable {
  const { name, key, order, unique, filters, sorts } = definition;
  if (Object.hasOwn(OWN_TABLES, name))
    throw new TypeError(`a collection cannot be called ${name}: the store has a table of that name`);
  const numbered = isNumbered(definition);
  const table = recordTable(definition);
  const namesOf = (group: readonly string[]) => group.map((field) => table.columnOf(field).name);
  const tie = numbered ? table.columnOf(key).name : ARRIVAL;
  const indexes = [order, ...sorts.map((field) => [field]), ...filters.map((field) => [field, ...order])];
  return {
    ...table,
    tie,
    migrations: definition.migrations.map(({ field }) => field),
    selected: `${table.selected}, ${tie} AS "arrival", ${VERSION} AS "version"`,
    // A number as the key is the primary key, which is unique and an index already.
    unique: (numbered ? unique : uniqueGroups(definition)).map(namesOf),
    indexes: withoutRepetition(indexes.map((group) => [...new Set([...namesOf(group), tie])])).filter(
      ([first]) => first !== tie,
    ),
  };
}

const withoutRepetition = (groups: readonly (readonly string[])[]): readonly (readonly string[])[] => [
  ...new Map(groups.map((group) => [group.join(), group])).values(),
];
