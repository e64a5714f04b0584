import assert from 'node:assert/strict';
import { cases } from '../contract-case.ts';
import { ship, shipId } from '../samples.ts';
import { atOnce } from '../store-subject.ts';
import type { ShipStoreSubject } from './records.ts';

const CALLERS = 20;

/** The ship that all are after, which shows in every field who sent it. */
const by = (n: number) => ship(n, { id: shipId(1) });

export const races = cases<ShipStoreSubject>('races', {
  'adds one id for exactly one of many callers': async (subject) => {
    const won = await atOnce(subject, CALLERS, ({ ships }, n) => ships.add(by(n)));
    assert.equal(won.filter(Boolean).length, 1);
    assert.deepEqual(await subject.peer.ships.all(), [by(won.indexOf(true))]);
  },

  'leaves every field of one and the same caller': async (subject) => {
    await subject.stores.ships.add(by(100));
    const replaced = await atOnce(subject, CALLERS, ({ ships }, n) => ships.replace(by(n)));
    assert.ok(replaced.every(Boolean));
    const stored = await subject.peer.ships.byId(shipId(1));
    assert.deepEqual(stored, by((stored?.crew ?? 0) - by(0).crew));
  },

  'removes a ship for exactly one of many callers': async (subject) => {
    await subject.stores.ships.add(by(1));
    const removed = await atOnce(subject, CALLERS, ({ ships }) => ships.remove(shipId(1)));
    assert.equal(removed.filter(Boolean).length, 1);
  },

  'brings no ship back that is removed while it is replaced': async (subject) => {
    for (let n = 1; n <= CALLERS; n += 1) await subject.stores.ships.add(ship(n));
    await Promise.all(
      Array.from({ length: CALLERS }, (_, n) => n + 1).flatMap((n) => [
        subject.stores.ships.replace(ship(100 + n, { id: shipId(n) })),
        subject.peer.ships.remove(shipId(n)),
        subject.stores.ships.replace(ship(200 + n, { id: shipId(n) })),
      ]),
    );
    assert.deepEqual(await subject.peer.ships.all(), []);
  },
});
