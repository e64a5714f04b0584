// What takes a probe, a clock or an outage to show. To make the indexes anew takes longer than most cases.
import { after, before } from 'node:test';
import { startMongod, withMongod } from '@portcullis/mongod';
import { collectionTrials, KIT_COLLECTIONS } from '@portcullis/port-contracts';
import { testContract } from '@portcullis/port-contracts/node-test';
import { certifiableSubject, EXPIRY_ARGS } from './support/certifiable-subject.ts';
import { proxyTo, type TcpProxy } from './support/proxy.ts';

withMongod(() => {
  let server: Awaited<ReturnType<typeof startMongod>>;
  let proxy: TcpProxy;
  before(async () => {
    server = await startMongod({ args: EXPIRY_ARGS });
    proxy = await proxyTo(Number(new URL(server.getUri()).port));
  });
  after(async () => {
    await proxy.close();
    await server.stop();
  });
  const make = certifiableSubject(
    () => server.getUri(),
    () => proxy,
    KIT_COLLECTIONS,
  );

  for (const definition of KIT_COLLECTIONS) {
    testContract(
      `MongoDB, a single server: ${definition.name}`,
      collectionTrials({ make, definition, timeFactor: 10 }),
    );
  }
});
