import { err, ok } from '../shared/result.ts';
import type { CollectionDefinition } from './collection-definition.ts';
import type { Collection, Condition, Versioned } from './collection-store.ts';
import { actIf } from './conditional.ts';

/**
 * The records of one owner. Those of others are not there: not in a list, not by their key, and nothing changes or removes them. Only that
 * a value is taken shows, as it does by `add`.
 * @param field who owns a record. It has to be kept, and what a list is filtered by.
 * @throws TypeError where it is not
 */
export function ownedRecords<T extends object, K extends keyof T & string, F extends keyof T & string>(
  { name, key, kept, filters }: CollectionDefinition<T, K>,
  records: Collection<T, K>,
  field: F,
): (owner: T[F]) => Collection<T, K> {
  if (!kept.includes(field))
    throw new TypeError(`${field} of ${name} is not kept, so that a replacement would give it away`);
  if (!filters.includes(field)) throw new TypeError(`${name} is not filtered by ${field}`);

  return (owner) => {
    const own: Pick<Collection<T, K>, 'byKey'> = {
      async byKey(value) {
        const found = await records.byKey(value);
        return found?.record[field] === owner ? found : undefined;
      },
    };
    return {
      ...own,
      add: (record) => records.add(record),

      async put(record) {
        for (;;) {
          const found = await records.byKey(record[key]);
          if (found && found.record[field] !== owner) return err({ kind: 'taken', fields: [key] });
          const written = found ? await records.replace(record, found.version) : await records.add(record);
          if (written.ok) return ok({ created: !found, version: written.value });
          const { error } = written;
          if (error.kind === 'taken' && (found || !error.fields.includes(key))) return err(error);
        }
      },

      async replace(record, seen) {
        for (;;) {
          const found = await own.byKey(record[key]);
          if (!found) return err({ kind: 'absent' });
          if (seen !== undefined && found.version !== seen) return err({ kind: 'changed' });
          const replaced = await records.replace(record, found.version);
          if (replaced.ok || replaced.error.kind === 'taken' || seen !== undefined) return replaced;
        }
      },

      async remove(value, seen) {
        const precondition = seen === undefined ? {} : { ifMatch: [seen] };
        const removed = await actIf<Versioned<T>, void, never>(
          () => own.byKey(value),
          ({ version }) => version,
          precondition,
          async ({ version }) => ((await records.remove(value, version)).ok ? ok(undefined) : undefined),
        );
        if (removed.ok) return removed;
        return err(removed.error.kind === 'absent' ? removed.error : { kind: 'changed' });
      },

      list: (request) => records.list({ ...request, where: { ...request.where, [field]: owner as Condition<T[F]> } }),
    };
  };
}
