import { err, ok } from '@portcullis/domain';
import { memoryStores } from '@portcullis/persistence-memory';
import { closedWith, inSeconds, sabotagedRows as rows, type Sabotaged } from '../sabotaged.ts';
import {
  ABSENT,
  block,
  everyTable,
  forgetEntry,
  has,
  inFields,
  inTexts,
  listed,
  mapped,
  of,
  others,
  overwrite,
  type Row,
  successor,
  takenIn,
  unchecked,
} from './wrong-rows.ts';

export const wrongRecords: readonly Sabotaged[] = [
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
];
