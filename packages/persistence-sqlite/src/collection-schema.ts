import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { type CollectionTable, type Column, FIRST_VERSION, VERSION } from './collection-table.ts';

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
  const { name, key, tie, columns, unique, indexes } = table;
  const found: readonly StoredColumn[] = database
    .prepare(`SELECT name, type, "notnull", dflt_value FROM pragma_table_info(${quoted(name)})`)
    .all();
  const isNew = found.length === 0;
  const isNumbered = tie === key.name;
  const own: readonly Column[] = [
    ...(isNumbered ? [] : [{ name: tie, type: 'INTEGER', isNullable: false } as Column]),
    ...columns,
  ];
  const typeOf = ({ type, isNullable }: Pick<Column, 'type' | 'isNullable'>) =>
    `${type}${isNullable ? '' : ' NOT NULL'}`;
  const version = `${VERSION} TEXT NOT NULL DEFAULT '${FIRST_VERSION}'`;

  const statements: string[] = [];
  const refusals: string[] = [];
  if (isNew) {
    const defined = own.map((column) => `${column.name} ${typeOf(column)}${column.name === tie ? ' PRIMARY KEY' : ''}`);
    statements.push(`CREATE TABLE ${name} (${[...defined, version].join(', ')}) STRICT`);
  } else {
    const stored = new Map(found.map((column) => [`"${column.name}"`, column]));
    for (const column of own) {
      const before = stored.get(column.name);
      if (!before) {
        if (column.isNullable) statements.push(`ALTER TABLE ${name} ADD COLUMN ${column.name} ${column.type}`);
        else
          refusals.push(
            `${name} has no column ${column.name}, which is not optional: add it by a migration, or make it optional`,
          );
      } else {
        const was = typeOf({ type: before.type as Column['type'], isNullable: before.notnull === 0 });
        if (was !== typeOf(column))
          refusals.push(`${name} has ${column.name} as ${was}, not as ${typeOf(column)}: change it by a migration`);
      }
    }
    if (!stored.has(VERSION)) statements.push(`ALTER TABLE ${name} ADD COLUMN ${version}`);
    const names = new Set([VERSION, ...own.map((column) => column.name)]);
    for (const { name: other, notnull, dflt_value } of found) {
      if (notnull === 1 && dflt_value === null && !names.has(`"${other}"`)) {
        refusals.push(`${name} has a column "${other}" that cannot be left empty and that this release does not know`);
      }
    }
  }
  const existing = isNew ? [] : indexesOf(database, name);
  const has = (group: readonly string[], unique: boolean) =>
    existing.some((index) => index.columns === group.join() && (index.isUnique || !unique));
  for (const group of unique) {
    if (!has(group, true))
      statements.push(`CREATE UNIQUE INDEX ${indexName(name, 'unique', group)} ON ${name} (${group.join(', ')})`);
  }
  for (const group of indexes) {
    if (!has(group, false))
      statements.push(`CREATE INDEX ${indexName(name, 'by', group)} ON ${name} (${group.join(', ')})`);
  }
  return { statements, refusals };
}

/** A text of SQL, from a quoted identifier of ours. */
const quoted = (identifier: string): string => `'${identifier.slice(1, -1)}'`;

const indexName = (table: string, kind: string, group: readonly string[]): string =>
  `"${[table, kind, ...group].map((name) => name.replaceAll('"', '')).join('_')}"`;

function indexesOf(
  database: DatabaseSyncInstance,
  table: string,
): readonly { readonly columns: string; readonly isUnique: boolean }[] {
  const rows: readonly { readonly columns: string; readonly isUnique: number }[] = database
    .prepare(
      `SELECT l."unique" AS isUnique, (SELECT group_concat('"' || name || '"') FROM
         (SELECT i.name FROM pragma_index_info(l.name) i ORDER BY i.seqno)) AS columns
       FROM pragma_index_list(${quoted(table)}) l WHERE l.partial = 0`,
    )
    .all();
  return rows.map(({ columns, isUnique }) => ({ columns, isUnique: isUnique === 1 }));
}
