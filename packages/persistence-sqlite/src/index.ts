import type { PortName, WithOwnStores } from '@portcullis/domain';
import type { SqliteOptions, SqliteStores } from './open-sqlite.ts';

export type { Connection as SqliteConnection, Statement as SqliteStatement } from './connection.ts';
export type { OwnSqlite, SqliteOptions, SqliteStatus, SqliteStores } from './open-sqlite.ts';
export { sqlite } from './sqlite.ts';
export { SqliteFileRefused } from './sqlite-file-refused.ts';

/**
 * Opens the stores over one SQLite file. Durable at every answer, and safe with several processes on the file.
 * @throws SqliteFileRefused where the file is not ours, or is of a newer release.
 * @throws Unavailable where it cannot be opened now.
 */
export const openSqlite = async <Name extends PortName = PortName, Ours = undefined>(
  options: SqliteOptions<Name, Ours>,
): Promise<SqliteStores<Name> & WithOwnStores<Ours>> => (await import('./open-sqlite.ts')).openSqlite(options);
