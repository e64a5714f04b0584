import { contract } from './contract/all.ts';
import { proveContract } from './contract/prove.ts';
import { inProcessTarget } from './support/in-process.ts';

proveContract(await inProcessTarget('sqlite'), contract);
