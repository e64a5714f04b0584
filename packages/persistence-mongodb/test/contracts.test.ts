import { after, before } from 'node:test';
import { startMongod, withMongod } from '@portcullis/mongod';
import { certificationCases, collectionTrials, KIT_COLLECTIONS, PORTS } from '@portcullis/port-contracts';
import { testContract } from '@portcullis/port-contracts/node-test';
import { certifiableSubject, EXPIRY_ARGS } from './support/certifiable-subject.ts';

/** Each waits for what does not come, and has a database and a proxy of its own. */
const OUTAGES_AT_A_TIME = 4;

withMongod(() => {
  let server: Awaited<ReturnType<typeof startMongod>>;
  before(async () => {
    server = await startMongod({ args: EXPIRY_ARGS });
  });
  after(() => server.stop());

  const url = () => server.getUri();
  const ports = PORTS.filter((port) => port !== 'collections');
  const cases = certificationCases({ make: certifiableSubject(url), ports, timeFactor: 10 });
  const outages = cases.filter(({ section }) => section === 'outage');
  testContract(
    'MongoDB, a single server',
    cases.filter((each) => !outages.includes(each)),
  );
  testContract('MongoDB, a single server, that goes away', outages, { concurrency: OUTAGES_AT_A_TIME });
  // What shows by the store alone is shown where one database serves all cases: to make the indexes takes longer than a case.
  const make = certifiableSubject(url, KIT_COLLECTIONS);
  for (const definition of KIT_COLLECTIONS) {
    testContract(
      `MongoDB, a single server: ${definition.name}`,
      collectionTrials({ make, definition, timeFactor: 10 }),
    );
  }
});
