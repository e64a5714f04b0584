import { after, before } from 'node:test';
import { startReplicaSet, withMongod } from '@portcullis/mongod';
import {
  auditStoreContract,
  countersContract,
  keyStoreContract,
  mailTokenStoreContract,
  revokedTokenStoreContract,
  sessionStoreContract,
  userStoreContract,
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

  for (const [port, cases] of Object.entries({
    UserStore: userStoreContract(options),
    SessionStore: sessionStoreContract(options),
    RevokedTokenStore: revokedTokenStoreContract(options),
    Counters: countersContract(options),
    KeyStore: keyStoreContract(options),
    MailTokenStore: mailTokenStoreContract(options),
    AuditStore: auditStoreContract(options),
  })) {
    testContract(`${port}: MongoDB, a replica set`, cases);
  }
});
