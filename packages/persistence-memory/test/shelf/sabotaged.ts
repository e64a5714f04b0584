import {
  type AnyCollection,
  type Collection,
  type Instant,
  instant,
  type OpenStores,
  type PortName,
  plusSeconds,
  REVOCATION_MARGIN_SECONDS,
  Unavailable,
} from '@portcullis/domain';
import { createMemory, type Memory, memoryStores, type Table } from '@portcullis/persistence-memory';
import type { CertifiableSubject, Make, Port, Section } from '@portcullis/port-contracts';
import { probeOf } from '../support/memory-subject.ts';
import { ConnectionLost, createNetwork, everyCall, through } from './network.ts';

/** An adapter that is wrong in one way that adapters are wrong in, and the section that must not let it pass. */
export interface Sabotaged {
  readonly port: Port;
  readonly section: Section;
  readonly wrong: string;
  readonly make: Make<CertifiableSubject<OpenStores>>;
}

/** What an adapter is built on. */
export interface World {
  /** The database. */
  readonly memory: Memory;
  /** One that is not the database: a cache that all nodes share. */
  readonly cache: Memory;
  /** The way to the database as a driver has it: no limit of time, and faults of its own. */
  readonly driver: OpenStores;
  /** As `driver`, with the faults that they should be. */
  readonly patient: OpenStores;
}

/** Makes the stores of a node wrong that were right, and the memory beneath them where need be. */
export type Sabotage = (honest: OpenStores, world: World) => OpenStores;

interface Parts {
  readonly stores: Sabotage;
  /** What a restart does to the database. */
  readonly restart: (memory: Memory) => void;
  /** What the database forgets by itself. */
  readonly expire: (memory: Memory, now: Instant) => void;
}

/** How long an honest adapter waits for the database. */
const PATIENCE_MILLISECONDS = 50;

const HONEST: Parts = {
  stores: (honest) => honest,
  restart: () => {},
  expire: (memory, now) => forget(memory, plusSeconds(now, -REVOCATION_MARGIN_SECONDS)),
};

export const forget = ({ revokedTokens, mailTokens, audit }: Memory, limit: Instant): void => {
  for (const [id, expiresAt] of revokedTokens) if (expiresAt <= limit) revokedTokens.delete(id);
  for (const [key, { expiresAt }] of mailTokens) if (expiresAt <= limit) mailTokens.delete(key);
  for (const [id, { expiresAt }] of audit) if (expiresAt <= limit) audit.delete(id);
};

/** An adapter with all that the kit asks for: it lies behind a network, and its database has a clock. */
export const shelfSubject =
  (sabotaged: Partial<Parts> = {}) =>
  async (): Promise<CertifiableSubject<OpenStores>> => {
    const { stores: sabotage, restart, expire } = { ...HONEST, ...sabotaged };
    const memory = createMemory();
    const cache = createMemory();
    const network = createNetwork();
    const open = (): OpenStores => {
      const driver = through(network.reach, memoryStores(memory));
      const patient = through(told, driver);
      return sabotage(through(inTime, patient), { memory, cache, driver, patient });
    };
    const [stores, peer] = [open(), open()];
    return {
      stores,
      peer,
      probe: probeOf(memory),
      ownExpiry: { runAt: async (now) => expire(memory, now) },
      outage: network,
      newerRelease: { open: async () => open() },
      async close() {
        await stores.close();
        await peer.close();
      },
      async reopen() {
        restart(memory);
        return open();
      },
      async dispose() {},
    };
  };

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (fault) {
    throw fault instanceof ConnectionLost ? new Unavailable('store', { cause: fault }) : fault;
  }
}

async function inTime<T>(work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Unavailable('store', { cause: new ConnectionLost('slow') })),
      PATIENCE_MILLISECONDS,
    );
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Puts an adapter of this port on the shelf. */
export const shelfOf =
  (port: Port) =>
  (section: Section, wrong: string, sabotaged: Sabotage | Partial<Parts>): Sabotaged => ({
    port,
    section,
    wrong,
    make: shelfSubject(typeof sabotaged === 'function' ? { stores: sabotaged } : sabotaged),
  });

/** Replaces methods of one store. */
export const sabotageOf =
  <P extends PortName>(port: P) =>
  (change: (honest: OpenStores[P], world: World) => Partial<OpenStores[P]>): Sabotage =>
  (honest, world) => ({ ...honest, [port]: { ...honest[port], ...change(honest[port], world) } });

type Row = Readonly<Record<string, unknown>>;
export type Rows = Collection<Row, string>;

/** One collection, as a wrong adapter comes to it. */
export interface Kept {
  readonly definition: AnyCollection;
  /** Its records, as the database has them, at this moment. */
  table(): Table;
  readonly world: World;
}

/** Replaces methods of every collection. */
export const sabotagedRows =
  (change: (honest: Rows, kept: Kept) => Partial<Rows>): Sabotage =>
  (honest, world) => ({
    ...honest,
    collection: ((given: unknown) => {
      const definition = given as AnyCollection;
      const rows = honest.collection(given as never) as unknown as Rows;
      const table = () => {
        const found = world.memory.tables.get(definition.name);
        return found ?? { entries: new Map(), inOrder: [], unique: definition.unique.map(() => new Map()) };
      };
      return { ...methodsOf(rows), ...change(rows, { definition, table, world }) };
    }) as OpenStores['collection'],
  });

const methodsOf = (rows: Rows): Rows => ({
  add: (record) => rows.add(record),
  byKey: (key) => rows.byKey(key),
  put: (record) => rows.put(record),
  replace: (record, seen) => rows.replace(record, seen),
  remove: (key, seen) => rows.remove(key, seen),
  list: (request) => rows.list(request),
});

/** A store that is kept elsewhere, but goes when the stores around it are closed or away. */
export const closedWith = <Store extends object>({ check }: OpenStores, store: Store): Store =>
  everyCall(store, async (work) => {
    await check();
    return work();
  });

export const inSeconds = (time: Instant): Instant => instant(Math.floor(time / 1000) * 1000);
export const cutAtNul = (text: string): string => text.split('\0')[0] ?? '';
