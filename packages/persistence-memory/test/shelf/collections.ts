import { type AnyCollection, err, ok, type Version, type Versioned } from '@portcullis/domain';
import { type Memory, memoryStores, type Table } from '@portcullis/persistence-memory';
import { KIT_COLLECTIONS } from '@portcullis/port-contracts';
import {
  closedWith,
  cutAtNul,
  inSeconds,
  type Kept,
  type Rows,
  sabotagedRows as rows,
  type Sabotaged,
  shelfOf,
} from './sabotaged.ts';

type Row = Readonly<Record<string, unknown>>;
type Request = Parameters<Rows['list']>[0];
type Items = readonly Versioned<Row>[];

const of = shelfOf('collections');

const ABSENT = { kind: 'absent' } as const;
const CHANGED = { kind: 'changed' } as const;
/** Another turn of the event loop: others come in between. */
const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The record with every value changed, by the name of its field. */
const mapped = (record: Row, change: (value: unknown, name: string) => unknown): Row =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));

const isRange = (value: unknown): value is { readonly from?: unknown; readonly before?: unknown } =>
  typeof value === 'object' && value !== null;

/** Changes what is stored, whoever stores it. */
const storing = (change: (record: Row, kept: Kept) => Row) =>
  rows((honest, kept) => ({
    add: (record) => honest.add(change(record, kept)),
    put: (record) => honest.put(change(record, kept)),
    replace: (record, seen) => honest.replace(change(record, kept), seen),
  }));

const inTexts = (change: (text: string) => string) =>
  storing((record) => mapped(record, (value) => (typeof value === 'string' ? change(value) : value)));
const inFields = (kind: string, change: (value: never) => unknown) =>
  storing((record, { definition }) =>
    mapped(record, (value, name) =>
      value !== null && definition.fields[name]?.kind === kind ? change(value as never) : value,
    ),
  );

/** Puts another record or version in the place of what is stored, past the store. */
function overwrite(table: Table, key: unknown, change: { readonly record?: Row; readonly version?: string }): void {
  const entry = table.entries.get(key);
  if (!entry) return;
  const next = { ...entry, ...change, version: (change.version ?? entry.version) as Version };
  table.entries.set(key, next);
  table.inOrder[table.inOrder.indexOf(entry)] = next;
}

/** Gives each change a version of another kind. */
const versioned = (versionOf: (record: Row, before: string | undefined, kept: Kept) => string) =>
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

const ALL = { number: 1, size: 2 ** 31 - 1 } as const;

/** Changes lists that are read by number; positions are left as they are. */
const listed = (change: (items: Items, request: Request, kept: Kept) => Items) =>
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
const textsBy = (compare: (one: string, other: string) => number) =>
  listed((items, { sort = [] }) => {
    const [by] = sort;
    if (!by || sort.length > 1) return items;
    const way = by.descending ? -1 : 1;
    const of = ({ record }: Versioned<Row>) => record[by.field];
    if (!items.every((item) => typeof of(item) === 'string')) return items;
    return items.toSorted((one, other) => compare(String(of(one)), String(of(other))) * way);
  });

const has = (record: Row, group: readonly string[], other: Row): boolean =>
  group.every((name) => record[name] === other[name]);
/** What other records there are. */
const others = ({ definition, table }: Kept, record: Row): readonly Row[] =>
  [...table().entries.values()].map((entry) => entry.record).filter((each) => !has(each, [definition.key], record));
const takenIn = (kept: Kept, record: Row): readonly string[] | undefined =>
  kept.definition.unique.find((group) => others(kept, record).some((each) => has(each, group, record)));
/** Has the store look for nothing that is unique. */
const unchecked = ({ table }: Kept): void => {
  for (const owners of table().unique) owners.clear();
};
/** Nobody can have these values any more. */
const block = ({ definition, table }: Kept, record: Row): void => {
  for (const [index, names] of definition.unique.entries()) {
    table().unique[index]?.set(JSON.stringify(names.map((name) => record[name])), Symbol('gone'));
  }
};
/** With what is kept of the record that is stored. */
const successor = ({ definition, table }: Kept, record: Row): Row => {
  const stored = table().entries.get(record[definition.key])?.record;
  return stored ? { ...record, ...Object.fromEntries(definition.kept.map((name) => [name, stored[name]])) } : record;
};
const definitionOf = (name: string): AnyCollection | undefined =>
  (KIT_COLLECTIONS as readonly AnyCollection[]).find((each) => each.name === name);
const everyTable = ({ tables }: Memory, change: (table: Table, definition: AnyCollection) => void): void => {
  for (const [name, table] of tables) {
    const definition = definitionOf(name);
    if (definition) change(table, definition);
  }
};
const forgetEntry = (table: Table, key: unknown): void => {
  const entry = table.entries.get(key);
  if (entry) table.inOrder.splice(table.inOrder.indexOf(entry), 1);
  table.entries.delete(key);
};

export const wrongCollections: readonly Sabotaged[] = [
  of(
    'contract',
    'keys without letter case',
    rows((honest) => ({ byKey: (key) => honest.byKey(typeof key === 'string' ? key.toLowerCase() : key) })),
  ),
  of(
    'contract',
    'a put that overwrites what is kept',
    rows((honest, { definition, table }) => ({
      async put(record) {
        const told = await honest.put(record);
        if (told.ok) overwrite(table(), record[definition.key], { record: { ...record } });
        return told;
      },
    })),
  ),
  of(
    'contract',
    'a replacement that overwrites what is kept',
    rows((honest, { definition, table }) => ({
      async replace(record, seen) {
        const told = await honest.replace(record, seen);
        if (told.ok) overwrite(table(), record[definition.key], { record: { ...record } });
        return told;
      },
    })),
  ),
  of(
    'contract',
    'a put that removes and adds',
    rows((honest, kept) => ({
      async put(record) {
        const next = successor(kept, record);
        if (takenIn(kept, next)) return honest.put(record);
        const removed = await honest.remove(record[kept.definition.key]);
        const added = await honest.add(next);
        return added.ok ? ok({ created: !removed.ok, version: added.value }) : added;
      },
    })),
  ),
  of(
    'contract',
    'a field that a replacement leaves as it was',
    rows((honest, { definition, table }) => ({
      async replace(record, seen) {
        const stored = table().entries.get(record[definition.key])?.record;
        const last = Object.keys(definition.fields).at(-1) ?? '';
        return honest.replace(stored ? { ...record, [last]: stored[last] } : record, seen);
      },
    })),
  ),
  of(
    'contract',
    'fields that are no fields, stored',
    rows((honest, { definition, table }) => ({
      async add(record) {
        const told = await honest.add(record);
        if (told.ok) overwrite(table(), record[definition.key], { record: structuredClone(record) });
        return told;
      },
      async byKey(key) {
        const found = await honest.byKey(key);
        const stored = table().entries.get(key);
        return found && stored ? { ...found, record: stored.record } : found;
      },
    })),
  ),
  of('contract', 'records that go with their user', (honest, { memory }) => ({
    ...honest,
    users: {
      ...honest.users,
      async remove(id) {
        const removed = await honest.users.remove(id);
        everyTable(memory, (table) => {
          for (const [key, { record }] of [...table.entries]) {
            if (removed.ok && Object.values(record).includes(id)) forgetEntry(table, key);
          }
        });
        return removed;
      },
    },
  })),
  of('contract', 'all collections in one table', (honest) => ({
    ...honest,
    collection: (definition) => honest.collection({ ...definition, name: 'everything' }),
  })),
  of(
    'contract',
    'ties in the order of keys',
    listed((items, { sort }, { definition }) =>
      sort || definition.order.length > 0
        ? items
        : items.toSorted((one, other) =>
            (one.record[definition.key] as never) < (other.record[definition.key] as never) ? -1 : 1,
          ),
    ),
  ),
  of(
    'contract',
    'the total of the part alone',
    rows((honest) => ({
      async list(request) {
        const part = await honest.list(request);
        return { ...part, total: part.items.length };
      },
    })),
  ),
  of(
    'contract',
    'a removal that always succeeds',
    rows((honest) => ({
      async remove(key, seen) {
        await honest.remove(key, seen);
        return ok(undefined);
      },
    })),
  ),
  of(
    'contract',
    'unique texts without letter case',
    rows((honest, kept) => ({
      async add(record) {
        const fold = (row: Row) => mapped(row, (value) => (typeof value === 'string' ? value.toLowerCase() : value));
        const group = kept.definition.unique.find((names) =>
          others(kept, record).some((each) => has(fold(each), names, fold(record))),
        );
        return group ? err({ kind: 'taken', fields: group }) : honest.add(record);
      },
    })),
  ),
  of(
    'contract',
    'texts trimmed',
    inTexts((text) => text.trim()),
  ),
  of(
    'contract',
    'numbers ordered as text',
    listed((items, { sort }, { definition: { key, fields } }) =>
      sort || fields[key]?.kind !== 'integer'
        ? items
        : items.toSorted((one, other) => (`${one.record[key]}` < `${other.record[key]}` ? -1 : 1)),
    ),
  ),
  of(
    'contract',
    'numbers of 32 bits',
    inFields('integer', (value) => (value as number) | 0),
  ),
  of('contract', 'times in whole seconds', inFields('time', inSeconds)),
  of(
    'contract',
    'booleans as numbers',
    rows((honest) => ({
      async byKey(key) {
        const found = await honest.byKey(key);
        return (
          found && {
            ...found,
            record: mapped(found.record, (value) => (typeof value === 'boolean' ? Number(value) : value)),
          }
        );
      },
    })),
  ),
  of(
    'contract',
    'no value as an empty one',
    rows((honest) => ({
      async byKey(key) {
        const found = await honest.byKey(key);
        return found && { ...found, record: mapped(found.record, (value) => value ?? '') };
      },
    })),
  ),
  of(
    'contract',
    'the first batch alone',
    rows((honest) => ({
      async list(request) {
        const part = await honest.list(request);
        return { ...part, items: part.items.slice(0, 101) };
      },
    })),
  ),
  of(
    'contract',
    'values that stay taken after a removal',
    rows((honest, kept) => ({
      async remove(key, seen) {
        const stored = kept.table().entries.get(key)?.record;
        const told = await honest.remove(key, seen);
        if (stored && told.ok) block(kept, stored);
        return told;
      },
    })),
  ),
  of(
    'contract',
    'values that stay taken after a replacement',
    rows((honest, kept) => ({
      async replace(record, seen) {
        const stored = kept.table().entries.get(record[kept.definition.key])?.record;
        const told = await honest.replace(record, seen);
        const isOther = (group: readonly string[]) => stored !== undefined && !has(stored, group, record);
        if (stored && told.ok && kept.definition.unique.some(isOther)) block(kept, stored);
        return told;
      },
    })),
  ),
  of(
    'contract',
    'the key told where something else is taken',
    rows((honest, { definition }) => ({
      async add(record) {
        const told = await honest.add(record);
        return told.ok ? told : err({ kind: 'taken', fields: [definition.key] });
      },
    })),
  ),
  of(
    'contract',
    'something else told where the key is taken',
    rows((honest, { definition }) => ({
      async add(record) {
        const told = await honest.add(record);
        return told.ok ? told : err({ kind: 'taken', fields: definition.unique[0] ?? [] });
      },
    })),
  ),
  of(
    'contract',
    'what is unique checked by add alone',
    rows((honest, kept) => ({
      async put(record) {
        unchecked(kept);
        return honest.put(record);
      },
      async replace(record, seen) {
        unchecked(kept);
        return honest.replace(record, seen);
      },
    })),
  ),
  of(
    'contract',
    'a replacement judged by what the caller gave for what is kept',
    rows((honest, kept) => ({
      async replace(record, seen) {
        const group = kept.table().entries.has(record[kept.definition.key]) ? takenIn(kept, record) : undefined;
        return group ? err({ kind: 'taken', fields: group }) : honest.replace(record, seen);
      },
    })),
  ),
  of(
    'contract',
    'a record that is in its own way',
    rows((honest, kept) => ({
      async replace(record, seen) {
        const stored = kept.table().entries.get(record[kept.definition.key])?.record;
        const own = stored && kept.definition.unique.find((group) => has(stored, group, record));
        return own ? err({ kind: 'taken', fields: own }) : honest.replace(record, seen);
      },
    })),
  ),
  of(
    'contract',
    'a group taken where one of its fields is',
    rows((honest, kept) => ({
      async add(record) {
        const taken = (group: readonly string[]) =>
          group.some((name) => others(kept, record).some((each) => has(each, [name], record)));
        const group = kept.definition.unique.find(taken);
        return group ? err({ kind: 'taken', fields: group }) : honest.add(record);
      },
    })),
  ),
  of(
    'contract',
    'lists of texts as one text with commas',
    inFields('json', (value: unknown) => {
      const isList =
        Array.isArray(value) && value.length > 0 && (value as unknown[]).every((each) => typeof each === 'string');
      return isList ? (value as string[]).join(', ').split(', ') : value;
    }),
  ),
  of(
    'contract',
    'lists as a set',
    inFields('json', (value) => (Array.isArray(value) ? [...new Set(value as unknown[])] : value)),
  ),
  of(
    'contract',
    'what is stored shared with the caller',
    rows((honest, { definition, table }) => ({
      async add(record) {
        const told = await honest.add(record);
        const own = Object.fromEntries(Object.keys(definition.fields).map((name) => [name, record[name]]));
        if (told.ok) overwrite(table(), record[definition.key], { record: own });
        return told;
      },
    })),
  ),
  of(
    'contract',
    'an add that replaces',
    rows((honest) => ({
      async add(record) {
        const told = await honest.replace(record);
        return told.ok ? told : honest.add(record);
      },
    })),
  ),
  of(
    'contract',
    'a replacement that adds',
    rows((honest) => ({
      async replace(record, seen) {
        const told = await honest.replace(record, seen);
        return !told.ok && told.error.kind === 'absent' ? honest.add(record) : told;
      },
    })),
  ),
  of(
    'contract',
    'a replacement that merges lists',
    rows((honest, { definition, table }) => ({
      replace(record, seen) {
        const stored = table().entries.get(record[definition.key])?.record;
        const merge = (value: unknown, name: string) =>
          Array.isArray(value) && Array.isArray(stored?.[name])
            ? [...new Set([...(stored[name] as unknown[]), ...value])]
            : value;
        return honest.replace(mapped(record, merge), seen);
      },
    })),
  ),
  of(
    'contract',
    'a replacement of nothing new told as none',
    rows((honest, { definition, table }) => ({
      async replace(record, seen) {
        const same = JSON.stringify(table().entries.get(record[definition.key])?.record) === JSON.stringify(record);
        const told = await honest.replace(record, seen);
        return same ? err(ABSENT) : told;
      },
    })),
  ),
  of(
    'contract',
    'a list that ends at sixteen megabytes',
    rows((honest) => ({
      async list(request) {
        const part = await honest.list(request);
        let left = 16 * 1024 * 1024;
        const items = part.items.filter(({ record }) => {
          left -= JSON.stringify(record).length;
          return left >= 0;
        });
        return { ...part, items };
      },
    })),
  ),
  of('contract', 'records kept in a cache and nowhere else', (honest, { cache }) => ({
    ...honest,
    collection: (definition) => closedWith(honest, memoryStores(cache).collection(definition)),
  })),
  of(
    'contract',
    'a version that a removal and an addition reset',
    versioned((record, before, { definition }) => {
      const [, count = '0'] = before?.split('.') ?? [];
      return `${JSON.stringify(record[definition.key])?.replaceAll('.', '')}.${Number(count) + 1}`;
    }),
  ),
  of(
    'contract',
    'a version made of what is stored',
    versioned((record) => JSON.stringify(record)),
  ),
  of(
    'contract',
    'a version that is the time in seconds',
    versioned(() => String(Math.floor(Date.now() / 1000))),
  ),
  of(
    'contract',
    'a version of one record that another has, too',
    versioned((_record, before) => String(Number(before ?? 0) + 1)),
  ),
  of(
    'contract',
    'a version that a refused change changes',
    rows((honest, { definition, table }) => ({
      async replace(record, seen) {
        const told = await honest.replace(record, seen);
        const key = record[definition.key];
        if (!told.ok) overwrite(table(), key, { version: `${table().entries.get(key)?.version}x` });
        return told;
      },
    })),
  ),
  of(
    'contract',
    'a version that a list shows differently',
    rows((honest) => ({
      async list(request) {
        const part = await honest.list(request);
        return { ...part, items: part.items.map((item) => ({ ...item, version: `"${item.version}"` as Version })) };
      },
    })),
  ),
  of(
    'contract',
    'an empty version taken for none',
    rows((honest) => ({
      replace: (record, seen) => honest.replace(record, seen || undefined),
      remove: (key, seen) => honest.remove(key, seen || undefined),
    })),
  ),
  of(
    'contract',
    'versions compared as numbers',
    rows((honest, { definition, table }) => {
      const meant = (key: unknown, seen: Version | undefined) => {
        const version = table().entries.get(key)?.version;
        return typeof seen === 'string' && Number(seen) === Number(version) ? version : seen;
      };
      return {
        replace: (record, seen) => honest.replace(record, meant(record[definition.key], seen)),
        remove: (key, seen) => honest.remove(key, meant(key, seen)),
      };
    }),
  ),
  of(
    'contract',
    'a removal of whatever version',
    rows((honest) => ({ remove: (key) => honest.remove(key) })),
  ),
  of(
    'contract',
    'a record that has changed told as absent',
    rows((honest) => ({
      async replace(record, seen) {
        const told = await honest.replace(record, seen);
        return !told.ok && told.error.kind === 'changed' ? err(ABSENT) : told;
      },
    })),
  ),
  of(
    'contract',
    'a position that is an offset',
    rows((honest) => ({
      async list(request) {
        const skip = 'number' in request ? (request.number - 1) * request.size : Number(request.after?.tie ?? 0);
        const all = await honest.list({ ...request, ...ALL });
        const items = all.items.slice(skip, skip + request.size);
        const { next } = await honest.list({ ...request, number: 1, size: 1 });
        const end = skip + request.size;
        return { items, total: all.total, next: next && end < all.total ? { ...next, tie: String(end) } : undefined };
      },
    })),
  ),
  of(
    'contract',
    'a position that passes over ties',
    rows((honest) => ({
      async list(request) {
        if ('number' in request || !request.after) return honest.list(request);
        const tie = (request.sort?.at(-1)?.descending ? '-' : '') + '9'.repeat(18);
        return honest.list({ ...request, after: { ...request.after, tie } });
      },
    })),
  ),
  of(
    'contract',
    'a next part that is empty',
    rows((honest, { definition }) => ({
      async list(request) {
        const part = await honest.list(request);
        const last = part.items.at(-1)?.record;
        if (part.next || !last || part.items.length < request.size) return part;
        const by = request.sort?.map(({ field }) => field) ?? definition.order;
        return { ...part, next: { values: by.map((name) => last[name] as string), tie: '999999999999999999' } };
      },
    })),
  ),
  of(
    'contract',
    'no value as the last of an order',
    listed((items, { sort = [] }) => {
      const [by] = sort;
      const isNull = ({ record }: Versioned<Row>) => by !== undefined && record[by.field] === null;
      const values = items.filter((item) => !isNull(item));
      return by?.descending ? [...items.filter(isNull), ...values] : [...values, ...items.filter(isNull)];
    }),
  ),
  of(
    'contract',
    'texts in the order of UTF-16',
    textsBy((one, other) => (one < other ? -1 : one > other ? 1 : 0)),
  ),
  of(
    'contract',
    'texts in the order of a language',
    textsBy((one, other) => one.localeCompare(other, 'en')),
  ),
  of(
    'contract',
    'a list that is sorted by the first field alone',
    rows((honest) => ({
      list: (request) => honest.list(request.sort ? { ...request, sort: request.sort.slice(0, 1) } : request),
    })),
  ),
  of(
    'contract',
    'ties that go up in a list that goes down',
    listed((items, { sort = [] }) => {
      const [by] = sort;
      if (sort.length !== 1 || !by?.descending) return items;
      return items.toReversed().toSorted((one, other) => {
        const [a, b] = [one.record[by.field] as never, other.record[by.field] as never];
        return a === b || a === null || b === null ? 0 : a < b ? 1 : -1;
      });
    }),
  ),
  of(
    'contract',
    'an order that a filter leaves out',
    rows((honest) => ({
      list({ sort, ...request }) {
        return honest.list(sort && !request.where ? { ...request, sort } : request);
      },
    })),
  ),
  of(
    'contract',
    'the total of all, whatever is filtered',
    rows((honest) => ({
      async list(request) {
        const { total } = await honest.list({ number: 1, size: 1 });
        return { ...(await honest.list(request)), total };
      },
    })),
  ),
  of(
    'contract',
    'a range with its end',
    rows((honest) => ({
      list(request) {
        const wider = (value: unknown) =>
          typeof value === 'object' && value !== null && 'before' in value && Number.isSafeInteger(value.before)
            ? { ...value, before: Math.min(Number(value.before) + 1, 8.64e15) }
            : value;
        return honest.list(request.where ? { ...request, where: mapped(request.where, wider) as never } : request);
      },
    })),
  ),
  of(
    'contract',
    'no value taken for the least of a range',
    rows((honest) => ({
      async list(request) {
        if (!('number' in request)) return honest.list(request);
        const { where = {}, ...others } = request;
        const ranges = Object.entries(where).filter(([, value]) => isRange(value) && value.from === undefined);
        const rest = Object.fromEntries(
          Object.entries(where).filter(([name]) => !ranges.some(([each]) => each === name)),
        );
        const all = await honest.list({ ...others, where: rest, ...ALL });
        const items = all.items.filter(({ record }) =>
          ranges.every(([name, value]) => (record[name] as never) < ((value as { before: unknown }).before as never)),
        );
        const { next } = await honest.list(request);
        const begin = (request.number - 1) * request.size;
        return { items: items.slice(begin, begin + request.size), total: items.length, next };
      },
    })),
  ),
  of(
    'contract',
    'a filter for nought taken for none',
    rows((honest) => ({
      list: (request) =>
        honest.list({
          ...request,
          where: mapped(request.where ?? {}, (value) =>
            value === 0 || value === '' || value === false ? undefined : value,
          ),
        }),
    })),
  ),
  of(
    'contract',
    'a position that is looked up by the record that was last',
    rows((honest, { table }) => ({
      async list(request) {
        if ('number' in request || !request.after || !request.sort) return honest.list(request);
        const { after, sort, ...others } = request;
        const last = [...table().entries.values()].find(({ arrival }) => String(arrival) === after.tie)?.record;
        const values = sort.map(({ field }, index) => (last?.[field] ?? after.values[index] ?? null) as string);
        return honest.list({ ...others, sort, after: { ...after, values } });
      },
    })),
  ),
  of(
    'contract',
    'lists cut at a thousand',
    rows((honest) => ({ list: (request) => honest.list({ ...request, size: Math.min(request.size, 1000) }) })),
  ),
  of(
    'contract',
    'keys told apart by their first twelve characters',
    rows((honest, { table }) => ({
      async byKey(key) {
        const begins = (each: unknown) =>
          typeof key === 'string' &&
          typeof each === 'string' &&
          key.length >= 12 &&
          each.slice(0, 12) === key.slice(0, 12);
        const found = [...table().entries].find(([each]) => begins(each))?.[1];
        return found ? { record: found.record, version: found.version } : honest.byKey(key);
      },
    })),
  ),
  of(
    'contract',
    'a filter for no value that finds nothing',
    rows((honest) => ({
      async list(request) {
        const none = Object.values(request.where ?? {}).includes(null);
        const part = await honest.list(request);
        return none ? { items: [], total: 0, next: undefined } : part;
      },
    })),
  ),
  of(
    'contract',
    'filters of which the first alone holds',
    rows((honest) => ({
      list: (request) =>
        honest.list(
          request.where
            ? { ...request, where: Object.fromEntries(Object.entries(request.where).slice(0, 1)) }
            : request,
        ),
    })),
  ),
  of(
    'races',
    'a total of another moment than the items',
    rows((honest) => ({
      async list(request) {
        const part = await honest.list(request);
        return { ...part, total: (await honest.list(request)).total };
      },
    })),
  ),
  of(
    'races',
    'a next part of another moment than the items',
    rows((honest) => ({
      async list(request) {
        const part = await honest.list(request);
        return { ...part, next: (await honest.list(request)).next };
      },
    })),
  ),
  of(
    'races',
    'two creators of one record',
    rows((honest, { definition }) => ({
      async put(record) {
        const stored = await honest.byKey(record[definition.key]);
        const told = await honest.put(record);
        return told.ok ? ok({ ...told.value, created: !stored }) : told;
      },
    })),
  ),
  of(
    'races',
    'a key checked in one step and taken in another',
    rows((honest, { definition }) => ({
      async add(record) {
        if (await honest.byKey(record[definition.key])) return err({ kind: 'taken', fields: [definition.key] });
        const told = await honest.put(record);
        return told.ok ? ok(told.value.version) : told;
      },
    })),
  ),
  of(
    'races',
    'a version checked in one step, and the record replaced in another',
    rows((honest, { definition, table }) => ({
      async replace(record, seen) {
        const stored = table().entries.get(record[definition.key]);
        if (stored && seen !== undefined && seen !== stored.version) return err(CHANGED);
        await undefined;
        return honest.replace(record);
      },
    })),
  ),
  of(
    'races',
    'a version checked in one step, and the record removed in another',
    rows((honest, { table }) => ({
      async remove(key, seen) {
        const stored = table().entries.get(key);
        if (stored && seen !== undefined && seen !== stored.version) return err(CHANGED);
        await undefined;
        return honest.remove(key);
      },
    })),
  ),
  of(
    'races',
    'a version that a replacement of nothing new leaves as it was',
    rows((honest, { definition, table }) => ({
      async replace(record, seen) {
        const stored = table().entries.get(record[definition.key]);
        const told = await honest.replace(record, seen);
        if (!stored || !told.ok || JSON.stringify(stored.record) !== JSON.stringify(record)) return told;
        overwrite(table(), record[definition.key], { version: stored.version });
        return ok(stored.version);
      },
    })),
  ),
  of(
    'races',
    'what is unique checked in one step and taken in another',
    rows((honest, kept) => ({
      async add(record) {
        const group = takenIn(kept, record);
        if (group) return err({ kind: 'taken', fields: group });
        await undefined;
        unchecked(kept);
        return honest.add(record);
      },
    })),
  ),
  of(
    'races',
    'what is unique checked by each node for itself',
    rows((honest, kept) => {
      const { key, unique } = kept.definition;
      /** The keys of what came to this node. */
      const own = new Set<unknown>();
      return {
        async add(record) {
          const known = others(kept, record).filter((each) => own.has(each[key]));
          const group = unique.find((names) => known.some((each) => has(each, names, record)));
          if (group) return err({ kind: 'taken', fields: group });
          unchecked(kept);
          own.add(record[key]);
          return honest.add(record);
        },
      };
    }),
  ),
  of(
    'races',
    'what is unique checked in one step, and a record replaced in another',
    rows((honest, kept) => ({
      async replace(record, seen) {
        const group = takenIn(kept, successor(kept, record));
        if (group) return err({ kind: 'taken', fields: group });
        await undefined;
        unchecked(kept);
        return honest.replace(record, seen);
      },
    })),
  ),
  of(
    'races',
    'a removal that everyone did',
    rows((honest, { table }) => ({
      async remove(key, seen) {
        const known = table().entries.has(key);
        await undefined;
        const told = await honest.remove(key, seen);
        return known ? ok(undefined) : told;
      },
    })),
  ),
  of(
    'races',
    'a replacement in two steps',
    rows((honest, { definition, table }) => ({
      async replace(record, seen) {
        if (!table().entries.has(record[definition.key])) return err(ABSENT);
        await later();
        const told = await honest.replace(record, seen);
        if (told.ok || told.error.kind !== 'absent') return told;
        const added = await honest.put(record);
        return added.ok ? ok(added.value.version) : added;
      },
    })),
  ),
  of(
    'races',
    'fields replaced one after the other',
    rows((honest, { definition, table }) => ({
      async replace(record, seen) {
        const told = await honest.replace(record, seen);
        const fields = Object.keys(definition.fields).filter((name) => !definition.kept.includes(name));
        const isOdd = JSON.stringify(record).length % 2 === 1;
        for (const name of isOdd ? fields : fields.toReversed()) {
          await later();
          const stored = table().entries.get(record[definition.key])?.record;
          if (!told.ok || !stored) return told;
          overwrite(table(), record[definition.key], { record: { ...stored, [name]: record[name] } });
        }
        return told;
      },
    })),
  ),
  of('expiry', 'a TTL index on a time of the record', {
    expire: (memory, now) =>
      everyTable(memory, (table, { fields }) => {
        const isOver = (value: unknown, name: string) =>
          fields[name]?.kind === 'time' && value !== null && Number(value) <= now;
        for (const [key, { record }] of [...table.entries]) {
          if (Object.entries(record).some(([name, value]) => isOver(value, name))) forgetEntry(table, key);
        }
      }),
  }),
  of('expiry', 'a TTL index that goes by the time of arrival', {
    expire: (memory) =>
      everyTable(memory, (table) => {
        for (const key of [...table.entries.keys()]) forgetEntry(table, key);
      }),
  }),
  of(
    'hostile',
    'keys used as a pattern',
    rows((honest, { table }) => ({
      async byKey(key) {
        const [first] = key === '%' ? table().entries.values() : [];
        return (await honest.byKey(key)) ?? first;
      },
    })),
  ),
  of(
    'hostile',
    'an operator that matches any key',
    rows((honest, { table }) => ({
      async byKey(key) {
        const [first] = typeof key === 'object' && key !== null ? table().entries.values() : [];
        return first ?? honest.byKey(key);
      },
    })),
  ),
  of(
    'hostile',
    'texts cut at a length',
    inTexts((text) => text.slice(0, 4096)),
  ),
  of('hostile', 'texts cut at NUL', inTexts(cutAtNul)),
  of(
    'hostile',
    'numbers as keys read from texts',
    rows((honest, { definition: { key, fields } }) => ({
      byKey: (value) => honest.byKey(fields[key]?.kind === 'integer' ? Number(value) : value),
    })),
  ),
  of(
    'hostile',
    'fractions cut off',
    inFields('integer', (value) => (typeof value === 'number' ? Math.trunc(value) : value)),
  ),
  of(
    'hostile',
    'what is no number stored as none',
    inFields('integer', (value) => (Number.isSafeInteger(value) ? value : 0)),
  ),
  of(
    'hostile',
    'a date stored as a time',
    inFields('time', (value: unknown) => (value instanceof Date ? value.getTime() : value)),
  ),
  of(
    'hostile',
    'what is missing stored as no value',
    storing((record, { definition: { fields } }) =>
      Object.fromEntries(
        Object.entries(fields).map(([name, { optional }]) => [
          name,
          record?.[name] ?? (optional ? null : record?.[name]),
        ]),
      ),
    ),
  ),
  of('hostile', 'fields of JSON that begin with a dollar left out', inFields('json', withoutDollars)),
  of(
    'hostile',
    'JSON that is merged into an object',
    inFields('json', (value: unknown) => merged(value)),
  ),
  of(
    'hostile',
    'JSON cut at a depth',
    inFields('json', (value: unknown) => shallow(value, 100)),
  ),
  of(
    'hostile',
    'an order that is not known passed over',
    rows((honest, { definition: { sorts } }) => ({
      list: ({ sort, ...request }) =>
        honest.list(sort?.every(({ field }) => sorts.includes(field)) ? { ...request, sort } : request),
    })),
  ),
  of(
    'hostile',
    'a filter that is not known passed over',
    rows((honest, { definition: { filters } }) => ({
      list: ({ where = {}, ...request }) =>
        honest.list({
          ...request,
          where: Object.fromEntries(Object.entries(where).filter(([name]) => filters.includes(name))),
        }),
    })),
  ),
  of(
    'hostile',
    'a position that cannot be read taken for the beginning',
    rows((honest) => ({
      async list(request) {
        if ('number' in request) return honest.list(request);
        return honest.list(request).catch((fault: unknown) => {
          if (fault instanceof TypeError) return honest.list({ ...request, after: undefined });
          throw fault;
        });
      },
    })),
  ),
  of('restart', 'an order that a restart forgets', {
    restart: (memory) =>
      everyTable(memory, (table, { key }) => {
        table.inOrder.sort((one, other) => ((one.record[key] as never) < (other.record[key] as never) ? -1 : 1));
      }),
  }),
  of('restart', 'versions that a restart gives anew', {
    restart: (memory) =>
      everyTable(memory, (table) => {
        for (const key of table.entries.keys()) overwrite(table, key, { version: '0' });
      }),
  }),
  of('restart', 'versions that are counted anew', {
    restart: (memory) => {
      memory.changes = 0;
    },
  }),
  of('restart', 'what is taken known in memory alone', {
    restart: (memory) =>
      everyTable(memory, (table) => {
        for (const owners of table.unique) owners.clear();
      }),
  }),
  of('restart', 'changes of JSON made in memory alone', {
    restart: (memory) =>
      everyTable(memory, (table, { fields }) => {
        const texts = (value: unknown, name: string) =>
          fields[name]?.kind === 'json' && Array.isArray(value) ? [] : value;
        for (const [key, { record }] of table.entries) overwrite(table, key, { record: mapped(record, texts) });
      }),
  }),
  of(
    'restart',
    'a replacement by an older release that loses the fields of a newer one',
    rows((honest, { definition, table }) => ({
      async replace(record, seen) {
        const told = await honest.replace(record, seen);
        const stored = table().entries.get(record[definition.key])?.record ?? {};
        const known = Object.keys(definition.fields).map((name) => [name, stored[name] ?? null]);
        if (told.ok) overwrite(table(), record[definition.key], { record: Object.fromEntries(known) });
        return told;
      },
    })),
  ),
  of(
    'restart',
    'fields of another release shown as they are stored',
    rows((honest, { table }) => ({
      async byKey(key) {
        const found = await honest.byKey(key);
        const stored = table().entries.get(key);
        return found && stored ? { ...found, record: stored.record } : found;
      },
    })),
  ),
  of('restart', 'a table of its own for each release', (honest) => ({
    ...honest,
    collection: (definition) =>
      honest.collection({ ...definition, name: `${definition.name}${Object.keys(definition.fields).length}` }),
  })),
  of('restart', 'additions kept in memory alone', {
    restart: (memory) =>
      everyTable(memory, (table) => {
        const [last] = [...table.entries.keys()].slice(-1);
        forgetEntry(table, last);
      }),
  }),
];

/** Of JSON, without the fields that some database would take for its operators. */
function withoutDollars(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDollars);
  if (typeof value !== 'object' || value === null) return value;
  const own = Object.entries(value).filter(([name]) => !name.startsWith('$'));
  return Object.fromEntries(own.map(([name, each]) => [name, withoutDollars(each)]));
}

/** Of JSON, each object made by assignment: a field called as the prototype is lost. */
function merged(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(merged);
  if (typeof value !== 'object' || value === null) return value;
  const made: Record<string, unknown> = {};
  for (const [name, each] of Object.entries(value)) if (name !== '__proto__') made[name] = merged(each);
  return made;
}

function shallow(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return Array.isArray(value) ? [] : {};
  if (Array.isArray(value)) return value.map((each) => shallow(each, depth - 1));
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shallow(each, depth - 1)]));
}
