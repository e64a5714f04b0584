import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import type { PortName } from '@portcullis/domain';
import { changesTo, storeMigrations } from './collection-schema.ts';
import type { CollectionTable } from './collection-table.ts';
import { violatedColumns } from './faults.ts';
import { OWN_TABLES } from './own-tables.ts';
import { SqliteFileRefused } from './sqlite-file-refused.ts';

/** "PCLS" in the file's header (sqlite.org/pragma.html#pragma_application_id): a database of ours. */
const APPLICATION_ID = 0x50434c53;

/** What salts and digests are made of. */
const WITHIN_PARTS = "'./+0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'";
const withoutLastPart = (text: string): string => `rtrim(rtrim(${text}, ${WITHIN_PARTS}), '$')`;

/** How a password hash was made: `hashParametersOf` of the domain, in SQL. The same text in the index and in what asks for it. */
export const HASH_PARAMETERS = `CASE substr(password_hash, 1, 2)
  WHEN '$2' THEN ${withoutLastPart('password_hash')}
  ELSE ${withoutLastPart(withoutLastPart('password_hash'))} END`;

/**
 * Each brings a file from the version of its index to the next one (`PRAGMA user_version`). What has been released is
 * never changed; a new release adds an entry.
 *
 * Times are milliseconds since the epoch. Users and revoked tokens are stored in the tree of their key, so that the two
 * look-ups of every request read one tree each. The owner of a widget or a book
 * is no foreign key: it outlives the user; sessions are removed with theirs. The roles of a ship are a JSON array.
 */
const MIGRATIONS: readonly Migration[] = [
  `CREATE TABLE users (
     id            TEXT    NOT NULL PRIMARY KEY,
     email         TEXT    NOT NULL,
     email_key     TEXT    NOT NULL UNIQUE,
     password_hash TEXT    NOT NULL,
     admin         INTEGER NOT NULL CHECK (admin IN (0, 1)),
     disabled      INTEGER NOT NULL CHECK (disabled IN (0, 1)),
     registered_at INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX users_in_order ON users (registered_at, id);
   CREATE INDEX users_enabled_administrators ON users (id) WHERE admin = 1 AND disabled = 0;

   CREATE TABLE revoked_tokens (
     token_id   TEXT    NOT NULL PRIMARY KEY,
     revoked_at INTEGER NOT NULL,
     expires_at INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX revoked_tokens_by_expiry ON revoked_tokens (expires_at);

   CREATE TABLE widgets (
     arrival    INTEGER NOT NULL PRIMARY KEY,
     name       TEXT    NOT NULL UNIQUE,
     info_url   TEXT    NOT NULL,
     deadline   INTEGER NOT NULL,
     created_at INTEGER NOT NULL,
     owner_id   TEXT    NOT NULL
   ) STRICT;
   CREATE INDEX widgets_in_order ON widgets (created_at, arrival);`,

  `ALTER TABLE users RENAME COLUMN email TO login;
   ALTER TABLE users RENAME COLUMN email_key TO login_key;
   ALTER TABLE users ADD COLUMN first_name TEXT;
   ALTER TABLE users ADD COLUMN last_name TEXT;

   CREATE TABLE books (
     id       INTEGER NOT NULL PRIMARY KEY,
     title    TEXT    NOT NULL UNIQUE,
     author   TEXT    NOT NULL,
     owner_id TEXT    NOT NULL
   ) STRICT;

   CREATE TABLE ships (
     id           INTEGER NOT NULL PRIMARY KEY,
     model        TEXT    NOT NULL,
     affiliation  TEXT    NOT NULL,
     category     TEXT    NOT NULL,
     ship_class   TEXT    NOT NULL,
     manufacturer TEXT    NOT NULL,
     crew         INTEGER NOT NULL,
     length       INTEGER NOT NULL,
     roles        TEXT    NOT NULL
   ) STRICT;

   CREATE TABLE counters (
     name TEXT    NOT NULL PRIMARY KEY,
     last INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;`,

  `CREATE TABLE sessions (
     id            TEXT    NOT NULL PRIMARY KEY,
     user_id       TEXT    NOT NULL,
     created_at    INTEGER NOT NULL,
     last_used_at  INTEGER NOT NULL,
     expires_at    INTEGER NOT NULL,
     user_agent    TEXT,
     current_hash  TEXT    NOT NULL,
     previous_hash TEXT,
     rotated_at    INTEGER
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX sessions_of_user ON sessions (user_id, created_at, id);
   CREATE INDEX sessions_by_expiry ON sessions (expires_at);`,

  `CREATE TABLE keys (
     number     INTEGER NOT NULL PRIMARY KEY,
     kid        TEXT    NOT NULL,
     algorithm  TEXT    NOT NULL,
     sealed     TEXT    NOT NULL,
     created_at INTEGER NOT NULL,
     signs_from INTEGER NOT NULL,
     retired_at INTEGER
   ) STRICT;`,

  `ALTER TABLE users ADD COLUMN verified_at INTEGER;

   CREATE TABLE mail_tokens (
     user_id    TEXT    NOT NULL,
     purpose    TEXT    NOT NULL,
     hash       TEXT    NOT NULL UNIQUE,
     login_key  TEXT    NOT NULL,
     expires_at INTEGER NOT NULL,
     PRIMARY KEY (user_id, purpose)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX mail_tokens_by_expiry ON mail_tokens (expires_at);

   CREATE TABLE audit (
     id         TEXT    NOT NULL PRIMARY KEY,
     at         INTEGER NOT NULL,
     kind       TEXT    NOT NULL,
     user_id    TEXT,
     details    TEXT    NOT NULL,
     expires_at INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX audit_in_order ON audit (at, id);
   CREATE INDEX audit_of_user ON audit (user_id, at, id);
   CREATE INDEX audit_of_kind ON audit (kind, at, id);
   CREATE INDEX audit_by_expiry ON audit (expires_at);`,

  `ALTER TABLE users ADD COLUMN token_epoch INTEGER NOT NULL DEFAULT 0;`,

  `CREATE INDEX users_by_hash_parameters ON users (${HASH_PARAMETERS});`,

  `CREATE TABLE mail_tokens_of_users (
     hash       TEXT    NOT NULL PRIMARY KEY,
     purpose    TEXT    NOT NULL,
     user_id    TEXT    NOT NULL,
     login_key  TEXT    NOT NULL,
     issued_at  INTEGER NOT NULL,
     expires_at INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   INSERT INTO mail_tokens_of_users SELECT hash, purpose, user_id, login_key, 0, expires_at FROM mail_tokens;
   DROP TABLE mail_tokens;
   ALTER TABLE mail_tokens_of_users RENAME TO mail_tokens;
   CREATE INDEX mail_tokens_of_user ON mail_tokens (user_id, purpose, issued_at);
   CREATE INDEX mail_tokens_by_expiry ON mail_tokens (expires_at);`,

  `DELETE FROM mail_tokens;
   ALTER TABLE mail_tokens ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;`,

  dropUnused,

  // From here on a file has the tables of its service alone, and an earlier release, which goes by all, must not open it. A migration to
  // come asks first whether there is the table that it changes.
  '',
];

/** Statements; or what they are for a file as it is. */
type Migration = string | ((database: DatabaseSyncInstance, tables: readonly CollectionTable[]) => string);

/** Every service had the tables of all. @returns what drops those that this one does not name and never used */
function dropUnused(database: DatabaseSyncInstance, tables: readonly CollectionTable[]): string {
  const unused = ['"widgets"', '"books"', '"ships"'].filter(
    (name) => tables.every((table) => table.name !== name) && !database.prepare(`SELECT 1 FROM ${name} LIMIT 1`).get(),
  );
  return unused.map((name) => `DROP TABLE ${name};`).join('\n');
}

interface Header {
  readonly applicationId: number;
  readonly version: number;
  readonly objects: number;
}

/** One statement, so that another process's migration is seen whole or not at all. */
function readHeader(database: DatabaseSyncInstance): Header {
  return database
    .prepare(
      `SELECT a.application_id AS applicationId, v.user_version AS version,
              (SELECT count(*) FROM sqlite_schema) AS objects
       FROM pragma_application_id a, pragma_user_version v`,
    )
    .get();
}

/** Of a file that is not empty: whether it still has migrations to come. */
const needsMigration = ({ version }: Header): boolean =>
  MIGRATIONS.slice(version).some((migration) => migration !== '');

/** @throws SqliteFileRefused for a database of another program, or of a newer release than this one. */
function headerOf(database: DatabaseSyncInstance, file: string): Header & { readonly isNew: boolean } {
  const header = readHeader(database);
  const { applicationId, version, objects } = header;
  const isNew = applicationId === 0 && version === 0 && objects === 0;
  if (!isNew && applicationId !== APPLICATION_ID) throw new SqliteFileRefused(file, 'is a database of another program');
  if (version > MIGRATIONS.length) {
    const versions = `schema version ${version}, this release knows ${MIGRATIONS.length}`;
    throw new SqliteFileRefused(file, `was written by a newer release (${versions})`);
  }
  return { ...header, isNew };
}

/** What a service has in its file. */
export interface Contents {
  readonly ports: readonly PortName[];
  readonly tables: readonly CollectionTable[];
  /** What makes each table of the service's own, by its name. */
  readonly own: Readonly<Record<string, string>>;
}

const unquoted = (identifier: string): string => identifier.slice(1, -1);

const isMissingIn = (database: DatabaseSyncInstance) => {
  const exists = database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?");
  return (table: string): boolean => !exists.get(table);
};

/** What makes the tables of these ports, with their indexes, that are missing: as all migrations together would have made them. */
function missingTables(database: DatabaseSyncInstance, ports: readonly PortName[]): readonly string[] {
  const missing = ports.map((port) => unquoted(OWN_TABLES[port].name)).filter(isMissingIn(database));
  if (missing.length === 0) return [];
  const whole = new DatabaseSync(':memory:');
  try {
    for (const migration of MIGRATIONS) whole.exec(typeof migration === 'string' ? migration : migration(whole, []));
    const made = whole.prepare('SELECT sql FROM sqlite_schema WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY rowid');
    return missing.flatMap((table) => made.all(table).map(({ sql }: { readonly sql: string }) => sql));
  } finally {
    whole.close();
  }
}

/** What is there to do for ports, collections and the service's own tables. @throws SqliteFileRefused where the file cannot be brought to them. */
function pendingFor(database: DatabaseSyncInstance, file: string, { ports, tables, own }: Contents): readonly string[] {
  const { statements, refusals } = changesTo(database, tables);
  if (refusals.length > 0)
    throw new SqliteFileRefused(file, `has other tables than this release: ${refusals.join('; ')}`);
  const isMissing = isMissingIn(database);
  const missing = Object.entries(own).flatMap(([table, statement]) => (isMissing(table) ? [statement] : []));
  return [...missingTables(database, ports), ...statements, ...missing];
}

/**
 * Brings the file to this release's schema, and to the tables of its service, for exactly one of any number of processes that open it at
 * once. Tables of other ports stay where an earlier release has made them.
 * @param may if not, a file that is of an earlier schema is refused
 */
export function migrate(database: DatabaseSyncInstance, file: string, may: boolean, contents: Contents): void {
  // Looked at before anything is written: a file that is refused stays as it was.
  const header = headerOf(database, file);
  const pending = header.isNew || needsMigration(header) || pendingFor(database, file, contents).length > 0;
  if (pending && !may) {
    throw new SqliteFileRefused(file, 'is of an earlier release; `serve` or `db migrate` brings it to this one');
  }
  // Each time, since a copy made by VACUUM INTO has lost it.
  database.exec('PRAGMA journal_mode = WAL');
  if (pending) bring(database, file, contents);
  if (may) for (const table of contents.tables) storeMigrations(database, table);
}

function bring(database: DatabaseSyncInstance, file: string, contents: Contents): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    // Again, since only now nobody else can be at it.
    const { version, isNew, ...locked } = headerOf(database, file);
    if (!isNew && needsMigration({ version, ...locked })) {
      for (const migration of MIGRATIONS.slice(version)) {
        database.exec(typeof migration === 'string' ? migration : migration(database, contents.tables));
      }
    }
    for (const statement of pendingFor(database, file, contents)) change(database, file, statement);
    if (isNew || needsMigration({ version, ...locked })) {
      database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${MIGRATIONS.length}`);
    }
    database.exec('COMMIT');
  } catch (fault) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw fault;
  }
}

function change(database: DatabaseSyncInstance, file: string, statement: string): void {
  try {
    database.exec(statement);
  } catch (fault) {
    const columns = violatedColumns(fault);
    if (!columns) throw fault;
    throw new SqliteFileRefused(file, `has records that are the same in ${columns.join(', ')}: ${statement}`, {
      cause: fault,
    });
  }
}
