import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { instant, ok, Unavailable } from '@portcullis/domain';
import { startMongod, withMongod } from '@portcullis/mongod';
import { type MongoStores, openMongo } from '@portcullis/persistence-mongodb';
import { newDatabaseName } from './support/mongo-subject.ts';
import { persistently, UNHURRIED } from './support/patience.ts';
import { type Condition, proxyTo } from './support/proxy.ts';
import { administrator, book, bookId, login, ship, shipId, token, user, userId, widget } from './support/samples.ts';

/** Long enough for a busy machine. A call that waited for its time twice, as the driver does that asks again, would be later. */
const LIMIT = { timeoutMilliseconds: 4000 } as const;
const REFUSED_WITHIN_MILLISECONDS = 2 * LIMIT.timeoutMilliseconds;

/** Every call of every port. */
const calls = ({
  users,
  revokedTokens,
  widgets,
  books,
  ships,
  counters,
  check,
  status,
}: MongoStores): Record<string, () => Promise<unknown>> => ({
  'users.add': () => users.add(user(2)),
  'users.add of a taken login': () => users.add(user(9, login(user(1).login))),
  'users.byId': () => users.byId(userId(1)),
  'users.byId of nobody': () => users.byId(userId(9)),
  'users.byLogin': () => users.byLogin(user(1).loginKey),
  'users.page': () => users.page({ number: 1, size: 10 }),
  'users.changeAccess': () => users.changeAccess(userId(1), { admin: true }),
  'users.changeAccess of the last administrator': () => users.changeAccess(userId(8), { admin: false }),
  'users.remove': () => users.remove(userId(7)),
  'users.replacePasswordHash': () => users.replacePasswordHash(userId(1), user(1).passwordHash, user(2).passwordHash),
  'revokedTokens.revoke': () => revokedTokens.revoke(token(2)),
  'revokedTokens.revoke again': () => revokedTokens.revoke(token(1)),
  'revokedTokens.isRevoked': () => revokedTokens.isRevoked(token(1).tokenId),
  'revokedTokens.isRevoked of another': () => revokedTokens.isRevoked(token(3).tokenId),
  'revokedTokens.sweep': () => revokedTokens.sweep(instant(0)),
  'widgets.add': () => widgets.add(widget(2)),
  'widgets.add of a taken name': () => widgets.add(widget(1)),
  'widgets.byName': () => widgets.byName(widget(1).name),
  'widgets.byName of none': () => widgets.byName(widget(9).name),
  'widgets.put': () => widgets.put(widget(1)),
  'widgets.remove': () => widgets.remove(widget(7).name),
  'widgets.page': () => widgets.page({ number: 1, size: 10 }),
  'users.all': () => users.all(),
  'users.replaceCredentials': () => users.replaceCredentials(userId(1), user(5)),
  'users.replaceCredentials of nobody': () => users.replaceCredentials(userId(9), user(5)),
  'books.add': () => books.add(book(2)),
  'books.add of a taken title': () => books.add(book(3, { title: book(1).title })),
  'books.all': () => books.all(),
  'books.remove': () => books.remove(bookId(7)),
  'ships.add': () => ships.add(ship(2)),
  'ships.add of an id in use': () => ships.add(ship(1)),
  'ships.byId': () => ships.byId(shipId(1)),
  'ships.byId of none': () => ships.byId(shipId(9)),
  'ships.all': () => ships.all(),
  'ships.replace': () => ships.replace(ship(7)),
  'ships.remove': () => ships.remove(shipId(7)),
  'counters.next': () => counters.next('users'),
  'counters.next of another': () => counters.next('books'),
  'counters.last': () => counters.last('users'),
  'counters.advance': () => counters.advance('users', 9),
  check,
  status,
});

/** All at once; each is refused in time. */
async function assertUnavailable(stores: MongoStores): Promise<void> {
  const begun = performance.now();
  await Promise.all(
    Object.entries(calls(stores)).map(async ([name, call]) => {
      await assert.rejects(call(), Unavailable, name);
      const waited = performance.now() - begun;
      assert.ok(waited <= REFUSED_WITHIN_MILLISECONDS, `${name} was refused after ${waited} ms`);
    }),
  );
}

withMongod(() => {
  // Together, since each of them waits.
  describe('an outage', { concurrency: true }, () => {
    let server: Awaited<ReturnType<typeof startMongod>>;
    before(async () => {
      server = await startMongod();
    });
    after(() => server.stop());

    for (const condition of ['cut', 'hanging', 'slow', 'halving'] satisfies Condition[]) {
      it(`is a fault on every call, in time, and over when it is over: ${condition}`, async (t) => {
        const databaseName = newDatabaseName();
        await (await openMongo({ url: server.getUri(), databaseName, ...UNHURRIED })).close();
        const proxy = await proxyTo(Number(new URL(server.getUri()).port));
        const stores = await openMongo({ url: `mongodb://${proxy.host}`, databaseName, ...LIMIT });
        t.after(async () => {
          await stores.close();
          await proxy.close();
        });
        await persistently(stores.check);
        await stores.users.add(user(1));
        await stores.users.add(administrator(8));
        await stores.revokedTokens.revoke(token(1));
        await stores.widgets.add(widget(1));
        await stores.books.add(book(1));
        await stores.ships.add(ship(1));
        assert.equal(await stores.counters.next('users'), 1);

        proxy.become(condition);
        await assertUnavailable(stores);
        await assertUnavailable(stores);

        proxy.become('open');
        await persistently(stores.check);
        const [one, another] = await Promise.all([stores.users.byId(userId(8)), stores.users.byId(userId(9))]);
        assert.deepEqual([one, another], [administrator(8), undefined]);
        assert.equal(await stores.revokedTokens.isRevoked(token(1).tokenId), true);
        assert.deepEqual(await stores.widgets.byName(widget(1).name), widget(1));
        assert.deepEqual(await stores.ships.byId(shipId(1)), ship(1));
        assert.ok((await stores.counters.next('users')) > 1);
        assert.deepEqual(await stores.users.add(user(20)), ok(undefined));
      });
    }
  });
});
