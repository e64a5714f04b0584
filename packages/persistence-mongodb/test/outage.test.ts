import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { instant, ok, Unavailable, type Version } from '@portcullis/domain';
import { startMongod, withMongod } from '@portcullis/mongod';
import { newDatabaseName } from './support/mongo-subject.ts';
import { persistently, UNHURRIED } from './support/patience.ts';
import { type Condition, proxyTo } from './support/proxy.ts';
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

/** Long enough for a busy machine. A call that waited for its time twice, as the driver does that asks again, would be later. */
const LIMIT = { timeoutMilliseconds: 4000 } as const;
const SEEN = 'seen' as Version;
const REFUSED_WITHIN_MILLISECONDS = 2 * LIMIT.timeoutMilliseconds;

/** Every call of every port. */
const calls = ({
  users,
  revokedTokens,
  widgets,
  parts,
  counters,
  check,
  status,
}: ServiceStores): Record<string, () => Promise<unknown>> => ({
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
  'widgets.byKey': () => widgets.byKey(widget(1).name),
  'widgets.byKey of none': () => widgets.byKey(widget(9).name),
  'widgets.put': () => widgets.put(widget(1)),
  'widgets.put of a new name': () => widgets.put(widget(4)),
  'widgets.remove': () => widgets.remove(widget(7).name),
  'widgets.remove of what was seen': () => widgets.remove(widget(7).name, SEEN),
  'widgets.replace': () => widgets.replace(widget(1)),
  'widgets.replace of none': () => widgets.replace(widget(9)),
  'widgets.replace of what was seen': () => widgets.replace(widget(1), SEEN),
  'widgets.list': () => widgets.list({ number: 1, size: 10 }),
  'widgets.list after a position': () => widgets.list({ size: 10, after: { values: [0], tie: '0' } }),
  'users.all': () => users.all(),
  'users.replaceCredentials': () => users.replaceCredentials(userId(1), user(5)),
  'users.replaceCredentials of nobody': () => users.replaceCredentials(userId(9), user(5)),
  'parts.add': () => parts.add(part(2)),
  'parts.add of a taken title': () => parts.add(part(3, { title: part(1).title })),
  'parts.add of a number in use': () => parts.add(part(1, { title: 'another' })),
  'parts.byKey': () => parts.byKey(part(1).number),
  'parts.byKey of none': () => parts.byKey(part(9).number),
  'parts.list': () => parts.list({ number: 1, size: 10 }),
  'parts.list after a position': () => parts.list({ size: 10, after: { values: [], tie: '0' } }),
  'parts.put': () => parts.put(part(7)),
  'parts.put of a taken title': () => parts.put(part(3, { title: part(1).title })),
  'parts.replace': () => parts.replace(part(7)),
  'parts.replace by a taken title': () => parts.replace(part(7, { title: part(1).title })),
  'parts.replace of what was seen': () => parts.replace(part(1), SEEN),
  'parts.remove': () => parts.remove(part(7).number),
  'parts.remove of what was seen': () => parts.remove(part(7).number, SEEN),
  'counters.next': () => counters.next('users'),
  'counters.next of another': () => counters.next('books'),
  'counters.last': () => counters.last('users'),
  'counters.advance': () => counters.advance('users', 9),
  check,
  status,
});

/** All at once; each is refused in time. */
async function assertUnavailable(stores: ServiceStores): Promise<void> {
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
        await (await openService({ url: server.getUri(), databaseName, ...UNHURRIED })).close();
        const proxy = await proxyTo(Number(new URL(server.getUri()).port));
        const stores = await openService({ url: `mongodb://${proxy.host}`, databaseName, ...LIMIT });
        t.after(async () => {
          await stores.close();
          await proxy.close();
        });
        await persistently(stores.check);
        await stores.users.add(user(1));
        await stores.users.add(administrator(8));
        await stores.revokedTokens.revoke(token(1));
        await stores.widgets.add(widget(1));
        await stores.parts.add(part(1));
        assert.equal(await stores.counters.next('users'), 1);

        proxy.become(condition);
        await assertUnavailable(stores);
        await assertUnavailable(stores);

        proxy.become('open');
        await persistently(stores.check);
        const [one, another] = await Promise.all([stores.users.byId(userId(8)), stores.users.byId(userId(9))]);
        assert.deepEqual([one, another], [administrator(8), undefined]);
        assert.equal(await stores.revokedTokens.isRevoked(token(1).tokenId), true);
        assert.deepEqual((await stores.widgets.byKey(widget(1).name))?.record, widget(1));
        assert.deepEqual((await stores.parts.byKey(part(1).number))?.record, part(1));
        assert.ok((await stores.counters.next('users')) > 1);
        assert.deepEqual(await stores.users.add(user(20)), ok(undefined));
      });
    }
  });
});
