// What takes a probe, a clock or an outage to show. To make the indexes anew takes longer than most cases.
import { collectionTrials, KIT_COLLECTIONS } from '@portcullis/port-contracts';
import { testContract } from '@portcullis/port-contracts/node-test';
import { onServerBehindProxy } from './support/certifiable-subject.ts';

onServerBehindProxy(KIT_COLLECTIONS, (make) => {
  for (const definition of KIT_COLLECTIONS) {
    testContract(
      `MongoDB, a single server: ${definition.name}`,
      collectionTrials({ make, definition, timeFactor: 10 }),
    );
  }
});
