import assert from 'node:assert/strict';
import type { Ship } from '@portcullis/domain';
import { type OutageScript, read } from '../outages.ts';
import { ship, shipId } from '../samples.ts';
import type { ShipStores } from './records.ts';

const UNDER_WAY = 100;

const is = (expected: Ship | undefined) => (found: Ship | undefined) => assert.deepEqual(found, expected);
const replacement = ship(9, { id: shipId(3) });

/** 1 stays as it is, 3 is to be replaced, 4 to be removed. */
export const outage: OutageScript<ShipStores> = {
  async plant({ ships }) {
    for (const n of [1, 3, 4]) await ships.add(ship(n));
  },
  reads: ({ ships }) => ({
    byId: read(() => ships.byId(shipId(1)), is(ship(1))),
    'byId of none': read(() => ships.byId(shipId(9)), is(undefined)),
    all: read(
      () => ships.all(),
      ([first]: readonly Ship[]) => assert.deepEqual(first, ship(1)),
    ),
  }),
  writes: ({ ships }) => ({
    add: () => ships.add(ship(20)),
    'add of an id in use': () => ships.add(ship(9, { id: shipId(1) })),
    replace: () => ships.replace(replacement),
    'replace of none': () => ships.replace(ship(9)),
    remove: () => ships.remove(shipId(4)),
    'remove of none': () => ships.remove(shipId(9)),
  }),
  async write({ ships }, n) {
    assert.equal(await ships.add(ship(UNDER_WAY + n)), true);
  },
  async assertWritten({ ships }, n) {
    assert.deepEqual(await ships.byId(shipId(UNDER_WAY + n)), ship(UNDER_WAY + n));
  },
  async assertWhole({ ships }) {
    await ships.add(ship(20));
    assert.equal(await ships.replace(replacement), true);
    await ships.remove(shipId(4));
    const few = (await ships.all()).filter(({ id }) => id < UNDER_WAY);
    assert.deepEqual(few, [ship(1), replacement, ship(20)]);
    assert.equal(await ships.add(ship(4)), true);
    assert.equal(await ships.remove(shipId(4)), true);
  },
};
