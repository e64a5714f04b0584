import type { Field, FieldOf } from './field.ts';

type Name<T> = keyof T & string;

/** A field that is not optional and that earlier releases did not store: what it is in their records. */
export type Migration<T> = {
  readonly [F in keyof T & string]: {
    readonly field: F;
    /**
     * A pure function: it is called as often as such a record is read, and once more to store what it answers.
     * @param stored the record as it is stored; fields of later migrations are not there yet
     */
    readonly value: (stored: T) => T[F];
  };
}[keyof T & string];

/** A migration of whatever records. */
export interface AnyMigration {
  readonly field: string;
  // biome-ignore lint/suspicious/noExplicitAny: a function of any record
  readonly value: (stored: any) => unknown;
}

export interface CollectionOptions<T, K extends Name<T>> {
  /** All fields of a record. */
  readonly fields: { readonly [F in Name<T>]: FieldOf<T[F]> };
  /** The field that tells records apart: text, or a whole number. It never changes. */
  readonly key: K;
  /**
   * The order of a list that is not asked for in another one. Records that tie follow in the order of arrival, or of the key where that is
   * a number. Only fields that never change, so that a record keeps its place. Empty by default: ties alone decide.
   */
  readonly order?: readonly Name<T>[];
  /** Fields, or groups of fields, that no two records have in common. */
  readonly unique?: readonly (Name<T> | readonly Name<T>[])[];
  /** What stays as it was when a record is replaced. The key always does. */
  readonly kept?: readonly Name<T>[];
  /** What a list can be filtered by. */
  readonly filters?: readonly Name<T>[];
  /** What a list can be sorted by. */
  readonly sorts?: readonly Name<T>[];
  /**
   * For each field that is not optional and that came with a later release: what it is in the records of before. Such a field is nothing
   * that a list goes by, or that is unique or kept, as long as its migration stands here: a process of the release before may run beside.
   */
  readonly migrations?: readonly Migration<T>[];
}

/** One kind of record: what a store needs to keep it, and what the certification kit needs to prove that it does. */
export interface CollectionDefinition<T, K extends Name<T> = Name<T>> {
  readonly name: string;
  readonly fields: { readonly [F in Name<T>]: FieldOf<T[F]> };
  readonly key: K;
  readonly order: readonly Name<T>[];
  readonly unique: readonly (readonly Name<T>[])[];
  readonly kept: readonly Name<T>[];
  readonly filters: readonly Name<T>[];
  readonly sorts: readonly Name<T>[];
  readonly migrations: readonly Migration<T>[];
}

/** A definition of whatever records, as a store works through it. */
export interface AnyCollection {
  readonly name: string;
  readonly fields: Readonly<Record<string, Field>>;
  readonly key: string;
  readonly order: readonly string[];
  readonly unique: readonly (readonly string[])[];
  readonly kept: readonly string[];
  readonly filters: readonly string[];
  readonly sorts: readonly string[];
  readonly migrations: readonly AnyMigration[];
}

/** Whether the key is a number. Records that tie then follow in the order of the key, and else of arrival. */
export const isNumbered = ({ fields, key }: Pick<AnyCollection, 'fields' | 'key'>): boolean =>
  fields[key]?.kind === 'integer';

/** The fields that a replacement replaces: all but the key and what is kept. */
export const replacedFields = ({ fields, key, kept }: AnyCollection): readonly string[] =>
  Object.keys(fields).filter((name) => name !== key && !kept.includes(name));

/** The groups of fields that no two records have in common: the key, and what else is unique. */
export const uniqueGroups = ({ key, unique }: AnyCollection): readonly (readonly string[])[] => [[key], ...unique];

/** Both are names of columns, indexes and documents' fields in some store. */
const NAME = /^[a-z][a-zA-Z0-9]{0,39}$/;
/** Every store has these beside the fields. */
const TAKEN: ReadonlySet<string> = new Set(['arrival', 'version']);

/**
 * Defines a collection.
 * @throws TypeError naming everything that is wrong with it: a definition is code, and a wrong one must not start.
 */
export function collection<T extends object, K extends Name<T>>(
  name: string,
  {
    fields,
    key,
    order = [],
    unique = [],
    kept = [],
    filters = [],
    sorts = [],
    migrations = [],
  }: CollectionOptions<T, K>,
): CollectionDefinition<T, K> {
  const definition: CollectionDefinition<T, K> = {
    ...{ name, fields, key, order, kept, filters, sorts, migrations },
    unique: unique.map((group) => (typeof group === 'string' ? [group] : group)),
  };
  const faults = faultsOf(definition);
  if (faults.length > 0) throw new TypeError(`the collection ${JSON.stringify(name)}: ${faults.join('; ')}`);
  return definition;
}

function faultsOf({
  name,
  fields,
  key,
  order,
  unique,
  kept,
  filters,
  sorts,
  migrations,
}: AnyCollection): readonly string[] {
  const faults: string[] = [];
  const refuse = (where: string, why: string) => faults.push(`${where} ${why}`);

  if (!NAME.test(name)) refuse('its name', `is not of the form ${NAME.source}`);
  const columns = new Map<string, string>();
  for (const [each, { optional }] of Object.entries(fields)) {
    if (!NAME.test(each)) refuse(`the field ${JSON.stringify(each)}`, `is not of the form ${NAME.source}`);
    if (TAKEN.has(each)) refuse(`the field ${each}`, 'has a name that every store uses itself');
    const twin = columns.get(each.toLowerCase());
    if (twin !== undefined) refuse(`the field ${each}`, `differs from ${twin} in letter case alone`);
    columns.set(each.toLowerCase(), each);
    if (each === key && optional) refuse(`the key ${each}`, 'is optional');
  }

  const check = (
    list: string,
    names: readonly string[],
    faultOf: (field: Field, name: string) => string | undefined,
  ) => {
    for (const [index, each] of names.entries()) {
      const field = Object.hasOwn(fields, each) ? fields[each] : undefined;
      const fault = field ? faultOf(field, each) : 'is no field';
      if (fault !== undefined) refuse(`${list}: ${each}`, fault);
      if (names.indexOf(each) < index) refuse(`${list}: ${each}`, 'is there twice');
    }
  };
  const comparable = ({ kind }: Field) => (kind === 'json' ? 'is JSON, which no store compares' : undefined);
  check('key', [key], ({ kind }) =>
    kind === 'text' || kind === 'integer' ? undefined : 'is no text and no whole number',
  );
  check('order', order, (field, each) =>
    field.optional
      ? 'is optional'
      : each === key || kept.includes(each)
        ? comparable(field)
        : 'can change: only the key and what is kept cannot',
  );
  for (const group of unique) {
    if (group.length === 0) refuse('unique', 'has an empty group');
    check('unique', group, (field) => (field.optional ? 'is optional' : comparable(field)));
  }
  check('kept', kept, () => undefined);
  check('filters', filters, comparable);
  check('sorts', sorts, comparable);
  const fixed = [key, ...order, ...unique.flat(), ...kept, ...filters, ...sorts];
  check(
    'migrations',
    migrations.map(({ field }) => field),
    ({ optional }, each) =>
      optional
        ? 'is optional, and needs none'
        : fixed.includes(each)
          ? 'is the key, unique, kept, or what a list goes by: first release it as none of these'
          : undefined,
  );
  return faults;
}
