import { testMongo } from './support/contracts.ts';

testMongo(({ section, name }) => section === 'outage' || name.endsWith(', long ago'));
