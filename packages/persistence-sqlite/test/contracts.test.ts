import { certificationCases } from '@portcullis/port-contracts';
import { testContract } from '@portcullis/port-contracts/node-test';
import { sqliteSubject } from './support/sqlite-subject.ts';

testContract('SQLite', certificationCases({ make: sqliteSubject, timeFactor: 10 }));
