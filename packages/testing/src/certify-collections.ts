import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import {
  type AnyCollection,
  COMMON_PORTS,
  type CommonPort,
  type OpenStores,
  type StoreAdapter,
} from '@portcullis/domain';
import { startMongod, withMongod } from '@portcullis/mongod';
import { createMemory } from '@portcullis/persistence-memory';
import { type CertifiableSubject, certificationCases } from '@portcullis/port-contracts';
import { testContract } from '@portcullis/port-contracts/node-test';
import { memory } from './memory.ts';

type Opened = OpenStores<CommonPort>;

const OUTAGES = 'outages and what a probe shows are certified with the adapter';

/** Certifies the collections of a service on every store that the service names, and in memory. An adapter that a setting chooses is MongoDB. */
export function certifyCollections({
  collections = [],
  stores,
}: {
  readonly collections?: readonly AnyCollection[];
  readonly stores: readonly StoreAdapter[];
}): void {
  let databases = 0;
  const certify = (name: string, adapter: () => StoreAdapter, settings: () => Readonly<Record<string, string>>) =>
    testContract(
      `collections on ${name}`,
      certificationCases({
        make: () => subjectOf(adapter(), collections, settings()),
        ports: ['collections'],
        collections,
        timeFactor: 10,
      }),
    );

  for (const adapter of stores) {
    const { chosenBy } = adapter;
    if (chosenBy === undefined) {
      certify(
        adapter.name,
        () => adapter,
        () => ({}),
      );
      continue;
    }
    withMongod(() => {
      let server: Awaited<ReturnType<typeof startMongod>> | undefined;
      before(async () => {
        server = await startMongod();
      });
      after(() => server?.stop());
      certify(
        adapter.name,
        () => adapter,
        () => {
          databases += 1;
          return { [chosenBy]: `mongodb://127.0.0.1:${server?.instanceInfo?.port}/certified-${databases}` };
        },
      );
    });
  }
  certify(
    'memory',
    () => memory(createMemory()),
    () => ({}),
  );
}

/** Two nodes over one new store. */
async function subjectOf(
  adapter: StoreAdapter,
  collections: readonly AnyCollection[],
  settings: Readonly<Record<string, string>>,
): Promise<CertifiableSubject<Opened>> {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-'));
  const opened: Opened[] = [];
  const open = async (given = collections): Promise<Opened> => {
    const owner = { name: 'certified', collections: given, ports: COMMON_PORTS, folder, timeoutMilliseconds: 60_000 };
    const stores = await adapter.open(settings, owner, 'prepare');
    opened.push(stores);
    return stores;
  };
  const close = () => Promise.all(opened.splice(0).map((stores) => stores.close()));
  const excuse = { notApplicable: OUTAGES };
  return {
    ...{ stores: await open(), peer: await open(), close, reopen: () => open() },
    ...{ probe: excuse, ownExpiry: excuse, outage: excuse, newerRelease: { open } },
    async dispose() {
      await close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}
