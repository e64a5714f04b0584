import { join, resolve } from 'node:path';
import type { StoreAdapter } from '@portcullis/domain';
import type { OwnSqlite } from './open-sqlite.ts';

/** A file of each service in its folder, with what the service keeps there of its own. The library is loaded as it is opened. */
export const sqlite = <Ours = undefined>(own?: OwnSqlite<Ours>): StoreAdapter<never, Ours> => ({
  name: 'sqlite',
  keepsIn: 'a SQLite file in `DATA_DIR`',
  settings: {},
  async open(_settings, { name, folder, ...owner }, use) {
    const options = { ...owner, ...(own && { own }) };
    const { isSqliteThere, openSqlite } = await import('./open-sqlite.ts');
    const file = join(folder, `${name}.sqlite`);
    const isThere = isSqliteThere(file);
    if (use === 'read' && !isThere) {
      const empty = await openSqlite({ file: ':memory:', ...options });
      return {
        ...empty,
        status: async () => ({ store: 'sqlite', file: resolve(file), schemaVersion: 'not made yet' }),
      };
    }
    // The file is brought to this release as it is opened, where that is wanted.
    return openSqlite({ file, migrates: use === 'prepare' || !isThere, ...options });
  },
});
