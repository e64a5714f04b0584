import type { AnyCollection } from '@portcullis/domain';
import { collectionContract, KIT_COLLECTIONS } from '@portcullis/port-contracts';
import { testContract } from '@portcullis/port-contracts/node-test';
import { mongoSubject } from './mongo-subject.ts';

/** Defines the tests of the contract of collections for definitions of the kit, in a database that has all of them. */
export function testCollections(deployment: string, url: () => string, definitions: readonly AnyCollection[]): void {
  const options = { make: mongoSubject(url, KIT_COLLECTIONS), timeFactor: 10 };
  for (const definition of definitions) {
    const siblings = KIT_COLLECTIONS.filter((each) => each !== definition).map((each) => ({ definition: each }));
    testContract(
      `MongoDB, ${deployment}: ${definition.name}`,
      collectionContract({ ...options, definition, siblings }),
    );
  }
}
