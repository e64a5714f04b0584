export { SqliteFileRefused } from './faults.ts';
export { isSqliteThere, openSqlite, type SqliteOptions, type SqliteStatus, type SqliteStores } from './open-sqlite.ts';
