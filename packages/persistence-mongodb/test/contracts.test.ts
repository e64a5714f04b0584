import { after, before } from 'node:test';
import { startMongod, withMongod } from '@portcullis/mongod';
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
  let server: Awaited<ReturnType<typeof startMongod>>;
  before(async () => {
    server = await startMongod();
  });
  after(() => server.stop());
  const make = mongoSubject(() => server.getUri());

  testContract('UserStore: MongoDB, a single server', userStoreContract({ make }));
  testContract('RevokedTokenStore: MongoDB, a single server', revokedTokenStoreContract({ make }));
  testContract('WidgetStore: MongoDB, a single server', widgetStoreContract({ make }));
  testContract('BookStore: MongoDB, a single server', bookStoreContract({ make }));
  testContract('ShipStore: MongoDB, a single server', shipStoreContract({ make }));
  testContract('Counters: MongoDB, a single server', countersContract({ make }));
});
