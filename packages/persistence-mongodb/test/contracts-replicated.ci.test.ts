import { after, before } from 'node:test';
import { startReplicaSet, withMongod } from '@portcullis/mongod';
import { contractCases, PORTS } from '@portcullis/port-contracts';
import { testContract } from '@portcullis/port-contracts/node-test';
import { mongoSubject } from './support/mongo-subject.ts';

withMongod(() => {
  let set: Awaited<ReturnType<typeof startReplicaSet>>;
  before(async () => {
    set = await startReplicaSet(3);
  });
  after(() => set.stop());
  // kit-collections-replicated.ci.test.ts has the collections, which take an emptied database.
  const ports = PORTS.filter((port) => port !== 'collections');

  testContract(
    'MongoDB, a replica set',
    contractCases({ make: mongoSubject(() => set.getUri()), ports, timeFactor: 10 }),
  );
});
