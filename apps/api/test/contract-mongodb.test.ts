import { after } from 'node:test';
import { startMongod, withMongod } from '@portcullis/mongod';
import { contract } from './contract/all.ts';
import { proveContract } from './contract/prove.ts';
import { inProcessTarget } from './support/in-process.ts';

await withMongod(async () => {
  const server = await startMongod();
  const target = await inProcessTarget('mongodb', `mongodb://127.0.0.1:${server.instanceInfo?.port}`);
  proveContract(target, contract);
  after(() => server.stop());
});
