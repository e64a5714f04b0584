import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { COMMON_PORTS, hashParametersOf, ok, type PasswordHash, Unavailable } from '@portcullis/domain';
import { freePort, startMongod, withMongod } from '@portcullis/mongod';
import { MongoRefused, openMongo } from '@portcullis/persistence-mongodb';
import { type Db, Long, MongoClient } from 'mongodb';
import { newDatabaseName } from './support/mongo-subject.ts';
import { persistently, UNHURRIED } from './support/patience.ts';
import {
  administrator,
  openService,
  part,
  type ServiceStores,
  token,
  user,
  userId,
  widget,
} from './support/samples.ts';

const MARGIN_SECONDS = 300;

withMongod(() => {
  let server: Awaited<ReturnType<typeof startMongod>>;
  let client: MongoClient;
  before(async () => {
    server = await startMongod();
    client = new MongoClient(server.getUri());
  });
  after(async () => {
    await client.close();
    await server.stop();
  });

  /** A new database, seen past the stores. */
  const newDatabase = (): Db => client.db(newDatabaseName());

  async function open(t: TestContext, databaseName: string, migrates = true): Promise<ServiceStores> {
    const stores = await openService({ url: server.getUri(), databaseName, migrates, ...UNHURRIED });
    t.after(() => stores.close());
    return stores;
  }

  /** What opening the database is refused with. */
  async function refusal({ databaseName }: Db): Promise<string> {
    const fault = await openService({ url: server.getUri(), databaseName, ...UNHURRIED }).then(
      async (stores) => {
        await stores.close();
        assert.fail('it was opened');
      },
      (reason: unknown) => reason,
    );
    assert.ok(fault instanceof MongoRefused, String(fault));
    return fault.message;
  }

  describe('a user whom an earlier release stored', () => {
    it('is in token epoch 0, and each change moves it from there', async (t) => {
      const database = newDatabase();
      const stores = await open(t, database.databaseName);
      const { users, sessions } = stores;
      await users.add(administrator(0));
      const changes: readonly (() => Promise<unknown>)[] = [
        () => users.changeAccess(userId(1), { admin: true }),
        () => users.changeAccess(userId(1), { admin: false }),
        () => users.replaceCredentials(userId(1), user(1)),
        () => sessions.replacePassword(userId(1), user(1).passwordHash, user(2).passwordHash),
        () => sessions.endAll(userId(1)),
        () => users.changeAccess(userId(1), { disabled: true }, { tokenEpoch: 0, verifiedAt: null }),
      ];
      for (const [n, change] of changes.entries()) {
        await users.add(n === 1 ? administrator(1) : user(1));
        const collection = database.collection<{ _id: string }>('users');
        await collection.updateOne({ _id: userId(1) }, { $unset: { tokenEpoch: 1, verifiedAt: 1 } });
        assert.equal((await users.byId(userId(1)))?.tokenEpoch, 0);
        await users.changeAccess(userId(1), {});
        assert.equal((await users.byId(userId(1)))?.tokenEpoch, 0);
        const seen = { tokenEpoch: 0, verifiedAt: null };
        assert.equal((await users.changeAccess(userId(1), {}, { ...seen, tokenEpoch: 1 })).ok, false);
        assert.equal((await users.changeAccess(userId(1), {}, seen)).ok, true);
        await change();
        assert.equal((await users.byId(userId(1)))?.tokenEpoch, 1, `change ${n}`);
        await users.remove(userId(1));
      }
    });
  });

  describe('opening a database', () => {
    it('creates the indexes before anything is stored', async (t) => {
      const database = newDatabase();
      await open(t, database.databaseName);
      const indexes = async (name: string) =>
        (await database.collection(name).listIndexes().toArray()).map(({ v: _v, name: _name, ...index }) => index);
      assert.deepEqual(await indexes('users'), [
        { key: { _id: 1 } },
        { key: { loginKey: 1 }, unique: true },
        { key: { registeredAt: 1, _id: 1 } },
        { key: { hashParameters: 1 } },
        { key: { admin: 1 }, partialFilterExpression: { admin: true, disabled: false } },
        { key: { 'sessions.expiresAt': 1 } },
      ]);
      assert.deepEqual(await indexes('revokedTokens'), [
        { key: { _id: 1 } },
        { key: { expiresAt: 1 }, expireAfterSeconds: MARGIN_SECONDS },
      ]);
      assert.deepEqual(await indexes('widgets'), [
        { key: { _id: 1 } },
        { key: { createdAt: 1, arrival: 1, _id: 1 } },
        { key: { deadline: 1, arrival: 1 } },
        { key: { ownerId: 1, createdAt: 1, arrival: 1 } },
        { key: { deadline: 1, createdAt: 1, arrival: 1 } },
      ]);
      assert.deepEqual(await indexes('parts'), [{ key: { _id: 1 } }, { key: { title: 1 }, unique: true }]);
      const expiring = { key: { expiresAt: 1 }, expireAfterSeconds: MARGIN_SECONDS };
      assert.deepEqual(await indexes('mailTokens'), [
        { key: { _id: 1 } },
        { key: { 'tokens.hash': 1 } },
        { key: { 'tokens.expiresAt': 1 } },
        expiring,
      ]);
      assert.deepEqual(await indexes('audit'), [
        { key: { _id: 1 } },
        { key: { at: 1, _id: 1 } },
        { key: { userId: 1, at: 1, _id: 1 } },
        { key: { kind: 1, at: 1, _id: 1 } },
        expiring,
      ]);
      for (const name of ['counters', 'keys']) assert.deepEqual(await indexes(name), [{ key: { _id: 1 } }]);
    });

    it('tells how the hashes are made that an earlier release stored', async (t) => {
      const database = newDatabase();
      const hashes = [
        ...[
          '$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$c29t/Q',
          '$2b$12$abcdefghijklmnopqrstuu',
          'scrypt:32768:8:1$Salt$ab',
        ],
        ...['pbkdf2:sha256:1000$Salt$ab', 'no hash'],
      ] as PasswordHash[];
      const users = database.collection<{ _id: string }>('users');
      await users.insertMany(hashes.map((passwordHash, n) => ({ _id: `${n}`, loginKey: `${n}`, passwordHash })));
      const stores = await open(t, database.databaseName);
      assert.deepEqual([...(await stores.users.hashParametersInUse())].sort(), hashes.map(hashParametersOf).sort());
    });

    it('takes what is there already, whatever its name, from any number of nodes at once', async (t) => {
      const database = newDatabase();
      await database.collection('users').createIndex({ loginKey: 1 }, { unique: true, name: 'made-by-hand' });
      const nodes = await Promise.all(Array.from({ length: 5 }, () => open(t, database.databaseName)));
      for (const [n, node] of nodes.entries()) assert.deepEqual(await node.users.add(user(n)), ok(undefined));
      assert.equal((await database.collection('users').listIndexes().toArray()).length, 6);
    });

    it('refuses an index that exists with other options, and says which', async () => {
      const other: readonly (readonly [string, Record<string, 1>, object, RegExp])[] = [
        ['users', { loginKey: 1 }, {}, /users \(loginKey\) has the options \{\} instead of \{"unique":true\}/],
        [
          'users',
          { loginKey: 1 },
          { unique: true, sparse: true },
          /users \(loginKey\) has the options .*"sparse":true/,
        ],
        ['users', { loginKey: 1 }, { unique: true, partialFilterExpression: { admin: true } }, /users \(loginKey\)/],
        ['users', { registeredAt: 1, _id: 1 }, { hidden: true }, /users \(registeredAt, _id\) .*"hidden":true/],
        ['revokedTokens', { expiresAt: 1 }, {}, /revokedTokens \(expiresAt\) has the options \{\}/],
        ['revokedTokens', { expiresAt: 1 }, { expireAfterSeconds: 0 }, /"expireAfterSeconds":0\} instead of/],
        ['parts', { title: 1 }, {}, /parts \(title\) has the options \{\} instead of \{"unique":true\}/],
        ['widgets', { createdAt: 1, arrival: 1, _id: 1 }, { unique: true }, /widgets \(createdAt, arrival, _id\)/],
      ];
      for (const [collection, key, options, message] of other) {
        const database = newDatabase();
        await database.collection(collection).createIndex(key, options);
        assert.match(await refusal(database), message);
      }
    });

    it('refuses a collection that compares by other rules than ours', async () => {
      for (const name of ['users', 'revokedTokens', 'widgets', 'parts', 'counters']) {
        const database = newDatabase();
        await database.createCollection(name, { collation: { locale: 'en', strength: 1 } });
        assert.match(await refusal(database), new RegExp(`${name} \\(_id\\) has the options .*"strength":1`));
      }
    });

    it('refuses data that an index cannot hold, and does not tell it', async () => {
      const database = newDatabase();
      await database
        .collection('users')
        .insertMany([{ loginKey: 'jane@example.com' }, { loginKey: 'jane@example.com' }]);
      assert.equal(await refusal(database), 'MongoDB has documents in users that no unique index can be made for');
    });

    it('refuses what the user has no right to', async (t) => {
      const guarded = await startMongod({ isGuarded: true });
      t.after(() => guarded.stop());
      const { host } = new URL(guarded.getUri());
      for (const url of [`mongodb://${host}`, `mongodb://jane:hunter2@${host}/admin`]) {
        await assert.rejects(openService({ url, ...UNHURRIED }), (fault) => {
          assert.ok(fault instanceof MongoRefused, String(fault));
          assert.match(fault.message, /^MongoDB denies access: /);
          assert.doesNotMatch(fault.message, /hunter2/);
          return true;
        });
      }
    });

    it('refuses a URL that is none, and does not repeat it', async () => {
      const urls = ['', 'hunter2', 'http://hunter2', 'mongodb://', 'mongodb://jane:hunter2@/x'];
      for (const url of [...urls, 'mongodb://u%:hunter2@h', 'mongodb://h/?hunter2=1', 'mongodb://h/?w=']) {
        await assert.rejects(openService({ url }), (fault) => {
          assert.ok(fault instanceof MongoRefused, `${url}: ${fault}`);
          assert.doesNotMatch(fault.message, /hunter2/);
          return true;
        });
      }
    });

    it('goes by the database that the URL names, or by portcullis', async (t) => {
      const { host } = new URL(server.getUri());
      for (const [path, name] of Object.entries({
        '': 'portcullis',
        '/': 'portcullis',
        '/?w=1': 'portcullis',
        '/other': 'other',
        '/other?w=1': 'other',
      })) {
        const stores = await openService({ url: `mongodb://${host}${path}`, ...UNHURRIED });
        t.after(() => stores.close());
        assert.equal((await stores.status()).database, name);
      }
    });

    it('where it is told not to migrate, answers nothing until somebody did', async (t) => {
      const database = newDatabase();
      const stores = await open(t, database.databaseName, false);
      for (const call of [() => stores.check(), () => stores.users.byId(userId(1)), () => stores.users.add(user(1))]) {
        await assert.rejects(call(), MongoRefused);
      }
      assert.match((await stores.status()).indexes, /^users \(_id\) is missing; users \(loginKey\) is missing; /);
      assert.deepEqual(await database.listCollections().toArray(), []);

      await stores.migrate();
      await stores.check();
      assert.deepEqual(await stores.users.add(user(1)), ok(undefined));
      assert.equal((await stores.status()).indexes, 'complete');
    });

    it('of which there is nothing yet, is read as an empty one or made, as it is told', async (t) => {
      const database = newDatabase();
      const { databaseName } = database;
      const openIfEmpty = async (ifEmpty: 'made' | 'left') => {
        const stores = await openService({
          url: server.getUri(),
          databaseName,
          migrates: false,
          ifEmpty,
          ...UNHURRIED,
        });
        t.after(() => stores.close());
        return stores;
      };
      const reader = await openIfEmpty('left');
      assert.deepEqual(await reader.users.all(), []);
      assert.deepEqual(await database.listCollections().toArray(), []);
      const writer = await openIfEmpty('made');
      assert.deepEqual(await writer.users.add(user(1)), ok(undefined));
      assert.equal((await writer.status()).indexes, 'complete');
      assert.equal((await (await openIfEmpty('left')).users.all()).length, 1);

      await database.collection('users').dropIndexes();
      for (const ifEmpty of ['made', 'left'] as const) await assert.rejects(openIfEmpty(ifEmpty), MongoRefused);
      assert.match((await writer.status()).indexes, /is missing/);
    });

    it('waits for an index that takes longer than a call may, and answers once it is there', async (t) => {
      const slow = await startMongod({ args: ['--setParameter', 'enableTestCommands=1'] });
      const admin = new MongoClient(slow.getUri());
      t.after(async () => {
        await admin.close();
        await slow.stop();
      });
      const hold = (mode: 'alwaysOn' | 'off') =>
        admin.db('admin').command({ configureFailPoint: 'hangAfterStartingIndexBuild', mode });
      // Of an empty collection an index is there at once.
      await admin.db('portcullis').collection('users').insertOne({ loginKey: 'jane@example.com' });

      await hold('alwaysOn');
      const stores = await openService({ url: slow.getUri() });
      t.after(() => stores.close());
      const migrated = stores.migrate();
      await assert.rejects(stores.check(), Unavailable);
      await assert.rejects(stores.users.byId(userId(1)), Unavailable);
      await hold('off');
      await migrated;
      await persistently(stores.check);
      assert.equal((await persistently(stores.status)).indexes, 'complete');
    });

    it('has the collections of its ports alone, and takes a database that has more', async (t) => {
      const { databaseName } = newDatabase();
      const few = await openMongo({ url: server.getUri(), databaseName, ports: COMMON_PORTS, ...UNHURRIED });
      t.after(() => few.close());
      const countsOf = (status: object) =>
        Object.entries(status).flatMap(([name, count]) => (typeof count === 'number' ? [name] : []));
      assert.deepEqual(countsOf(await few.status()), [...COMMON_PORTS]);
      const more = await openMongo({ url: server.getUri(), databaseName, ...UNHURRIED });
      t.after(() => more.close());
      await more.counters.next('kept');
      const again = { url: server.getUri(), databaseName, ports: ['users'], migrates: false, ...UNHURRIED } as const;
      const fewer = await openMongo(again);
      t.after(() => fewer.close());
      await fewer.check();
      assert.deepEqual(countsOf(await fewer.status()), ['users']);
      assert.equal(await more.counters.last('kept'), 1);
    });

    it('tells what is in it', async (t) => {
      const { databaseName } = newDatabase();
      const stores = await open(t, databaseName);
      for (const n of [1, 2]) await stores.users.add(user(n));
      await stores.revokedTokens.revoke(token(1));
      await stores.widgets.add(widget(1));
      for (const n of [1, 2]) await stores.parts.add(part(n));
      for (const name of ['users', 'books', 'ships']) await stores.counters.next(name);
      const { serverVersion, ...status } = await stores.status();
      assert.match(serverVersion, /^\d+\.\d+\.\d+/);
      assert.deepEqual(status, {
        store: 'mongodb',
        database: databaseName,
        deployment: 'standalone',
        indexes: 'complete',
        users: 2,
        revokedTokens: 1,
        widgets: 1,
        parts: 2,
        counters: 3,
        keys: 0,
        mailTokens: 0,
        audit: 0,
      });
      await stores.close();
      await stores.close();
      await assert.rejects(stores.status(), Unavailable);
      await assert.rejects(stores.check(), Unavailable);
      await assert.rejects(stores.migrate(), Unavailable);
    });

    it('takes a server that is away, and sees to the indexes once it is there', async (t) => {
      const port = await freePort();
      const stores = await openService({ url: `mongodb://127.0.0.1:${port}` });
      t.after(() => stores.close());
      await assert.rejects(stores.check(), Unavailable);
      await assert.rejects(stores.status(), Unavailable);

      const late = await startMongod({ port });
      t.after(() => late.stop());
      await persistently(stores.check);
      assert.deepEqual(await stores.users.add(user(1)), ok(undefined));
      assert.equal((await persistently(stores.status)).indexes, 'complete');
    });

    it('takes a name that nobody knows for a server that is away', async (t) => {
      const stores = await openService({ url: 'mongodb+srv://store.portcullis.invalid' });
      t.after(() => stores.close());
      await assert.rejects(stores.check(), Unavailable);
    });

    it('takes for a fault what another program has stored wrong', async (t) => {
      const database = newDatabase();
      const stores = await open(t, database.databaseName);
      await stores.users.add(user(1));
      await stores.users.add(user(2));
      for (const wrong of [
        { admin: 'no' },
        { disabled: 1 },
        { loginKey: 5 },
        { firstName: 5 },
        { registeredAt: 5 },
        { passwordHash: null },
      ]) {
        await database.collection<{ _id: string }>('users').updateOne({ _id: userId(1) }, { $set: wrong });
        const [broken, sound] = await Promise.allSettled([stores.users.byId(userId(1)), stores.users.byId(userId(2))]);
        assert.equal(broken.status, 'rejected');
        assert.deepEqual(sound, { status: 'fulfilled', value: user(2) });
      }
      for (const last of [1.5, 'one', null, 2 ** 53, Long.MAX_VALUE]) {
        await database.collection<{ _id: string }>('counters').replaceOne({ _id: 'a' }, { last }, { upsert: true });
        await assert.rejects(stores.counters.last('a'), TypeError);
        await assert.rejects(stores.counters.next('a'));
      }
    });
  });
});
