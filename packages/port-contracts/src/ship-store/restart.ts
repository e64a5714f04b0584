import assert from 'node:assert/strict';
import { cases } from '../contract-case.ts';
import { ship, shipId } from '../samples.ts';
import type { ShipStoreSubject } from './records.ts';

export const restart = cases<ShipStoreSubject>('restart', {
  'finds every acknowledged change after a reopen': async ({ stores, close, reopen }) => {
    for (const n of [3, 1, 2]) await stores.ships.add(ship(n));
    await stores.ships.remove(shipId(2));
    await stores.ships.replace(ship(9, { id: shipId(3), roles: [] }));
    await close();

    const { ships } = await reopen();
    assert.deepEqual(await ships.all(), [ship(1), ship(9, { id: shipId(3), roles: [] })]);
    assert.equal(await ships.byId(shipId(2)), undefined);
    assert.equal(await ships.add(ship(1)), false);
    assert.equal(await ships.add(ship(4)), true);
  },
});
