import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { it } from 'node:test';
import { MongoMemoryReplSet, MongoMemoryServer } from 'mongodb-memory-server-core';

type Search = { readonly found: string } | { readonly missing: string };
const script = new URL('../../../scripts/find-mongod.mjs', import.meta.url);
const { findMongod }: { findMongod(): Promise<Search> } = await import(script.href);
const search = await findMongod();

// It would rather have a newer one, and says so on every start.
process.env.MONGOMS_SYSTEM_BINARY_VERSION_CHECK = 'false';

const systemBinary = 'found' in search ? search.found : '';
const STORAGE = 'wiredTiger';

/** Defines the tests of a file that need a real server. Where there is none to be had, one test says so, or fails under CI. */
export function withMongod<T>(define: () => T): T | undefined {
  if ('found' in search) return define();
  it('the tests on MongoDB DID NOT RUN', (t) => {
    if (process.env.CI === 'true') throw new Error(search.missing);
    t.diagnostic(`NOT RUN, since there is no mongod: ${search.missing}`);
    // `npm test` closes with it.
    const { NOT_RUN_FILE: file } = process.env;
    if (file) appendFileSync(file, `${process.argv[1]}: there is no mongod: ${search.missing}\n`);
  });
  return undefined;
}

interface MongodOptions {
  readonly port?: number;
  readonly dbPath?: string;
  readonly args?: string[];
  /** Whether it looks each second for what is over by its own clock. Else never: the clocks of most tests are not its own. */
  readonly forgets?: boolean;
  /** Whether it asks for credentials. */
  readonly isGuarded?: boolean;
}

/** A server of its own on a free port, ended with the process at the latest. */
export const startMongod = ({
  isGuarded = false,
  forgets = false,
  args = [],
  ...instance
}: MongodOptions = {}): Promise<MongoMemoryServer> =>
  MongoMemoryServer.create({
    binary: { systemBinary },
    instance: {
      storageEngine: STORAGE,
      ...instance,
      args: ['--setParameter', forgets ? 'ttlMonitorSleepSecs=1' : 'ttlMonitorEnabled=false', ...args],
    },
    auth: { enable: isGuarded },
  });

/** What MongoDB itself waits for a primary: no shorter, or a busy machine has elections that nobody asked for. */
const ELECTION_TIMEOUT_MILLISECONDS = 10_000;

interface ReplicaSetOptions {
  /** How long the members do without a primary before they elect another one; for a test that ends one. */
  readonly electionTimeoutMillis?: number;
}

/** A replica set of so many members, with a primary. */
export const startReplicaSet = (
  count: number,
  { electionTimeoutMillis = ELECTION_TIMEOUT_MILLISECONDS }: ReplicaSetOptions = {},
): Promise<MongoMemoryReplSet> =>
  MongoMemoryReplSet.create({
    binary: { systemBinary },
    replSet: {
      count,
      storageEngine: STORAGE,
      configSettings: { electionTimeoutMillis },
    },
  });

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || !address) throw new Error('no port is free');
  return address.port;
}

/** Ends it as a failing machine would, and waits until it is gone. */
export async function kill(server: MongoMemoryServer): Promise<void> {
  const process = server.instanceInfo?.instance.mongodProcess;
  if (!process) throw new Error('it does not run');
  const exit = once(process, 'exit');
  process.kill('SIGKILL');
  await exit;
}

/** Starts it again after `kill`, with what it had on its disk; it must have been given port and path. */
export async function restart(server: MongoMemoryServer): Promise<void> {
  await server.stop({ doCleanup: false });
  await server.start(true);
}
