import assert from 'node:assert/strict';
import type { ShipStore } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { tamper } from '../expect.ts';
import { ship, shipId } from '../samples.ts';
import type { StoreSubject } from '../store-subject.ts';

export interface ShipStores {
  readonly ships: ShipStore;
}
export type ShipStoreSubject = StoreSubject<ShipStores>;

export const records = cases<ShipStoreSubject>('contract', {
  'holds nothing at first': async ({ stores: { ships } }) => {
    assert.deepEqual(await ships.all(), []);
    assert.equal(await ships.byId(shipId(1)), undefined);
    assert.equal(await ships.byId(shipId(0)), undefined);
    assert.equal(await ships.replace(ship(1)), false);
    assert.equal(await ships.remove(shipId(1)), false);
    assert.deepEqual(await ships.all(), []);
  },

  'gives back every field as it was added, by id': async ({ stores, peer }) => {
    const added = [
      ship(10),
      ship(9, { model: '', affiliation: '', category: '', shipClass: '', manufacturer: '', roles: [] }),
      ship(100, { roles: ['b', 'a', 'b', '', 'Ünï.çødé 🔑', '","', '[]'] }),
      ship(1, { crew: 1, length: 1 }),
      ship(2, { crew: Number.MAX_SAFE_INTEGER, length: 2 ** 31 }),
      ship(999_999_999_999_999),
      ship(2 ** 32),
    ];
    for (const each of added) assert.equal(await stores.ships.add(each), true);
    for (const each of added) assert.deepEqual(await peer.ships.byId(each.id), each);
    const byId = added.toSorted((a, b) => a.id - b.id);
    assert.deepEqual(await stores.ships.all(), byId);
    assert.deepEqual(await peer.ships.all(), byId);
  },

  'adds nothing where the id is in use': async ({ stores, peer }) => {
    await stores.ships.add(ship(1));
    assert.equal(await stores.ships.add(ship(2, { id: shipId(1) })), false);
    assert.equal(await peer.ships.add(ship(1)), false);
    assert.deepEqual(await stores.ships.all(), [ship(1)]);
  },

  'replaces all of a ship but its id, and no other': async ({ stores, peer }) => {
    for (const n of [1, 2, 3]) await stores.ships.add(ship(n));
    const next = ship(9, { id: shipId(2), roles: [] });
    assert.equal(await stores.ships.replace(next), true);
    assert.deepEqual(await peer.ships.byId(shipId(2)), next);
    assert.deepEqual(await stores.ships.all(), [ship(1), next, ship(3)]);
    assert.equal(await peer.ships.replace(next), true);
    assert.equal(await peer.ships.replace(ship(4)), false);
    assert.deepEqual(await stores.ships.all(), [ship(1), next, ship(3)]);
  },

  'removes a ship once': async ({ stores, peer }) => {
    for (const n of [1, 2, 3]) await stores.ships.add(ship(n));
    assert.equal(await peer.ships.remove(shipId(2)), true);
    assert.equal(await stores.ships.remove(shipId(2)), false);
    assert.equal(await stores.ships.replace(ship(2)), false);
    assert.equal(await stores.ships.byId(shipId(2)), undefined);
    assert.deepEqual(await stores.ships.all(), [ship(1), ship(3)]);
  },

  'lists more than a batch': async ({ stores: { ships } }) => {
    const many = Array.from({ length: 250 }, (_, n) => ship(n + 1));
    for (const each of many.toReversed()) await ships.add(each);
    assert.deepEqual(await ships.all(), many);
  },

  'lists them, however much they are altogether': async ({ stores: { ships } }) => {
    const megabyte = 'x'.repeat(1024 * 1024);
    for (let n = 1; n <= 20; n += 1) await ships.add(ship(n, { manufacturer: `${n} ${megabyte}` }));
    const all = await ships.all();
    assert.deepEqual(
      all.map(({ id, manufacturer }) => [id, manufacturer.length]),
      Array.from({ length: 20 }, (_, n) => [n + 1, `${n + 1} `.length + megabyte.length]),
    );
  },

  'shares no state with its callers': async ({ stores: { ships } }) => {
    const given = { ...ship(1), roles: [...ship(1).roles] };
    await ships.add(given);
    tamper(given);
    const replacing = { ...ship(2), roles: [...ship(2).roles] };
    await ships.add(ship(9, { id: shipId(2) }));
    await ships.replace(replacing);
    tamper(replacing);
    const all = await ships.all();
    for (const answer of [await ships.byId(shipId(1)), await ships.byId(shipId(2)), all[0], all]) {
      assert.ok(answer);
      tamper(answer);
    }
    assert.deepEqual(await ships.byId(shipId(1)), ship(1));
    assert.deepEqual(await ships.all(), [ship(1), ship(2)]);
  },
});
