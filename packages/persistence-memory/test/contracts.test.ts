import { certificationCases } from '@portcullis/port-contracts';
import { testContract } from '@portcullis/port-contracts/node-test';
import { memorySubject } from './support/memory-subject.ts';

testContract('memory', certificationCases({ make: memorySubject, timeFactor: 10 }));
