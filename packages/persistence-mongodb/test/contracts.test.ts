import { testMongo } from './support/contracts.ts';

// Outages, and what is asked again of times long ago, take as long as all the rest: contracts.ci.test.ts has them.
testMongo(({ section, name }) => section !== 'outage' && !name.endsWith(', long ago'));
