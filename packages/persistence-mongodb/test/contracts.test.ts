import { certificationCases, PORTS } from '@portcullis/port-contracts';
import { testContract } from '@portcullis/port-contracts/node-test';
import { onServerBehindProxy } from './support/certifiable-subject.ts';

const ports = PORTS.filter((port) => port !== 'collections');

onServerBehindProxy([], (make) => {
  testContract('MongoDB, a single server', certificationCases({ make, ports, timeFactor: 10 }));
});
