import { collectionContract, KIT_COLLECTIONS } from '@portcullis/port-contracts';
import { testContract } from '@portcullis/port-contracts/node-test';
import { sqliteSubject } from './support/sqlite-subject.ts';

for (const definition of KIT_COLLECTIONS) {
  const siblings = KIT_COLLECTIONS.filter((each) => each !== definition).map((each) => ({ definition: each }));
  testContract(`SQLite, ${definition.name}`, collectionContract({ make: sqliteSubject, definition, siblings }));
}
