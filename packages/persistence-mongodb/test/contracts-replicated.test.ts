import { after, before } from 'node:test';
import { startReplicaSet, withMongod } from '@portcullis/mongod';
import {
  bookStoreContract,
  countersContract,
  revokedTokenStoreContract,
  shipStoreContract,
  userStoreContract,
  widgetStoreContract,
} from '@portcullis/port-contracts';
import { testContract } from '@portcullis/port-contracts/node-test';
import { mongoSubject } from './support/mongo-subject.ts';

withMongod(() => {
  let set: Awaited<ReturnType<typeof startReplicaSet>>;
  before(async () => {
    set = await startReplicaSet(3);
  });
  after(() => set.stop());
  const options = { make: mongoSubject(() => set.getUri()), timeFactor: 10 };

  testContract('UserStore: MongoDB, a replica set', userStoreContract(options));
  testContract('RevokedTokenStore: MongoDB, a replica set', revokedTokenStoreContract(options));
  testContract('WidgetStore: MongoDB, a replica set', widgetStoreContract(options));
  testContract('BookStore: MongoDB, a replica set', bookStoreContract(options));
  testContract('ShipStore: MongoDB, a replica set', shipStoreContract(options));
  testContract('Counters: MongoDB, a replica set', countersContract(options));
});
