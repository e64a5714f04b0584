import { after, before } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { AnyCollection, Instant } from '@portcullis/domain';
import { startMongod, withMongod } from '@portcullis/mongod';
import type { MongoStores } from '@portcullis/persistence-mongodb';
import { openMongo } from '@portcullis/persistence-mongodb';
import type { CertifiableSubject, OutageKind, Probe, Section } from '@portcullis/port-contracts';
import { type Db, type Document, MongoClient } from 'mongodb';
import { newDatabaseName } from './mongo-subject.ts';
import { persistently, UNHURRIED } from './patience.ts';
import { type Condition, proxyTo, type TcpProxy } from './proxy.ts';

const CONDITIONS: Readonly<Record<OutageKind, Condition>> = { cut: 'cut', slow: 'hanging', half: 'halving' };

/**
 * Two clients of a server that forgets each second, and that reach one new database by way of a proxy, which is what goes in an outage; a
 * third client looks past them. In an outage they wait for as long as the product does, else for as long as it takes.
 */
const certifiableSubject =
  (url: () => string, proxy: () => TcpProxy, collections: readonly AnyCollection[]): MakeCertifiable =>
  async (section) => {
    const limit = section === 'outage' ? {} : UNHURRIED;
    const databaseName = newDatabaseName();
    const opened: MongoStores[] = [];
    const open = async (given = collections): Promise<MongoStores> => {
      const stores = await openMongo({
        ...{ url: `mongodb://${proxy().host}`, databaseName, collections: given },
        ...limit,
      });
      opened.push(stores);
      await persistently(stores.check);
      return stores;
    };
    const close = async (): Promise<void> => {
      await Promise.all(opened.map((stores) => stores.close()));
    };
    // An index takes longer than a call.
    await (await openMongo({ url: url(), databaseName, collections, ...UNHURRIED })).close();
    const client = new MongoClient(url());
    const database = client.db(databaseName);
    return {
      stores: await open(),
      peer: await open(),
      close,
      newerRelease: { open },
      reopen: () => open(),
      probe: probeOf(database),
      ownExpiry: { runAt: (now) => runExpiry(client, database, now) },
      outage: {
        begin: async (kind) => proxy().become(CONDITIONS[kind]),
        end: async () => proxy().become('open'),
      },
      async dispose() {
        proxy().become('open');
        await close();
        await database.dropDatabase();
        await client.close();
      },
    };
  };

type MakeCertifiable = (section: Section) => Promise<CertifiableSubject<MongoStores>>;

/** Defines cases that take a probe, a clock or an outage, on a server behind a proxy that are there for as long as they run. */
export function onServerBehindProxy(
  collections: readonly AnyCollection[],
  define: (make: MakeCertifiable) => void,
): void {
  withMongod(() => {
    let server: Awaited<ReturnType<typeof startMongod>>;
    let proxy: TcpProxy;
    before(async () => {
      server = await startMongod({ forgets: true });
      proxy = await proxyTo(Number(new URL(server.getUri()).port));
    });
    after(async () => {
      await proxy.close();
      await server.stop();
    });
    define(certifiableSubject(
      () => server.getUri(),
      () => proxy,
      collections,
    ));
  });
}

/** What any other client sees. */
function probeOf(database: Db): Probe {
  const document = (collection: string, id: string | number) =>
    database.collection<Document & { _id: string | number }>(collection).findOne({ _id: id });
  return {
    async user(id) {
      const found = await document('users', id);
      if (!found) return undefined;
      const { _id, stamp, sessions, hashParameters, registeredAt, verifiedAt, ...fields } = found;
      const times = { registeredAt: registeredAt.getTime(), verifiedAt: verifiedAt?.getTime() ?? null };
      return { ...fields, ...times, id: _id } as never;
    },
    async session(userId, id) {
      const session = (await document('users', userId))?.sessions?.find((each: Document) => each.id === id);
      if (!session) return undefined;
      const times = ['createdAt', 'lastUsedAt', 'expiresAt', 'rotatedAt'].map((name) => [
        name,
        session[name]?.getTime() ?? null,
      ]);
      return { ...session, ...Object.fromEntries(times), userId };
    },
    revoked: async (id) => (await document('revokedTokens', id))?.expiresAt.getTime() as Instant | undefined,
    async key(number) {
      const { _id, ...fields }: Document = (await document('keys', number)) ?? {};
      const times = ['createdAt', 'signsFrom', 'retiredAt'].map((name) => [name, fields[name]?.getTime() ?? null]);
      return _id === undefined ? undefined : ({ ...fields, ...Object.fromEntries(times), number: _id } as never);
    },
    async mailToken(purpose, userId) {
      const [token] = (await document('mailTokens', `${purpose}:${userId}`))?.tokens ?? [];
      const times = { issuedAt: token?.issuedAt.getTime(), expiresAt: token?.expiresAt.getTime() };
      return token && ({ ...token, ...times, purpose, userId } as never);
    },
    async auditRecord(id) {
      const { _id, at, expiresAt, ...fields }: Document = (await document('audit', id)) ?? {};
      const times = { at: at?.getTime(), expiresAt: expiresAt?.getTime() };
      return _id === undefined ? undefined : ({ ...fields, ...times, id: _id } as never);
    },
    async record({ name, fields, key }, value) {
      const found = await document(name, value as string | number);
      if (!found) return undefined;
      const read = (field: string, kind: string): unknown => {
        const stored = found[field === key ? '_id' : field] ?? null;
        if (stored === null) return null;
        return kind === 'time' ? stored.getTime() : kind === 'json' ? JSON.parse(stored) : stored;
      };
      const record = Object.fromEntries(Object.entries(fields).map(([field, { kind }]) => [field, read(field, kind)]));
      return { record, version: found.version };
    },
    counter: async (name) => (await document('counters', name))?.last,
  };
}

/** The server deletes by its machine's clock, which no case can move: what is stored is moved instead, and back again. */
async function runExpiry(client: MongoClient, database: Db, now: Instant): Promise<void> {
  const move = (milliseconds: number) =>
    Promise.all(
      ['revokedTokens', 'mailTokens', 'audit'].map((name) =>
        database.collection(name).updateMany({}, [{ $set: { expiresAt: { $add: ['$expiresAt', milliseconds] } } }]),
      ),
    );
  const passes = async (): Promise<number> =>
    Number((await client.db('admin').command({ serverStatus: 1 })).metrics.ttl.passes);
  const by = Date.now() - now;
  await move(by);
  // The pass that is under way may have been here already; the one after it has not.
  const before = await passes();
  while ((await passes()) < before + 2) await delay(50);
  await move(-by);
}
