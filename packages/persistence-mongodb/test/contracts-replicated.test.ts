import { after, before } from 'node:test';
import { revokedTokenStoreContract, userStoreContract, widgetStoreContract } from '@portcullis/port-contracts';
import { testContract } from '@portcullis/port-contracts/node-test';
import { mongoSubject } from './support/mongo-subject.ts';
import { startReplicaSet, withMongod } from './support/mongod.ts';

withMongod(() => {
  let set: Awaited<ReturnType<typeof startReplicaSet>>;
  before(async () => {
    set = await startReplicaSet(3);
  });
  after(() => set.stop());
  const make = mongoSubject(() => set.getUri());

  testContract('UserStore: MongoDB, a replica set', userStoreContract({ make }));
  testContract('RevokedTokenStore: MongoDB, a replica set', revokedTokenStoreContract({ make }));
  testContract('WidgetStore: MongoDB, a replica set', widgetStoreContract({ make }));
});
