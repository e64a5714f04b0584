import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { FIRST_VERSION, missingStep } from '@portcullis/domain';
import { type CollectionTable, VERSION } from './collection-table.ts';
import { type Column, type Row, storedIn } from './record-table.ts';

/** What brings a file to the tables of this release: statements, or why it cannot be brought there. */
export interface Changes {
  readonly statements: readonly string[];
  readonly refusals: readonly string[];
}

interface StoredColumn {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly dflt_value: string | null;
}

/**
 * Compares the file with the tables. What is added by itself: a table, an index, a column that may be empty. Columns that another release
 * added stay, so that an older process and a newer one work on one file.
 */
export function changesTo(database: DatabaseSyncInstance, tables: readonly CollectionTable[]): Changes {
  const changes = tables.map((table) => changesOf(database, table));
  return {
    statements: changes.flatMap(({ statements }) => statements),
    refusals: changes.flatMap(({ refusals }) => refusals),
  };
}

function changesOf(database: DatabaseSyncInstance, table: CollectionTable): Changes {
  const found: readonly StoredColumn[] = database
    .prepare(`SELECT name, type, "notnull", dflt_value FROM pragma_table_info(${quoted(table.name)})`)
    .all();
  if (found.length === 0) return { statements: [creation(table), ...missingIndexes(table, [])], refusals: [] };
  const { statements, refusals } = columnChanges(database, table, found);
  return { statements: [...statements, ...missingIndexes(table, indexesOf(database, table.name))], refusals };
}

const VERSION_COLUMN = `${VERSION} TEXT NOT NULL DEFAULT '${FIRST_VERSION}'`;

/** The columns of the fields, and of the arrival where the key is no number. */
const columnsOf = ({ key, tie, columns }: CollectionTable): readonly Column[] =>
  tie === key.name ? columns : [{ name: tie, type: 'INTEGER', isNullable: false }, ...columns];

const typeOf = (type: string, isNullable: boolean): string => `${type}${isNullable ? '' : ' NOT NULL'}`;

function creation(table: CollectionTable): string {
  const defined = columnsOf(table).map(
    ({ name, type, isNullable }) => `${name} ${typeOf(type, isNullable)}${name === table.tie ? ' PRIMARY KEY' : ''}`,
  );
  return `CREATE TABLE ${table.name} (${[...defined, VERSION_COLUMN].join(', ')}) STRICT`;
}

/** Of a table that is there. */
function columnChanges(
  database: DatabaseSyncInstance,
  table: CollectionTable,
  found: readonly StoredColumn[],
): Changes {
  const own = columnsOf(table);
  const fieldOf = (name: string): string => table.columns.find((each) => each.name === name)?.field ?? name;
  const stored = new Map(found.map((column) => [`"${column.name}"`, column]));
  const statements: string[] = [];
  const refusals: string[] = [];
  const add = (column: string) => statements.push(`ALTER TABLE ${table.name} ADD COLUMN ${column}`);
  const refuse = (why: string) => refusals.push(`${table.name} has ${why}`);

  for (const { name, type, isNullable } of own) {
    const before = stored.get(name);
    const [is, shouldBe] = [before && typeOf(before.type, before.notnull === 0), typeOf(type, isNullable)];
    if (is === undefined && isNullable) add(`${name} ${type}`);
    else if (is === undefined) refuse(`no column ${name}, which is not optional: ${missingStep(fieldOf(name))}`);
    else if (before?.type !== type || (before.notnull === 1 && isNullable && !table.migrations.includes(fieldOf(name))))
      refuse(`${name} as ${is}, not as ${shouldBe}: give the new kind to a new field, and its value to its migrations`);
    else if (is !== shouldBe && database.prepare(`SELECT 1 FROM ${table.name} WHERE ${name} IS NULL LIMIT 1`).get())
      refuse(`records without ${name}, which is not optional: ${missingStep(fieldOf(name))}`);
  }
  if (!stored.has(VERSION)) add(VERSION_COLUMN);
  const known = new Set([VERSION, ...own.map(({ name }) => name)]);
  for (const { name, notnull, dflt_value } of found) {
    if (notnull === 1 && dflt_value === null && !known.has(`"${name}"`)) {
      refuse(`a column "${name}" that cannot be left empty and that this release does not know: keep it as a field`);
    }
  }
  return { statements, refusals };
}

/** How many records are changed in one transaction. */
const AT_ONCE = 500;

/**
 * Stores in the records of earlier releases what migrations say of them, some at a time. What is done already is not done again, so that it may
 * be cut off at any time, or be done by two processes at once. Until then `recordOf` says the same.
 */
export function storeMigrations(
  database: DatabaseSyncInstance,
  { name, tie, columns, selected, recordOf, migrations }: CollectionTable,
): void {
  if (migrations.length === 0) return;
  const own = columns.filter(({ field }) => migrations.includes(field));
  const lacks = own.map((column) => `${column.name} IS NULL`).join(' OR ');
  const next = database.prepare(
    `SELECT ${selected} FROM ${name} WHERE (${lacks}) AND ${tie} > ? ORDER BY ${tie} LIMIT ${AT_ONCE}`,
  );
  const set = own.map((column) => `${column.name} = coalesce(${column.name}, ?)`).join(', ');
  const update = database.prepare(`UPDATE ${name} SET ${set} WHERE ${tie} = ?`);
  let rows: readonly Row[] = next.all(-Number.MAX_SAFE_INTEGER);
  for (; rows.length > 0; rows = next.all(rows.at(-1)?.arrival)) {
    database.exec('BEGIN IMMEDIATE');
    try {
      for (const row of rows) update.run(...storedIn(own, recordOf(row)), row.arrival);
      database.exec('COMMIT');
    } catch (fault) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw fault;
    }
  }
}

interface StoredIndex {
  readonly columns: string;
  readonly isUnique: boolean;
}

function missingIndexes({ name, unique, indexes }: CollectionTable, existing: readonly StoredIndex[]): string[] {
  const creating = (kind: 'unique' | 'by', group: readonly string[]): string[] => {
    const isThere = existing.some(({ columns, isUnique }) => columns === group.join() && (isUnique || kind === 'by'));
    const statement = `CREATE ${kind === 'unique' ? 'UNIQUE ' : ''}INDEX ${indexName(name, kind, group)}`;
    return isThere ? [] : [`${statement} ON ${name} (${group.join(', ')})`];
  };
  return [
    ...unique.flatMap((group) => creating('unique', group)),
    ...indexes.flatMap((group) => creating('by', group)),
  ];
}

/** A text of SQL, from a quoted identifier of ours. */
const quoted = (identifier: string): string => `'${identifier.slice(1, -1)}'`;

const indexName = (table: string, kind: string, group: readonly string[]): string =>
  `"${[table, kind, ...group].map((name) => name.replaceAll('"', '')).join('_')}"`;

function indexesOf(database: DatabaseSyncInstance, table: string): readonly StoredIndex[] {
  const rows: readonly { readonly columns: string; readonly isUnique: number }[] = database
    .prepare(
      `SELECT l."unique" AS isUnique, (SELECT group_concat('"' || name || '"') FROM
         (SELECT i.name FROM pragma_index_info(l.name) i ORDER BY i.seqno)) AS columns
       FROM pragma_index_list(${quoted(table)}) l WHERE l.partial = 0`,
    )
    .all();
  return rows.map(({ columns, isUnique }) => ({ columns, isUnique: isUnique === 1 }));
}
