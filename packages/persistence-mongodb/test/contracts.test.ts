import { after, before } from 'node:test';
import { startMongod, withMongod } from '@portcullis/mongod';
import { certificationCases, collectionTrials, KIT_COLLECTIONS, PORTS } from '@portcullis/port-contracts';
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
  const making = (collections: typeof KIT_COLLECTIONS | readonly [] = []) =>
    certifiableSubject(
      () => server.getUri(),
      () => proxy,
      collections,
    );

  const ports = PORTS.filter((port) => port !== 'collections');
  testContract('MongoDB, a single server', certificationCases({ make: making(), ports, timeFactor: 10 }));
  // What shows by the store alone is shown where one database serves all cases: to make the indexes takes longer than a case.
  for (const definition of KIT_COLLECTIONS) {
    const trials = collectionTrials({ make: making(KIT_COLLECTIONS), definition, timeFactor: 10 });
    testContract(`MongoDB, a single server: ${definition.name}`, trials);
  }
});
