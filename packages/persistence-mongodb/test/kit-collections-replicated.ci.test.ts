import { after, before } from 'node:test';
import { startReplicaSet, withMongod } from '@portcullis/mongod';
import { KIT_COLLECTIONS } from '@portcullis/port-contracts';
import { testCollections } from './support/kit-collections.ts';

withMongod(() => {
  let set: Awaited<ReturnType<typeof startReplicaSet>>;
  before(async () => {
    set = await startReplicaSet(3);
  });
  after(() => set.stop());

  // Those of which one has a text as its key, and the other a number.
  testCollections('a replica set', () => set.getUri(), KIT_COLLECTIONS.slice(0, 2));
});
