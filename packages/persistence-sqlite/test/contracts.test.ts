import {
  bookStoreContract,
  countersContract,
  revokedTokenStoreContract,
  shipStoreContract,
  userStoreContract,
  widgetStoreContract,
} from '@portcullis/port-contracts';
import { testContract } from '@portcullis/port-contracts/node-test';
import { sqliteSubject } from './support/sqlite-subject.ts';

testContract('UserStore: SQLite', userStoreContract({ make: sqliteSubject }));
testContract('RevokedTokenStore: SQLite', revokedTokenStoreContract({ make: sqliteSubject }));
testContract('WidgetStore: SQLite', widgetStoreContract({ make: sqliteSubject }));
testContract('BookStore: SQLite', bookStoreContract({ make: sqliteSubject }));
testContract('ShipStore: SQLite', shipStoreContract({ make: sqliteSubject }));
testContract('Counters: SQLite', countersContract({ make: sqliteSubject }));
