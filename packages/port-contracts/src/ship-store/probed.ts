import assert from 'node:assert/strict';
import { cases } from '../contract-case.ts';
import { ship, shipId } from '../samples.ts';
import { atOnce, type CertifiableSubject, lookPast } from '../store-subject.ts';
import type { ShipStores } from './records.ts';

const CALLERS = 20;

export const probed = cases<CertifiableSubject<ShipStores>>('contract', {
  'has stored what it acknowledges, as a look past it shows': async (subject) => {
    const probe = lookPast(subject, 'ship');
    if ('notApplicable' in probe) return probe;
    const { look } = probe;
    const { stores, peer } = subject;
    await stores.ships.add(ship(1));
    assert.deepEqual(await look(shipId(1)), ship(1));
    await peer.ships.add(ship(2));
    assert.deepEqual(await look(shipId(2)), ship(2));
    const next = ship(9, { id: shipId(1) });
    await peer.ships.replace(next);
    assert.deepEqual(await look(shipId(1)), next);
    await stores.ships.remove(shipId(2));
    assert.equal(await look(shipId(2)), undefined);
    await atOnce(subject, CALLERS, async ({ ships }, n) => {
      await ships.add(ship(100 + n));
      assert.deepEqual(await look(shipId(100 + n)), ship(100 + n));
    });
    return undefined;
  },
});
