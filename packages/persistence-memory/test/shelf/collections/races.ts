import { err, ok } from '@portcullis/domain';
import { sabotagedRows as rows, type Sabotaged } from '../sabotaged.ts';
import { ABSENT, CHANGED, has, later, of, others, overwrite, successor, takenIn, unchecked } from './wrong-rows.ts';

export const wrongInRaces: readonly Sabotaged[] = [
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
];
