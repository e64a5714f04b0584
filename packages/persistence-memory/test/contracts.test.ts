import { revokedTokenStoreContract, userStoreContract, widgetStoreContract } from '@portcullis/port-contracts';
import { testContract } from '@portcullis/port-contracts/node-test';
import { memorySubject } from './support/memory-subject.ts';

testContract('UserStore: memory', userStoreContract({ make: memorySubject }));
testContract('RevokedTokenStore: memory', revokedTokenStoreContract({ make: memorySubject }));
testContract('WidgetStore: memory', widgetStoreContract({ make: memorySubject }));
