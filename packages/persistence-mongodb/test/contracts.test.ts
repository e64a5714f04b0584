import { after, before } from 'node:test';
import { revokedTokenStoreContract, userStoreContract, widgetStoreContract } from '@portcullis/port-contracts';
import { testContract } from '@portcullis/port-contracts/node-test';
import { mongoSubject } from './support/mongo-subject.ts';
import { startMongod, withMongod } from './support/mongod.ts';

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
});
