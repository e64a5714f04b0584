import assert from 'node:assert/strict';
import { type TokenId, Unavailable, type User, type Widget } from '@portcullis/domain';
import { persistently } from './patience.ts';
import { type ServiceStores, token, user, widget } from './samples.ts';

const WRITERS = 4;

export interface Writers {
  /** How many writes have been acknowledged. */
  acknowledged(): number;
  until(enough: (acknowledged: number) => boolean): Promise<void>;
  /** The longest time for which nothing was acknowledged, in milliseconds; begins anew. */
  takeGap(): number;
  /** @throws whatever went wrong but for `Unavailable`. */
  stop(): Promise<void>;
  /** Every write that was acknowledged is there, and no number was given out twice. */
  assertAllThere(stores: ServiceStores): Promise<void>;
}

/**
 * Writes to every store on one node, without a pause, until it is stopped; asks another node about each token that was revoked,
 * and about one that was revoked before, as soon as it was acknowledged.
 */
export function writers(node: ServiceStores, other: ServiceStores): Writers {
  const added: User[] = [];
  const put: Widget[] = [];
  const revoked: TokenId[] = [];
  const numbers: number[] = [];
  let next = 1000;
  let isStopped = false;
  let lastAt = performance.now();
  let gap = 0;
  let waiting: { readonly enough: (acknowledged: number) => boolean; readonly resolve: () => void } | undefined;

  const acknowledged = (): number => added.length + put.length + revoked.length + numbers.length;

  async function write(n: number): Promise<void> {
    if (n % 4 === 3) {
      numbers.push(await node.counters.next('users'));
    } else if (n % 4 === 0) {
      assert.equal(await node.revokedTokens.revoke(token(n)), true);
      revoked.push(token(n).tokenId);
    } else if (n % 4 === 1) {
      assert.equal((await node.users.add(user(n))).ok, true);
      added.push(user(n));
    } else {
      const told = await node.widgets.put(widget(n));
      assert.ok(told.ok && told.value.created);
      put.push(widget(n));
    }
    gap = Math.max(gap, performance.now() - lastAt);
    lastAt = performance.now();
    if (waiting?.enough(acknowledged())) waiting.resolve();
  }

  async function assertRefused(): Promise<void> {
    const known = [revoked.at(-1), revoked[Math.floor(revoked.length / 2)]].filter((id) => id !== undefined);
    for (const id of known) assert.equal(await other.revokedTokens.isRevoked(id), true, id);
  }

  async function untilStopped(work: () => Promise<void>): Promise<void> {
    while (!isStopped) {
      try {
        await work();
      } catch (fault) {
        if (!(fault instanceof Unavailable)) throw fault;
      }
    }
  }

  const all = Promise.all(
    Array.from({ length: WRITERS }, () =>
      untilStopped(async () => {
        await write(next++);
        await assertRefused();
      }),
    ),
  );
  // Told by whatever is awaited next.
  all.catch(() => undefined);

  return {
    acknowledged,
    until: (enough) =>
      Promise.race([
        all.then(() => undefined),
        new Promise<void>((resolve) => {
          waiting = { enough, resolve };
        }),
      ]),
    takeGap() {
      const longest = gap;
      gap = 0;
      return longest;
    },
    async stop() {
      isStopped = true;
      await all;
    },
    async assertAllThere(stores) {
      for (const each of added) assert.deepEqual(await persistently(() => stores.users.byId(each.id)), each);
      for (const each of put) {
        assert.deepEqual((await persistently(() => stores.widgets.byKey(each.name)))?.record, each);
      }
      for (const id of revoked) assert.equal(await persistently(() => stores.revokedTokens.isRevoked(id)), true, id);
      assert.equal(new Set(numbers).size, numbers.length);
      assert.ok((await persistently(() => stores.counters.last('users'))) >= Math.max(...numbers));
    },
  };
}
