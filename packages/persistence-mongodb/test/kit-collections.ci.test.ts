import { after, before } from 'node:test';
import { startMongod, withMongod } from '@portcullis/mongod';
import { KIT_COLLECTIONS } from '@portcullis/port-contracts';
import { testCollections } from './support/kit-collections.ts';

withMongod(() => {
  let server: Awaited<ReturnType<typeof startMongod>>;
  before(async () => {
    server = await startMongod();
  });
  after(() => server.stop());

  testCollections('a single server', () => server.getUri(), KIT_COLLECTIONS);
});
