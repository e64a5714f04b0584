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
  const make = mongoSubject(() => set.getUri());

  testContract('UserStore: MongoDB, a replica set', userStoreContract({ make }));
  testContract('RevokedTokenStore: MongoDB, a replica set', revokedTokenStoreContract({ make }));
  testContract('WidgetStore: MongoDB, a replica set', widgetStoreContract({ make }));
  testContract('BookStore: MongoDB, a replica set', bookStoreContract({ make }));
  testContract('ShipStore: MongoDB, a replica set', shipStoreContract({ make }));
  testContract('Counters: MongoDB, a replica set', countersContract({ make }));
});
