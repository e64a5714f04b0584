// What adapters of collections are made wrong with.
import { type AnyCollection, ok, type Version, type Versioned } from '@portcullis/domain';
import type { Memory, Table } from '@portcullis/persistence-memory';
import { KIT_COLLECTIONS } from '@portcullis/port-contracts';
import { type Kept, type Rows, sabotagedRows as rows, shelfOf } from '../sabotaged.ts';

export type Row = Readonly<Record<string, unknown>>;
export type Request = Parameters<Rows['list']>[0];
export type Items = readonly Versioned<Row>[];

export const of = shelfOf('collections');

export const ABSENT = { kind: 'absent' } as const;
export const CHANGED = { kind: 'changed' } as const;
/** Another turn of the event loop: others come in between. */
export const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The record with every value changed, by the name of its field. */
export const mapped = (record: Row, change: (value: unknown, name: string) => unknown): Row =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));

export const isRange = (value: unknown): value is { readonly from?: unknown; readonly before?: unknown } =>
  typeof value === 'object' && value !== null;

/** Changes what is stored, whoever stores it. */
export const storing = (change: (record: Row, kept: Kept) => Row) =>
  rows((honest, kept) => ({
    add: (record) => honest.add(change(record, kept)),
    put: (record) => honest.put(change(record, kept)),
    replace: (record, seen) => honest.replace(change(record, kept), seen),
  }));

export const inTexts = (change: (text: string) => string) =>
  storing((record) => mapped(record, (value) => (typeof value === 'string' ? change(value) : value)));
export const inFields = (kind: string, change: (value: never) => unknown) =>
  storing((record, { definition }) =>
    mapped(record, (value, name) =>
      value !== null && definition.fields[name]?.kind === kind ? change(value as never) : value,
    ),
  );

/** Puts another record or version in the place of what is stored, past the store. */
export function overwrite(
  table: Table,
  key: unknown,
  change: { readonly record?: Row; readonly version?: string },
): void {
  const entry = table.entries.get(key);
  if (!entry) return;
  const next = { ...entry, ...change, version: (change.version ?? entry.version) as Version };
  table.entries.set(key, next);
  table.inOrder[table.inOrder.indexOf(entry)] = next;
}

/** Gives each change a version of another kind. */
export const versioned = (versionOf: (record: Row, before: string | undefined, kept: Kept) => string) =>
  rows((honest, kept) => {
    const { definition, table } = kept;
    const keyOf = (record: Row) => record[definition.key];
    const stamp = (record: Row, before: string | undefined): Version => {
      const stored = table().entries.get(keyOf(record))?.record ?? record;
      const version = versionOf(stored, before, kept);
      overwrite(table(), keyOf(record), { version });
      return version as Version;
    };
    const before = (record: Row) => table().entries.get(keyOf(record))?.version;
    return {
      async add(record) {
        const told = await honest.add(record);
        return told.ok ? ok(stamp(record, undefined)) : told;
      },
      async put(record) {
        const version = before(record);
        const told = await honest.put(record);
        return told.ok ? ok({ ...told.value, version: stamp(record, version) }) : told;
      },
      async replace(record, seen) {
        const version = before(record);
        const told = await honest.replace(record, seen);
        return told.ok ? ok(stamp(record, version)) : told;
      },
    };
  });

export const ALL = { number: 1, size: 2 ** 31 - 1 } as const;

/** Changes lists that are read by number; positions are left as they are. */
export const listed = (change: (items: Items, request: Request, kept: Kept) => Items) =>
  rows((honest, kept) => ({
    async list(request) {
      if (!('number' in request)) return honest.list(request);
      const all = await honest.list({ ...request, ...ALL });
      const items = change(all.items, request, kept);
      const { next } = await honest.list(request);
      return {
        items: items.slice((request.number - 1) * request.size, request.number * request.size),
        total: items.length,
        next,
      };
    },
  }));

/** Sorts texts in another way, and leaves ties as they are. */
export const textsBy = (compare: (one: string, other: string) => number) =>
  listed((items, { sort = [] }) => {
    const [by] = sort;
    if (!by || sort.length > 1) return items;
    const way = by.descending ? -1 : 1;
    const of = ({ record }: Versioned<Row>) => record[by.field];
    if (!items.every((item) => typeof of(item) === 'string')) return items;
    return items.toSorted((one, other) => compare(String(of(one)), String(of(other))) * way);
  });

export const has = (record: Row, group: readonly string[], other: Row): boolean =>
  group.every((name) => record[name] === other[name]);
/** What other records there are. */
export const others = ({ definition, table }: Kept, record: Row): readonly Row[] =>
  [...table().entries.values()].map((entry) => entry.record).filter((each) => !has(each, [definition.key], record));
export const takenIn = (kept: Kept, record: Row): readonly string[] | undefined =>
  kept.definition.unique.find((group) => others(kept, record).some((each) => has(each, group, record)));
/** Has the store look for nothing that is unique. */
export const unchecked = ({ table }: Kept): void => {
  for (const owners of table().unique) owners.clear();
};
/** Nobody can have these values any more. */
export const block = ({ definition, table }: Kept, record: Row): void => {
  for (const [index, names] of definition.unique.entries()) {
    table().unique[index]?.set(JSON.stringify(names.map((name) => record[name])), Symbol('gone'));
  }
};
/** With what is kept of the record that is stored. */
export const successor = ({ definition, table }: Kept, record: Row): Row => {
  const stored = table().entries.get(record[definition.key])?.record;
  return stored ? { ...record, ...Object.fromEntries(definition.kept.map((name) => [name, stored[name]])) } : record;
};
export const definitionOf = (name: string): AnyCollection | undefined =>
  (KIT_COLLECTIONS as readonly AnyCollection[]).find((each) => each.name === name);
export const everyTable = ({ tables }: Memory, change: (table: Table, definition: AnyCollection) => void): void => {
  for (const [name, table] of tables) {
    const definition = definitionOf(name);
    if (definition) change(table, definition);
  }
};
export const forgetEntry = (table: Table, key: unknown): void => {
  const entry = table.entries.get(key);
  if (entry) table.inOrder.splice(table.inOrder.indexOf(entry), 1);
  table.entries.delete(key);
};
