import { migrated } from '@portcullis/domain';
import { sabotagedRows as rows, type Sabotaged } from '../sabotaged.ts';
import { everyTable, forgetEntry, mapped, of, overwrite } from './wrong-rows.ts';

export const wrongInTime: readonly Sabotaged[] = [
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
  of(
    'restart',
    'a migration that is done to records which have the field',
    rows((honest, { definition }) => ({
      async byKey(key) {
        const found = await honest.byKey(key);
        const lacking = Object.fromEntries(definition.migrations.map(({ field }) => [field, null]));
        return found && { ...found, record: migrated(definition, { ...found.record, ...lacking }) };
      },
    })),
  ),
  of('restart', 'a migration that is never done', (honest) => ({
    ...honest,
    collection: (definition) =>
      honest.collection({
        ...definition,
        migrations: definition.migrations.map(({ field }) => ({ field, value: () => '' as never })),
      }),
  })),
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
