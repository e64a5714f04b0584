import { widgetCollection } from '@portcullis/domain';
import { certificationCases, KIT_COLLECTIONS } from '@portcullis/port-contracts';
import { testContract } from '@portcullis/port-contracts/node-test';
import { memorySubject } from './support/memory-subject.ts';

const collections = [...KIT_COLLECTIONS, widgetCollection];

testContract('memory', certificationCases({ make: memorySubject, collections, timeFactor: 10 }));
