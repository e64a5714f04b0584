export { SqliteFileRefused } from './faults.ts';
export { openSqlite, type SqliteOptions, type SqliteStatus, type SqliteStores } from './open-sqlite.ts';
