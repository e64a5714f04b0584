import type { AnyCollection } from '@portcullis/domain';
import { type MongoStores, openMongo } from '@portcullis/persistence-mongodb';
import type { StoreSubject } from '@portcullis/port-contracts';
import { UNHURRIED } from './patience.ts';

let databases = 0;

/** A name that no other test of this process has. */
export const newDatabaseName = (): string => `test-${++databases}`;

/** Two clients of one database, a new one by default; a restart opens a third. */
export const mongoSubject =
  (url: () => string, collections: readonly AnyCollection[] = [], name: () => string = newDatabaseName) =>
  async (): Promise<StoreSubject<MongoStores>> => {
    const databaseName = name();
    const opened: MongoStores[] = [];
    const open = async (): Promise<MongoStores> => {
      const stores = await openMongo({ url: url(), databaseName, collections, ...UNHURRIED });
      opened.push(stores);
      return stores;
    };
    const close = async (): Promise<void> => {
      await Promise.all(opened.map((stores) => stores.close()));
    };
    return { stores: await open(), peer: await open(), close, reopen: open, dispose: close };
  };
