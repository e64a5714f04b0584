// What a service keeps of its own in the database, on the connection of the ports and in transactions over both.
import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { Unavailable, type UserId } from '@portcullis/domain';
import { startMongod, startReplicaSet, withMongod } from '@portcullis/mongod';
import { type MongoConnection, MongoRefused, type OwnMongo, openMongo } from '@portcullis/persistence-mongodb';
import { newDatabaseName } from './support/mongo-subject.ts';
import { UNHURRIED } from './support/patience.ts';
import { user, userId } from './support/samples.ts';

interface Points {
  readonly _id: UserId;
  readonly points: number;
}

const pointsOn = (connection: MongoConnection) => {
  const { database, bounded } = connection;
  const collection = database.collection<Points>('points');
  const users = database.collection<{ readonly _id: UserId; readonly firstName: string | null }>('users');
  return {
    points: {
      of: (id: UserId) =>
        connection.answer(async () => (await connection.read(() => collection.findOne({ _id: id }, bounded)))?.points),
      /** Gives points and a name, or neither. */
      give: (id: UserId, points: number, name: string) =>
        connection.transaction(async (session) => {
          await users.updateOne({ _id: id }, { $set: { firstName: name } }, { session });
          await collection.insertOne({ _id: id, points }, { session });
        }),
    },
  };
};

const POINTS: OwnMongo<ReturnType<typeof pointsOn>> = {
  collections: { points: [{ key: { points: 1 }, options: { unique: true } }] },
  open: pointsOn,
};

withMongod(() => {
  let single: Awaited<ReturnType<typeof startMongod>>;
  let set: Awaited<ReturnType<typeof startReplicaSet>>;
  before(async () => {
    [single, set] = await Promise.all([startMongod(), startReplicaSet(1)]);
  });
  after(async () => {
    await Promise.all([single.stop(), set.stop()]);
  });

  async function opened(t: TestContext, url: string, databaseName = newDatabaseName()) {
    const stores = await openMongo({ url, databaseName, own: POINTS, ...UNHURRIED });
    t.after(() => stores.close());
    assert.ok(stores.ownStores);
    return { ...stores, databaseName, points: stores.ownStores.points };
  }

  describe('own collections of the database', () => {
    it('have their indexes made and verified, and are counted by the status', async (t) => {
      const { databaseName, status } = await opened(t, single.getUri());
      const { points, indexes } = await status();
      assert.deepEqual([points, indexes], [0, 'complete']);
      const given = { url: single.getUri(), databaseName, migrates: false, ifEmpty: 'left', ...UNHURRIED } as const;
      const other = { collections: { points: [{ key: { rank: 1 } as const }] }, open: () => ({}) };
      await assert.rejects(openMongo({ ...given, own: other }), MongoRefused);
      await assert.rejects(openMongo({ ...given, own: { ...other, collections: { audit: [] } } }), TypeError);
    });

    it('are changed in one transaction with those of the ports, on a replica set: both or neither', async (t) => {
      const { users, points } = await opened(t, set.getUri());
      for (const n of [1, 2]) await users.add(user(n));
      await points.give(userId(1), 5, 'Ada');
      assert.deepEqual(await users.byId(userId(1)), user(1, { firstName: 'Ada' }));
      assert.equal(await points.of(userId(1)), 5);
      await assert.rejects(points.give(userId(2), 5, 'Eve'), /duplicate key/);
      assert.deepEqual(await users.byId(userId(2)), user(2));
      assert.equal(await points.of(userId(2)), undefined);
    });

    it('have no transactions on a single server, and are told so before anything is done', async (t) => {
      const { users, points } = await opened(t, single.getUri());
      await users.add(user(1));
      await assert.rejects(
        points.give(userId(1), 5, 'Ada'),
        new TypeError('a server without replication has no transactions'),
      );
      assert.deepEqual(await users.byId(userId(1)), user(1));
    });

    it('are unavailable where the ports are', async (t) => {
      const { points, close } = await opened(t, single.getUri());
      await close();
      await assert.rejects(points.of(userId(1)), Unavailable);
    });
  });
});
