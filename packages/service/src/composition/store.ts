import { dirname, join, resolve } from 'node:path';
import { type AnyCollection, type OpenStores, Unavailable } from '@portcullis/domain';
import { makeFolder } from '../make-folder.ts';
import type { SettingFault } from '../settings/read.ts';
import type { Settings } from '../settings/schema.ts';
import { isSystemError } from '../system-error.ts';

/** The service that shares its name with the project. */
const PROJECT = 'portcullis';
/** What is left for the name of a service in that of its database. */
const SERVICE_NAME_MAX_LENGTH = 16;

/** A tenth of the time is left for the answer, which has gone out within the whole. */
const STORE_MILLISECONDS_PER_SECOND = 900;

/**
 * What a command may do to a store that is not as this release has it. `prepare` makes it, or brings it to this release. `write` makes
 * one that is not there, and refuses one of an earlier release. `read` changes nothing: a store that is not there is an empty one.
 */
export type StoreUse = 'read' | 'write' | 'prepare';

/** Whose data: each service has a file, or a database, of its own. */
export interface StoreOwner {
  readonly name: string;
  readonly collections?: readonly AnyCollection[];
}

export type OpenStore = (settings: Settings, owner: StoreOwner, use: StoreUse) => Promise<OpenStores>;

/** What is there must not be used as it is: another program's, or a newer release's. The message says so. */
export class StoreRefused extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause });
    this.name = 'StoreRefused';
  }
}

/** A setting turned out to be wrong as the store was opened. */
export class StoreSettingRefused extends Error {
  readonly fault: SettingFault;
  constructor(fault: SettingFault) {
    super(`${fault.variable} cannot be used`);
    this.name = 'StoreSettingRefused';
    this.fault = fault;
  }
}

/**
 * The store that the settings choose. The only place that knows which ones there are; the others are not even loaded.
 * @throws StoreRefused, StoreSettingRefused, Unavailable
 */
export const openStore: OpenStore = (settings, { name, collections = [] }, use) => {
  const { MONGODB_URL: url, MIGRATE_AT_START, DATA_DIR, STORE_WAIT_SECONDS } = settings;
  const options = { collections, timeoutMilliseconds: STORE_WAIT_SECONDS * STORE_MILLISECONDS_PER_SECOND };
  return url === undefined
    ? openSqliteStore(join(DATA_DIR, `${name}.sqlite`), use, options)
    : openMongoStore(url, name, MIGRATE_AT_START === 'yes' ? use : 'as it is', options);
};

interface StoreOptions {
  readonly collections: readonly AnyCollection[];
  readonly timeoutMilliseconds: number;
}

async function openSqliteStore(file: string, use: StoreUse, options: StoreOptions): Promise<OpenStores> {
  const { openSqlite, isSqliteThere, SqliteFileRefused } = await import('@portcullis/persistence-sqlite');
  const isThere = isSqliteThere(file);
  if (use === 'read' && !isThere) {
    const { memoryStores } = await import('@portcullis/persistence-memory');
    const status = async () => ({ store: 'sqlite', file: resolve(file), schemaVersion: 'not made yet' });
    return { ...memoryStores(), status };
  }
  // The file is brought to this release as it is opened, where that is wanted.
  const migrates = use === 'prepare' || !isThere;
  if (migrates) {
    await makeFolder(dirname(file)).catch((fault: unknown) => {
      throw isSystemError(fault) ? new Unavailable('store', { cause: fault }) : fault;
    });
  }
  return refusing(SqliteFileRefused, () => openSqlite({ file, migrates, ...options }));
}

async function openMongoStore(
  url: string,
  name: string,
  use: StoreUse | 'as it is',
  options: StoreOptions,
): Promise<OpenStores> {
  const { databaseIn, isDatabaseName, openMongo, MongoRefused } = await import('@portcullis/persistence-mongodb');
  const refuse = (expected: string) =>
    new StoreSettingRefused({ kind: 'setting-invalid', variable: 'MONGODB_URL', expected });
  const named = databaseIn(url);
  if (!named.ok) throw refuse(named.error);
  const project = named.value ?? PROJECT;
  // The same for every service, so that one does not start on a name that another is refused for.
  if (!isDatabaseName(`${project}-${'x'.repeat(SERVICE_NAME_MAX_LENGTH)}`)) {
    throw refuse(
      `a database name of at most ${62 - SERVICE_NAME_MAX_LENGTH} bytes: those of other services begin with it`,
    );
  }
  const databaseName = databaseOf(project, name);
  const migrates = use === 'prepare';
  const ifEmpty = use === 'write' ? 'made' : use === 'read' ? 'left' : undefined;
  const store = await refusing(MongoRefused, () =>
    openMongo({ url, databaseName, migrates, ...options, ...(ifEmpty && { ifEmpty }) }),
  );
  const { check, status, close } = store;
  const whole = { ...store, migrate: () => refusing(MongoRefused, store.migrate) };
  if (use !== 'read' || !(await store.isEmpty().catch(unlessUnavailable))) return whole;
  // What a command puts on record would make a collection without its indexes, and no other command could use the database then.
  const { memoryStores } = await import('@portcullis/persistence-memory');
  return { ...memoryStores(), check, status, close, migrate: whole.migrate };
}

/** A store that is away is not known to be empty. */
function unlessUnavailable(fault: unknown): false {
  if (!(fault instanceof Unavailable)) throw fault;
  return false;
}

/** The project's own database is the one that the URL names; every other service has one beside it. */
const databaseOf = (project: string, name: string): string => (name === PROJECT ? project : `${project}-${name}`);

async function refusing<T>(Refused: new (...given: never[]) => Error, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (fault) {
    throw fault instanceof Refused ? new StoreRefused(fault) : fault;
  }
}

/** A store that is gone with the process, for what needs one and keeps nothing. */
export const openMemoryStore: OpenStore = async () => {
  const { memoryStores } = await import('@portcullis/persistence-memory');
  return memoryStores();
};
