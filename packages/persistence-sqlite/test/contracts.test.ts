import { revokedTokenStoreContract, userStoreContract, widgetStoreContract } from '@portcullis/port-contracts';
import { testContract } from '@portcullis/port-contracts/node-test';
import { sqliteSubject } from './support/sqlite-subject.ts';

testContract('UserStore: SQLite', userStoreContract({ make: sqliteSubject }));
testContract('RevokedTokenStore: SQLite', revokedTokenStoreContract({ make: sqliteSubject }));
testContract('WidgetStore: SQLite', widgetStoreContract({ make: sqliteSubject }));
