import { join } from 'node:path';
import type { RevokedTokenStore, UserStore, WidgetStore } from '@portcullis/domain';
import type { Settings } from '../settings/schema.ts';

/** Where users, revocations and widgets are kept: the ports of one adapter, which are opened and closed together. */
export interface Store {
  readonly users: UserStore;
  readonly revokedTokens: RevokedTokenStore;
  readonly widgets: WidgetStore;
  /** @throws Unavailable where the store cannot answer now. */
  check(): Promise<void>;
  /** Brings what is stored, and its indexes, to this release. @throws StoreRefused, Unavailable */
  migrate(): Promise<void>;
  /** What an operator wants to know, by name; fit for printing. */
  status(): Promise<Readonly<Record<string, string | number>>>;
  close(): Promise<void>;
}

export type OpenStore = (settings: Settings) => Promise<Store>;

/** The fault of a store that is there and must not be used: waiting does not help, an operator has to look at it. */
export class StoreRefused extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause });
    this.name = 'StoreRefused';
  }
}

/**
 * The store that the settings choose. The only place that knows which ones there are; the others are not even loaded.
 * @throws StoreRefused, Unavailable
 */
export const openStore: OpenStore = ({ MONGODB_URL: url, MIGRATE_AT_START, DATA_DIR }) =>
  url === undefined
    ? openSqliteStore(join(DATA_DIR, 'portcullis.sqlite'))
    : openMongoStore(url, MIGRATE_AT_START === 'yes');

async function openSqliteStore(file: string): Promise<Store> {
  const { openSqlite, SqliteFileRefused } = await import('@portcullis/persistence-sqlite');
  // The file is brought to this release as it is opened.
  return refusing(SqliteFileRefused, async () => ({ ...(await openSqlite({ file })), migrate: async () => undefined }));
}

async function openMongoStore(url: string, migrates: boolean): Promise<Store> {
  const { openMongo, MongoRefused } = await import('@portcullis/persistence-mongodb');
  const store = await refusing(MongoRefused, () => openMongo({ url, migrates }));
  return { ...store, migrate: () => refusing(MongoRefused, store.migrate) };
}

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
  return { ...memoryStores(), migrate: async () => undefined, status: async () => ({ store: 'memory' }) };
};
