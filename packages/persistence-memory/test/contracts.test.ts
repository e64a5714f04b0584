import {
  bookStoreContract,
  countersContract,
  revokedTokenStoreContract,
  shipStoreContract,
  userStoreContract,
  widgetStoreContract,
} from '@portcullis/port-contracts';
import { testContract } from '@portcullis/port-contracts/node-test';
import { memorySubject } from './support/memory-subject.ts';

testContract('UserStore: memory', userStoreContract({ make: memorySubject }));
testContract('RevokedTokenStore: memory', revokedTokenStoreContract({ make: memorySubject }));
testContract('WidgetStore: memory', widgetStoreContract({ make: memorySubject }));
testContract('BookStore: memory', bookStoreContract({ make: memorySubject }));
testContract('ShipStore: memory', shipStoreContract({ make: memorySubject }));
testContract('Counters: memory', countersContract({ make: memorySubject }));
