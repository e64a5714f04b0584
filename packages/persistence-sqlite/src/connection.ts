import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { Unavailable } from '@portcullis/domain';
import { isBroken } from './faults.ts';
import { type InLockQueue, lockQueue } from './lock-queue.ts';
import { SqliteFileRefused } from './sqlite-file-refused.ts';

/** Taken as it is needed. It holds the index of a million widgets, which a page's total is counted from. */
const CACHE_KIBIBYTES = 64 * 1024;

export type Value = string | number | null;

/** A prepared statement. Rows are told by the schema, not by a check: the tables are STRICT. */
export interface Statement<Row> {
  get(...values: readonly Value[]): Row | undefined;
  all(...values: readonly Value[]): Row[];
  run(...values: readonly Value[]): { readonly changes: number };
}

/** One connection to the file. SQLite answers in the caller's turn, so calls of one process never overlap. */
export interface Connection {
  /** Whether there is a table of this name. */
  has(table: string): boolean;
  prepare<Row = never>(sql: string): Statement<Row>;
  /** For one statement that reads. Never waits for a writer: the log lets readers pass. */
  readonly read: InLockQueue;
  /** For several that read, and see one moment. */
  readonly readTogether: InLockQueue;
  /** For one statement that writes, which is a transaction of its own. */
  readonly write: InLockQueue;
  /** For several that no other writer comes between. Nothing of it stays where `work` throws. */
  readonly writeTogether: InLockQueue;
  close(): void;
}

export interface ConnectionOptions {
  readonly file: string;
  /** Brings the file to this release, where it may. */
  readonly migrate: (database: DatabaseSyncInstance) => void;
  readonly onStatement: (sql: string) => void;
  /** How long a call waits for a lock that another process holds. */
  readonly timeoutMilliseconds: number;
}

/**
 * Opens an existing file, empty or ours, and brings it to this release's schema where it may.
 * @throws SqliteFileRefused for any other file.
 * @throws Unavailable where it cannot be opened now.
 */
export function openConnection(options: ConnectionOptions): Promise<Connection> {
  const { file, migrate, timeoutMilliseconds } = options;
  return lockQueue(timeoutMilliseconds)(() => {
    try {
      return connectionOver(openDatabase(file, migrate), options);
    } catch (fault) {
      throw isBroken(fault)
        ? new SqliteFileRefused(file, 'is not a database, or a broken one', { cause: fault })
        : fault;
    }
  });
}

function openDatabase(file: string, migrate: ConnectionOptions['migrate']): DatabaseSyncInstance {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    migrate(database);
    // FULL: a commit is on the disk, and not only with the operating system, before it is acknowledged.
    database.exec(`PRAGMA synchronous = FULL; PRAGMA cache_size = -${CACHE_KIBIBYTES}`);
    return database;
  } catch (fault) {
    database.close();
    throw fault;
  }
}

function connectionOver(
  database: DatabaseSyncInstance,
  { onStatement, timeoutMilliseconds }: ConnectionOptions,
): Connection {
  let closed = false;
  const statements = {
    begin: database.prepare('BEGIN'),
    beginImmediate: database.prepare('BEGIN IMMEDIATE'),
    commit: database.prepare('COMMIT'),
    rollback: database.prepare('ROLLBACK'),
  };

  const unlessClosed =
    (patiently: InLockQueue): InLockQueue =>
    (work) =>
      patiently(() => {
        if (closed) throw new Unavailable('store');
        return work();
      });
  const read = unlessClosed(lockQueue(timeoutMilliseconds));
  const write = unlessClosed(lockQueue(timeoutMilliseconds));

  const within =
    (begin: { run(): unknown }, patiently: InLockQueue): InLockQueue =>
    (work) =>
      patiently(() => {
        begin.run();
        try {
          const answer = work();
          statements.commit.run();
          return answer;
        } catch (fault) {
          // A full disk or an I/O error has rolled back by itself.
          if (database.isTransaction) statements.rollback.run();
          throw fault;
        }
      });

  const countTables = database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?");

  return {
    has: (table) => countTables.get(table) !== undefined,
    prepare(sql) {
      onStatement(sql);
      return database.prepare(sql);
    },
    read,
    readTogether: within(statements.begin, read),
    write,
    writeTogether: within(statements.beginImmediate, write),
    close() {
      if (closed) return;
      closed = true;
      try {
        // The library leaves the file open until its statements are garbage, so the log is emptied by hand.
        database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      } catch {
        // It stays in the log, which the next one to open the file reads.
      }
      database.close();
    },
  };
}
