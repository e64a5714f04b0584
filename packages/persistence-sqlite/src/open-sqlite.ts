import { closeSync, openSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import {
  type AnyCollection,
  type Collection,
  type CollectionDefinition,
  makePorts,
  type OpenStores,
  PORT_NAMES,
  type PortName,
  Unavailable,
  type WithOwnStores,
} from '@portcullis/domain';
import { isSystemError, makeFolder } from '@portcullis/files';
import { tableOf } from './collection-table.ts';
import { sqliteCollection } from './collections.ts';
import { type Connection, openConnection } from './connection.ts';
import { toFault } from './faults.ts';
import { OWN_TABLES } from './own-tables.ts';
import { PORTS } from './ports.ts';
import { migrate } from './schema.ts';
import { SqliteFileRefused } from './sqlite-file-refused.ts';

const TIMEOUT_MILLISECONDS = 1800;
/** SQLite's own name for a database without a file (sqlite.org/inmemorydb.html). */
const IN_MEMORY = ':memory:';

/** What a service keeps in its file beside ports and collections. */
export interface OwnSqlite<Ours> {
  /**
   * What makes each table, with its indexes and triggers, by the name of the table. It is run once, with the migrations, where there is no
   * table of the name. A table that is there stays as it is. Foreign keys are enforced, so that one to `users (id)` may cascade.
   */
  readonly tables: Readonly<Record<string, string>>;
  /** The stores over them, on the connection of the ports: what one `writeTogether` does is one transaction, whosever tables it is in. */
  readonly open: (connection: Connection) => Ours;
}

export interface SqliteOptions<Name extends PortName = PortName, Ours = undefined> {
  /** Made with its directory, for this user alone (modes 0600 and 0700). `:memory:` is none: an empty store that keeps nothing. */
  readonly file: string;
  /** Whether a file that is missing or of an earlier release is made or brought to this one, as by default; if not, it is refused. */
  readonly migrates?: boolean;
  /** The ports whose tables it has, all of them by default. A file of an earlier release may have more. */
  readonly ports?: readonly Name[];
  /** What it keeps beside them. Tables and indexes are made that are missing. */
  readonly collections?: readonly AnyCollection[];
  readonly own?: OwnSqlite<Ours>;
  /** How long a call waits for a lock that another process holds before it throws `Unavailable`; by default 1,800. */
  readonly timeoutMilliseconds?: number;
  /** Is told each statement as it is prepared, so that SQLite can be asked for its plan. */
  readonly onStatement?: (sql: string) => void;
}

interface Pragmas {
  readonly schemaVersion: number;
  /** `wal`, and 2 (`FULL`): a commit is on the disk when it is acknowledged. */
  readonly journalMode: string;
  readonly synchronous: number;
}

/** `db status` of a file. How many records there are stands under the name of each port and collection. */
export interface SqliteStatus extends Pragmas, Readonly<Record<string, string | number>> {
  readonly store: 'sqlite';
  readonly file: string;
  readonly fileBytes: number;
  /** The write-ahead log, which is part of the data until it is merged into the file. */
  readonly logBytes: number;
}

/** `check` also throws `Unavailable` where the file is no longer the one that was opened; `close` merges the log into the file. */
export type SqliteStores<Name extends PortName = PortName> = {
  status(): Promise<SqliteStatus>;
} & OpenStores<Name>;

/** Whether there is a file, and something in it. A file of no bytes is one that a process began to make. @throws Unavailable */
export function isSqliteThere(file: string): boolean {
  try {
    return (statSync(resolve(file), { throwIfNoEntry: false })?.size ?? 0) > 0;
  } catch (fault) {
    throw toFault(fault);
  }
}

export async function openSqlite<Name extends PortName = PortName, Ours = undefined>({
  file,
  migrates = true,
  // The names of all of them are what the type says by default.
  ports = PORT_NAMES as readonly Name[],
  collections = [],
  own,
  timeoutMilliseconds = TIMEOUT_MILLISECONDS,
  onStatement = () => {},
}: SqliteOptions<Name, Ours>): Promise<SqliteStores<Name> & WithOwnStores<Ours>> {
  const isFile = file !== IN_MEMORY;
  const path = isFile ? resolve(file) : file;
  if (isFile && migrates) await createPrivately(path);
  else if (isFile && !isSqliteThere(path)) throw new SqliteFileRefused(path, 'is not there');
  const tables = new Map(collections.map((definition) => [definition, tableOf(definition)]));
  const taken = [...Object.values(OWN_TABLES), ...tables.values()].map(({ name }) => name);
  const clash = Object.keys(own?.tables ?? {}).find((name) => taken.includes(`"${name}"`));
  if (clash !== undefined) throw new TypeError(`there cannot be another table of the name ${clash}`);
  const connection = await openConnection({
    file: path,
    migrate: (database) =>
      migrate(database, path, migrates, { ports, tables: [...tables.values()], own: own?.tables ?? {} }),
    ...{ timeoutMilliseconds, onStatement },
  });
  const opened = new Map([...tables].map(([definition, table]) => [definition, sqliteCollection(connection, table)]));
  const identity = isFile ? identityOf(path) : undefined;
  const probe = connection.prepare('SELECT id FROM users LIMIT 1');

  return {
    ...makePorts(PORTS, connection, ports),
    ...(own && { ownStores: own.open(connection) }),
    collection<T extends object, K extends keyof T & string>(definition: CollectionDefinition<T, K>) {
      const found = opened.get(definition as unknown as AnyCollection);
      if (!found) throw new TypeError(`the file was opened without the collection ${definition.name}`);
      return found as unknown as Collection<T, K>;
    },
    async check() {
      try {
        await connection.read(() => probe.get());
        // A file that was deleted or put in another's place is still written to, and nobody will ever read it.
        if (identity !== undefined && identityOf(path) !== identity) throw new Error(`${path} was replaced`);
      } catch (fault) {
        throw fault instanceof Unavailable ? fault : new Unavailable('store', { cause: fault });
      }
    },
    // The file is brought to this release as it is opened, where that is wanted.
    migrate: async () => undefined,
    status: statusOf(connection, path, [
      ...ports.map((name) => [name, OWN_TABLES[name].name] as const),
      ...[...tables].map(([{ name }, table]) => [name, table.name] as const),
      ...Object.keys(own?.tables ?? {}).map((name) => [name, `"${name}"`] as const),
    ]),
    async close() {
      connection.close();
    },
  };
}

/** Made before SQLite comes to it, which would leave its mode to the umask; the log takes its mode from the file. */
async function createPrivately(path: string): Promise<void> {
  try {
    await makeFolder(dirname(path));
    // Never opened where it exists: closing it would drop the locks that this process has on it (fcntl(2)).
    closeSync(openSync(path, 'wx', 0o600));
  } catch (fault) {
    if (!isSystemError(fault, 'EEXIST')) throw toFault(fault);
  }
}

function identityOf(path: string): string {
  const { dev, ino } = statSync(path, { bigint: true });
  return `${dev}:${ino}`;
}

/** @param all the name under which each table is counted, and the table */
function statusOf(
  connection: Connection,
  path: string,
  all: readonly (readonly [name: string, table: string])[],
): () => Promise<SqliteStatus> {
  const counts = connection.prepare<Pragmas>(
    `SELECT ${all.map(([name, table]) => `(SELECT count(*) FROM ${table}) AS "${name}"`).join(', ')},
            v.user_version AS schemaVersion, j.journal_mode AS journalMode, s.synchronous AS synchronous
     FROM pragma_user_version v, pragma_journal_mode j, pragma_synchronous s`,
  );
  const bytesOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return async () => {
    const row = await connection.read(() => counts.get());
    if (!row) throw new Error('the status has no row');
    return { store: 'sqlite', file: path, ...row, fileBytes: bytesOf(path), logBytes: bytesOf(`${path}-wal`) };
  };
}
