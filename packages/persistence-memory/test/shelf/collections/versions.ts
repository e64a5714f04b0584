import { err, type Version } from '@portcullis/domain';
import { sabotagedRows as rows, type Sabotaged } from '../sabotaged.ts';
import { ABSENT, of, overwrite, versioned } from './wrong-rows.ts';

export const wrongVersions: readonly Sabotaged[] = [
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
];
