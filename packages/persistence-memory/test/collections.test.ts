import { collectionContract, KIT_COLLECTIONS } from '@portcullis/port-contracts';
import { testContract } from '@portcullis/port-contracts/node-test';
import { memorySubject } from './support/memory-subject.ts';

for (const definition of KIT_COLLECTIONS) {
  const siblings = KIT_COLLECTIONS.filter((each) => each !== definition).map((each) => ({ definition: each }));
  testContract(`memory, ${definition.name}`, collectionContract({ make: memorySubject, definition, siblings }));
}
