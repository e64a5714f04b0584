import type { AnyCollection } from '@portcullis/domain';
import { collectionContract, KIT_COLLECTIONS } from '@portcullis/port-contracts';
import { testContract } from '@portcullis/port-contracts/node-test';
import { MongoClient } from 'mongodb';
import { mongoSubject, newDatabaseName } from './mongo-subject.ts';

/**
 * Defines the tests of the contract of collections for definitions of the kit, all in one database that is emptied for each case:
 * to make one, with all its indexes, takes longer than a case.
 */
export function testCollections(deployment: string, url: () => string, definitions: readonly AnyCollection[]): void {
  const name = newDatabaseName();
  const open = mongoSubject(url, KIT_COLLECTIONS, () => name);
  const make = async () => {
    const client = new MongoClient(url());
    const collections = await client.db(name).collections();
    await Promise.all(collections.map((each) => each.deleteMany({})));
    await client.close();
    return open();
  };
  for (const definition of definitions) {
    const siblings = KIT_COLLECTIONS.filter((each) => each !== definition).map((each) => ({ definition: each }));
    testContract(`MongoDB, ${deployment}: ${definition.name}`, collectionContract({ make, definition, siblings }));
  }
}
