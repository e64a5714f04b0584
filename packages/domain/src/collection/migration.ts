import type { AnyCollection } from './collection-definition.ts';
import { holds } from './field.ts';

type Row = Readonly<Record<string, unknown>>;

/**
 * The record as this release has it, from one that may lack the fields of migrations (null, or not there).
 * @throws TypeError where a migration answers what its field cannot hold
 */
export function migrated({ name, fields, migrations }: AnyCollection, stored: Row): Row {
  let record = stored;
  for (const { field, value } of migrations) {
    if ((record[field] ?? null) !== null) continue;
    const added = value(record);
    const kind = fields[field];
    if (!kind || !holds(kind, added))
      throw new TypeError(`the migration of ${name} gives no ${kind?.kind} as ${field}`);
    record = { ...record, [field]: added };
  }
  return record;
}

/** Whether earlier releases did not store the field, so that a record may be stored without it. */
export const isMigrated = ({ migrations }: Pick<AnyCollection, 'migrations'>, name: string): boolean =>
  migrations.some(({ field }) => field === name);

/** The step that a team writes for a field that is not optional, in the words of a refusal. */
export const missingStep = (field: string): string =>
  `write { field: '${field}', value: … } into its migrations, or make it optional`;
