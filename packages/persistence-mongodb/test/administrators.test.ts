import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { ok, Unavailable, type User, type UserState } from '@portcullis/domain';
import { startMongod, withMongod } from '@portcullis/mongod';
import { type MongoStores, openMongo } from '@portcullis/persistence-mongodb';
import { newDatabaseName } from './support/mongo-subject.ts';
import { UNHURRIED } from './support/patience.ts';
import { proxyTo, type TcpProxy } from './support/proxy.ts';
import { administrator, user, userId } from './support/samples.ts';

const LAST = { ok: false, error: { kind: 'last-administrator' } } as const;
/** More than there are. */
const STEPS = 8;
const NODES = 3;
const ADMINISTRATORS = 12;

interface Scene {
  readonly proxy: TcpProxy;
  readonly behind: MongoStores;
  readonly beside: MongoStores;
}

withMongod(() => {
  let server: Awaited<ReturnType<typeof startMongod>>;
  before(async () => {
    server = await startMongod();
  });
  after(() => server.stop());

  async function open(
    t: TestContext,
    databaseName: string,
    host = new URL(server.getUri()).host,
  ): Promise<MongoStores> {
    const stores = await openMongo({ url: `mongodb://${host}`, databaseName, ...UNHURRIED });
    t.after(() => stores.close());
    return stores;
  }

  /** Two nodes with two administrators; the first of the nodes behind a proxy. */
  async function twoNodes(t: TestContext): Promise<Scene> {
    const databaseName = newDatabaseName();
    const proxy = await proxyTo(Number(new URL(server.getUri()).port));
    t.after(() => proxy.close());
    const behind = await open(t, databaseName, proxy.host);
    const beside = await open(t, databaseName);
    for (const n of [1, 2]) await beside.users.add(administrator(n));
    return { proxy, behind, beside };
  }

  /**
   * One node demotes or removes the first of two administrators, and is stopped before the first, the second … message that
   * has to do with them; then `work` is done. What it answers, all in all.
   */
  async function atEachStep(
    t: TestContext,
    condition: 'cut' | 'hanging',
    work: (scene: Scene & { readonly change: 'demote' | 'remove' }) => Promise<string>,
    seen?: UserState,
  ): Promise<ReadonlySet<string>> {
    const outcomes = new Set<string>();
    for (const change of ['demote', 'remove'] as const) {
      const reached = await Promise.all(
        Array.from({ length: STEPS }, async (_, step) => {
          const scene = await twoNodes(t);
          const { users } = scene.behind;
          const stop = scene.proxy.becomeBefore(userId(1), step + 1, condition);
          const call: Promise<unknown> =
            change === 'remove' ? users.remove(userId(1), seen) : users.changeAccess(userId(1), { admin: false }, seen);
          const settled = call.then(
            () => undefined,
            (reason: unknown) => reason,
          );
          await Promise.race([settled, stop.whenStopped]);
          if (stop.isStopped()) {
            outcomes.add(await work({ ...scene, change }));
            await scene.behind.close();
          }
          const fault = await settled;
          assert.equal(fault instanceof Unavailable, stop.isStopped(), String(fault));
          return stop.isStopped();
        }),
      );
      assert.ok(reached[0] && !reached.at(-1), 'every step was tried');
    }
    return outcomes;
  }

  const enabled = async ({ users }: MongoStores): Promise<readonly User[]> =>
    (await users.page({ number: 1, size: 100 })).items.filter((each) => each.admin && !each.disabled);

  describe('the last administrator', () => {
    it('stays, wherever in its course another node is cut off that takes one away', async (t) => {
      const outcomes = await atEachStep(t, 'cut', async ({ beside }) => {
        const other = await beside.users.changeAccess(userId(2), { admin: false });
        if (!other.ok) assert.deepEqual(other, LAST);
        const left = (await enabled(beside)).map(({ id }) => id);
        assert.deepEqual(left, [userId(other.ok ? 1 : 2)]);
        return other.ok ? 'had not been decided' : 'was carried out by the other';
      });
      // The steps were many enough for both.
      assert.deepEqual(outcomes, new Set(['had not been decided', 'was carried out by the other']));
    });

    it('is not mistaken where somebody’s login is replaced in the midst of it', async (t) => {
      const outcomes = await atEachStep(t, 'cut', async ({ beside }) => {
        const renamed = await beside.users.replaceCredentials(userId(1), user(9));
        assert.ok(renamed.ok || renamed.error.kind === 'user-not-found');
        const other = await beside.users.changeAccess(userId(2), { admin: false });
        if (!other.ok) assert.deepEqual(other, LAST);
        const [left, ...more] = await enabled(beside);
        assert.deepEqual([left?.id, more.length], [userId(other.ok ? 1 : 2), 0]);
        if (other.ok) assert.equal(left?.login, user(9).login);
        return other.ok ? 'had not been decided' : 'was carried out by the other';
      });
      assert.deepEqual(outcomes, new Set(['had not been decided', 'was carried out by the other']));
    });

    it('is changed in no other state than was seen, wherever in its course another node hangs', async (t) => {
      const work = async ({ proxy, behind, beside }: Scene): Promise<string> => {
        const before = await beside.users.byId(userId(1));
        if (!before?.admin) return 'was done';
        assert.equal((await beside.users.replaceCredentials(userId(1), user(9))).ok, true);
        const { login, loginKey, passwordHash } = user(9);
        const renamed = administrator(1, { login, loginKey, passwordHash, tokenEpoch: 1 });
        await behind.close();
        proxy.become('open');
        await proxy.drained();
        // Neither by what arrives late, nor by another node that finds it decided.
        assert.deepEqual(await beside.users.byId(userId(1)), renamed);
        assert.equal((await beside.users.changeAccess(userId(2), { admin: false })).ok, true);
        assert.deepEqual(await beside.users.byId(userId(1)), renamed);
        return 'was not done';
      };
      const outcomes = await atEachStep(t, 'hanging', work, administrator(1));
      assert.deepEqual(outcomes, new Set(['was not done']));
    });

    it('is changed no more once another node has decided, in whatever state', async (t) => {
      const work = async ({ proxy, behind, beside }: Scene): Promise<string> => {
        assert.equal((await beside.users.changeAccess(userId(2), { admin: false })).ok, true);
        await behind.close();
        proxy.become('open');
        await proxy.drained();
        assert.deepEqual(await enabled(beside), [administrator(1)]);
        return 'was not done';
      };
      const outcomes = await atEachStep(t, 'hanging', work, administrator(1));
      assert.deepEqual(outcomes, new Set(['was not done']));
    });

    it('is not taken away by what arrives after it has been done and undone', async (t) => {
      const outcomes = await atEachStep(t, 'hanging', async ({ change, proxy, behind, beside }) => {
        const other = await beside.users.changeAccess(userId(2), { admin: false });
        if (!other.ok) {
          // The first one is back, and alone again.
          if (change === 'remove') await beside.users.add(administrator(1));
          else await beside.users.changeAccess(userId(1), { admin: true });
          assert.equal((await beside.users.changeAccess(userId(2), { admin: false })).ok, true);
        }
        await behind.close();
        proxy.become('open');
        await proxy.drained();
        assert.deepEqual(
          (await enabled(beside)).map(({ id }) => id),
          [userId(1)],
        );
        return other.ok ? 'had not been decided' : 'was done and undone';
      });
      assert.deepEqual(outcomes, new Set(['had not been decided', 'was done and undone']));
    });

    it('is one of many that all nodes take away at once, time and again', async (t) => {
      const databaseName = newDatabaseName();
      const nodes = await Promise.all(Array.from({ length: NODES }, () => open(t, databaseName)));
      const [first] = nodes;
      assert.ok(first);
      for (let n = 0; n < ADMINISTRATORS; n += 1) await first.users.add(administrator(n));
      const epochs = Array.from({ length: ADMINISTRATORS }, () => 0);
      for (let round = 0; round < 5; round += 1) {
        const results: readonly { readonly ok: boolean }[] = await Promise.all(
          Array.from({ length: ADMINISTRATORS }, (_, n) =>
            (nodes[n % NODES] ?? first).users.changeAccess(
              userId(n),
              n % 2 === 0 ? { admin: false } : { disabled: true },
            ),
          ),
        );
        const refused = results.flatMap((each, n) => (each.ok ? [] : [n]));
        assert.equal(refused.length, 1);
        assert.deepEqual(
          (await enabled(first)).map(({ id }) => id),
          refused.map((n) => userId(n)),
        );
        for (let n = 0; n < ADMINISTRATORS; n += 1) {
          const restored = await first.users.changeAccess(userId(n), { admin: true, disabled: false });
          // Once when it is taken away, however many carry that out, and once when it is given back.
          epochs[n] = (epochs[n] ?? 0) + (refused.includes(n) ? 0 : 2);
          assert.deepEqual(restored, ok(administrator(n, { tokenEpoch: epochs[n] ?? 0 })));
        }
      }
    });

    it('does not keep others from being changed by many at once', async (t) => {
      const stores = await open(t, newDatabaseName());
      await stores.users.add(administrator(0));
      for (let n = 1; n < 10; n += 1) await stores.users.add(n % 2 === 0 ? administrator(n) : user(n));
      const results = await Promise.all(
        Array.from({ length: 9 }, (_, n) => stores.users.changeAccess(userId(n + 1), { disabled: true })),
      );
      assert.ok(results.every(({ ok: done }) => done));
      assert.deepEqual(await enabled(stores), [administrator(0)]);
    });
  });
});
