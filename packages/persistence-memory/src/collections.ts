import {
  type AnyCollection,
  type Collection,
  checkedRecord,
  err,
  type ListPlan,
  type ListValue,
  listPlan,
  migrated,
  ok,
  replacedFields,
  type Taken,
  type Version,
} from '@portcullis/domain';
import { compareValues, listOrder, placeIn } from './list-order.ts';
import type { Memory, Table, TableEntry } from './memory.ts';

type Row = Readonly<Record<string, unknown>>;

/** The records of one definition in a memory, which keeps a table of its name from the first call on. */
export function memoryCollection(open: () => Memory, definition: AnyCollection): Collection<Row, string> {
  const { key, unique } = definition;
  const replaced = replacedFields(definition);
  const inOrder = listOrder(definition, listPlan(definition, { size: 1 }));

  const names = Object.keys(definition.fields);
  /** A record by this definition: a release of before stored fewer fields, and a later one more. */
  const byDefinition = (record: Row): Row =>
    names.length === Object.keys(record).length && names.every((name) => Object.hasOwn(record, name))
      ? record
      : Object.freeze(migrated(definition, Object.fromEntries(names.map((name) => [name, record[name] ?? null]))));
  const shown = (entry: TableEntry | undefined) =>
    entry && { record: byDefinition(entry.record), version: entry.version };

  const tableIn = (memory: Memory): Table => {
    const table = memory.tables.get(definition.name) ?? {
      entries: new Map(),
      unique: unique.map(() => new Map()),
      inOrder: [],
    };
    memory.tables.set(definition.name, table);
    return table;
  };

  const changed = (memory: Memory): Version => {
    memory.changes += 1;
    return String(memory.changes) as Version;
  };

  /** @returns the group of fields that another record has the same values in */
  const takenIn = (table: Table, record: Row): Taken | undefined => {
    const group = unique.find((names, index) => {
      const owner = table.unique[index]?.get(together(record, names));
      return owner !== undefined && owner !== record[key];
    });
    return group && { kind: 'taken', fields: group };
  };

  const claim = (table: Table, record: Row): void => {
    for (const [index, names] of unique.entries()) table.unique[index]?.set(together(record, names), record[key]);
  };
  const release = (table: Table, record: Row): void => {
    for (const [index, names] of unique.entries()) table.unique[index]?.delete(together(record, names));
  };

  function insert(memory: Memory, table: Table, record: Row): Version {
    const version = changed(memory);
    const entry: TableEntry = { record, version, arrival: memory.changes };
    table.entries.set(record[key], entry);
    table.inOrder.splice(placeIn(table.inOrder, inOrder, entry), 0, entry);
    claim(table, record);
    return version;
  }

  /** @param record as it is to be, with what is kept */
  function replace(memory: Memory, table: Table, stored: TableEntry, record: Row): Version {
    const version = changed(memory);
    const entry: TableEntry = { ...stored, record: Object.freeze(record), version };
    release(table, stored.record);
    claim(table, record);
    table.entries.set(record[key], entry);
    table.inOrder[placeIn(table.inOrder, inOrder, stored)] = entry;
    return version;
  }

  /** What a record becomes that is replaced: what is kept stays. */
  const successor = (stored: TableEntry, given: Row): Row => ({
    ...stored.record,
    ...Object.fromEntries(replaced.map((name) => [name, given[name]])),
  });

  return {
    async add(given) {
      const memory = open();
      const table = tableIn(memory);
      const record = ownCopy(definition, given);
      if (table.entries.has(record[key])) return err({ kind: 'taken', fields: [key] });
      const taken = takenIn(table, record);
      return taken ? err(taken) : ok(insert(memory, table, record));
    },

    async byKey(value) {
      return shown(tableIn(open()).entries.get(value));
    },

    async put(given) {
      const memory = open();
      const table = tableIn(memory);
      const added = ownCopy(definition, given);
      const stored = table.entries.get(added[key]);
      const record = stored ? successor(stored, added) : added;
      const taken = takenIn(table, record);
      if (taken) return err(taken);
      const version = stored ? replace(memory, table, stored, record) : insert(memory, table, record);
      return ok({ created: !stored, version });
    },

    async replace(given, seen) {
      const memory = open();
      const table = tableIn(memory);
      const copy = ownCopy(definition, given);
      const stored = table.entries.get(copy[key]);
      if (!stored) return err({ kind: 'absent' });
      if (seen !== undefined && seen !== stored.version) return err({ kind: 'changed' });
      const record = successor(stored, copy);
      const taken = takenIn(table, record);
      return taken ? err(taken) : ok(replace(memory, table, stored, record));
    },

    async remove(value, seen) {
      const table = tableIn(open());
      const stored = table.entries.get(value);
      if (!stored) return err({ kind: 'absent' });
      if (seen !== undefined && seen !== stored.version) return err({ kind: 'changed' });
      table.entries.delete(value);
      table.inOrder.splice(placeIn(table.inOrder, inOrder, stored), 1);
      release(table, stored.record);
      return ok(undefined);
    },

    async list(request) {
      const table = tableIn(open());
      const plan = listPlan(definition, request);
      const order = listOrder(definition, plan);
      const found =
        plan.where.length === 0 ? table.inOrder : table.inOrder.filter(({ record }) => meets(record, plan.where));
      const sorted = request.sort ? found.toSorted(order.compare) : found;
      const { start } = plan;
      const first = 'skip' in start ? start.skip : firstAfter(sorted, order.compareTo(start.after));
      const entries = sorted.slice(first, first + plan.size);
      const last = first + plan.size < sorted.length ? entries.at(-1) : undefined;
      return {
        items: entries.flatMap((entry) => shown(entry) ?? []),
        total: sorted.length,
        next: last && order.positionOf(last),
      };
    },
  };
}

const firstAfter = (sorted: readonly TableEntry[], compare: (entry: TableEntry) => number): number => {
  const found = sorted.findIndex((entry) => compare(entry) > 0);
  return found < 0 ? sorted.length : found;
};

/** Frozen throughout, so that it can be handed out as it is. */
function ownCopy(definition: AnyCollection, given: unknown): Row {
  const record: Record<string, unknown> = { ...checkedRecord(definition, given) };
  for (const [name, { kind }] of Object.entries(definition.fields)) {
    if (kind === 'json') record[name] = frozen(JSON.parse(JSON.stringify(record[name])));
  }
  return Object.freeze(record);
}

function frozen(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(frozen);
  return Object.freeze(value);
}

/** The values of a group as one that a map can look up. */
const together = (record: Row, names: readonly string[]): string => JSON.stringify(names.map((name) => record[name]));

function meets(record: Row, where: ListPlan['where']): boolean {
  return where.every((condition) => {
    const value = (record[condition.field] ?? null) as ListValue;
    if ('equals' in condition) return value === condition.equals;
    if (value === null) return false;
    const { from, before } = condition;
    return (
      (from === undefined || compareValues(value, from) >= 0) &&
      (before === undefined || compareValues(value, before) < 0)
    );
  });
}
