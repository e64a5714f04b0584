// Starts the API on a MongoDB replica set of three that lives as long as this process: for a person who wants to look.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { findMongod } from './find-mongod.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const search = await findMongod();
if ('missing' in search) {
  console.error(`There is no mongod to be had: ${search.missing}`);
  process.exit(1);
}

process.env.MONGOMS_SYSTEM_BINARY_VERSION_CHECK = 'false';
const from = createRequire(join(root, 'packages/mongod/package.json'));
const { MongoMemoryReplSet } = await import(pathToFileURL(from.resolve('mongodb-memory-server-core')).href);
console.error('Starting a replica set of three …');
const set = await MongoMemoryReplSet.create({
  binary: { systemBinary: search.found },
  replSet: { count: 3, storageEngine: 'wiredTiger' },
});
const url = set.getUri('portcullis');
console.error(`The command line reaches it with MONGODB_URL='${url}'`);

const api = spawn(process.execPath, [join(root, 'apps/api/dist/main.js'), 'serve'], {
  stdio: 'inherit',
  env: { ...process.env, MONGODB_URL: url },
});
// The terminal sends Ctrl-C to both; the API drains, and the set ends after it.
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => api.kill(signal));
const [code] = await once(api, 'close');
await set.stop();
process.exit(code ?? 1);
