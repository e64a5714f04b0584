import { type ContractCase, certificationCases, PORTS } from '@portcullis/port-contracts';
import { testContract } from '@portcullis/port-contracts/node-test';
import { onServerBehindProxy } from './certifiable-subject.ts';

const ports = PORTS.filter((port) => port !== 'collections');

/** Certifies every port but collections on a single server. @param isOfThese which of the cases */
export const testMongo = (isOfThese: (each: ContractCase) => boolean): void =>
  onServerBehindProxy([], (make) => {
    const cases = certificationCases({ make, ports, timeFactor: 10 });
    testContract('MongoDB, a single server', cases.filter(isOfThese));
  });
