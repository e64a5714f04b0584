import type { AnyCollection } from '@portcullis/domain';
import { type MongoStores, openMongo } from '@portcullis/persistence-mongodb';
import type { StoreSubject } from '@portcullis/port-contracts';
import { MongoClient } from 'mongodb';
import { UNHURRIED } from './patience.ts';

let databases = 0;

/** A name that no other test of this process has. */
export const newDatabaseName = (): string => `test-${++databases}`;

export interface EmptyDatabase {
  readonly databaseName: string;
  /** Empties it for the next who asks, by which its indexes stay. Nothing may be on its way to it any more. */
  giveBack(): Promise<void>;
}

/**
 * Databases with the indexes of the stores and nothing in them. To empty one takes a tenth of what it takes to make one, most of all
 * on a replica set, where every member makes the indexes.
 */
export function emptyDatabases(
  url: () => string,
  collections: readonly AnyCollection[] = [],
): () => Promise<EmptyDatabase> {
  const free: string[] = [];
  const prepared = async (): Promise<string> => {
    const databaseName = newDatabaseName();
    await (await openMongo({ url: url(), databaseName, collections, ...UNHURRIED })).close();
    return databaseName;
  };
  return async () => {
    const databaseName = free.pop() ?? (await prepared());
    return {
      databaseName,
      async giveBack() {
        const client = new MongoClient(url());
        try {
          const all = await client.db(databaseName).collections();
          await Promise.all(all.map((each) => each.deleteMany({})));
        } finally {
          await client.close();
        }
        free.push(databaseName);
      },
    };
  };
}

/** Two clients of one empty database; a restart opens a third. */
export const mongoSubject =
  (url: () => string, collections: readonly AnyCollection[] = [], take = emptyDatabases(url, collections)) =>
  async (): Promise<StoreSubject<MongoStores>> => {
    const { databaseName, giveBack } = await take();
    const opened: MongoStores[] = [];
    const open = async (): Promise<MongoStores> => {
      const stores = await openMongo({ url: url(), databaseName, collections, ...UNHURRIED });
      opened.push(stores);
      return stores;
    };
    const close = async (): Promise<void> => {
      await Promise.all(opened.map((stores) => stores.close()));
    };
    return {
      stores: await open(),
      peer: await open(),
      close,
      reopen: open,
      async dispose() {
        await close();
        await giveBack();
      },
    };
  };
