import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { Unavailable } from '@portcullis/domain';
import { kill, startReplicaSet, withMongod } from '@portcullis/mongod';
import type { MongoOptions } from '@portcullis/persistence-mongodb';
import { MongoClient } from 'mongodb';
import { newDatabaseName } from './support/mongo-subject.ts';
import { persistently, UNHURRIED } from './support/patience.ts';
import {
  administrator,
  login,
  openService,
  part,
  type ServiceStores,
  token,
  user,
  userId,
  widget,
} from './support/samples.ts';
import { writers } from './support/writers.ts';

const MEMBERS = 3;
const ACKNOWLEDGED_BETWEEN = 60;
/** Shorter than usual, since a primary is ended here. */
const ELECTION_TIMEOUT_MILLISECONDS = 4000;

withMongod(() => {
  let set: Awaited<ReturnType<typeof startReplicaSet>>;
  let client: MongoClient;
  before(async () => {
    set = await startReplicaSet(MEMBERS, { electionTimeoutMillis: ELECTION_TIMEOUT_MILLISECONDS });
    client = new MongoClient(set.getUri());
  });
  after(async () => {
    await client.close();
    await set.stop();
  });

  /** With the limit of the product. Its indexes are there, and it is connected. */
  async function open(
    t: TestContext,
    databaseName: string,
    options: Partial<MongoOptions> = {},
  ): Promise<ServiceStores> {
    await (await openService({ url: set.getUri(), databaseName, ...UNHURRIED })).close();
    const stores = await openService({ url: set.getUri(), databaseName, ...options });
    t.after(() => stores.close());
    if (options.url === undefined) await persistently(stores.check);
    return stores;
  }

  async function byRole() {
    const { primary } = await client.db('admin').command({ hello: 1 });
    const isPrimary = (port: number | undefined): boolean => String(primary).endsWith(`:${port}`);
    const running = set.servers.filter((server) => server.instanceInfo?.instance.mongodProcess);
    return {
      primary: running.find((server) => isPrimary(server.instanceInfo?.port)),
      secondaries: running.filter((server) => !isPrimary(server.instanceInfo?.port)),
    };
  }

  describe('a majority that is gone', () => {
    it('lets nobody be told what only one server knows', async (t) => {
      const stores = await open(t, newDatabaseName());
      await persistently(() => stores.users.add(administrator(1)));
      const { secondaries } = await byRole();
      const signal = (name: 'SIGSTOP' | 'SIGCONT'): void => {
        for (const { instanceInfo } of secondaries) instanceInfo?.instance.mongodProcess?.kill(name);
      };
      t.after(() => signal('SIGCONT'));

      signal('SIGSTOP');
      const attempts = await Promise.allSettled([
        stores.users.add(user(2)),
        stores.revokedTokens.revoke(token(2)),
        stores.widgets.add(widget(2)),
        stores.widgets.put(widget(3)),
        stores.parts.add(part(2)),
        stores.counters.next('users'),
        stores.counters.advance('ships', 15),
      ]);
      // The first ones stand in the way by now, on one server.
      const rivals = await Promise.allSettled([
        stores.users.add(user(4, login(user(2).login))),
        stores.revokedTokens.revoke(token(2)),
        stores.widgets.add(widget(2)),
        stores.widgets.put(widget(3)),
        stores.users.remove(userId(9)),
        stores.widgets.remove(widget(9).name),
        stores.widgets.replace(widget(3)),
        stores.parts.add(part(4, { title: part(2).title })),
        stores.parts.add(part(2, { title: 'another' })),
        stores.counters.next('users'),
        stores.counters.advance('ships', 16),
      ]);
      for (const each of [...attempts, ...rivals]) {
        assert.ok(each.status === 'rejected' && each.reason instanceof Unavailable, JSON.stringify(each));
      }
      signal('SIGCONT');
    });
  });

  describe('a direct connection', () => {
    it('to a server that is not the primary reads nothing', async (t) => {
      const { secondaries } = await byRole();
      const databaseName = newDatabaseName();
      const primary = await open(t, databaseName);
      await persistently(() => primary.revokedTokens.revoke(token(1)));
      const url = `mongodb://127.0.0.1:${secondaries[0]?.instanceInfo?.port}/?directConnection=true`;
      const stores = await open(t, databaseName, { url, migrates: false });
      assert.equal((await persistently(stores.status)).indexes, 'complete');
      await assert.rejects(stores.check(), Unavailable);
      await assert.rejects(stores.users.byId(userId(1)), Unavailable);
      await assert.rejects(stores.revokedTokens.isRevoked(token(1).tokenId), Unavailable);
    });
  });

  describe('a failover under load', () => {
    it('loses nothing that was acknowledged, serves no revoked token, and is nothing but unavailable meanwhile', async (t) => {
      const databaseName = newDatabaseName();
      const [one, other] = [await open(t, databaseName), await open(t, databaseName)];
      const written = writers(one, other);
      const progress = (): Promise<void> => {
        const enough = written.acknowledged() + ACKNOWLEDGED_BETWEEN;
        return written.until((acknowledged) => acknowledged >= enough);
      };

      await progress();
      await client.db('admin').command({ replSetStepDown: 5, secondaryCatchUpPeriodSecs: 5, force: true });
      await progress();
      t.diagnostic(`step-down: nothing was acknowledged for ${Math.round(written.takeGap())} ms`);

      const { primary } = await byRole();
      assert.ok(primary);
      await kill(primary);
      await progress();
      t.diagnostic(`kill: nothing was acknowledged for ${Math.round(written.takeGap())} ms`);

      await written.stop();
      for (const stores of [one, other, await open(t, databaseName)]) await written.assertAllThere(stores);
    });
  });
});
