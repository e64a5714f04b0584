import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Result } from '@portcullis/domain';
import { memoryStores } from '@portcullis/persistence-memory';
import { parseShipId, type ShipContent, type ShipId, shipCollection } from '../src/ship/ship.ts';
import { addShip, getShip, listShips, removeShip, replaceShip, seedShips } from '../src/ship/ships.ts';

/** @throws Error where it is refused. */
function right<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.error)}`);
  return result.value;
}

const content = (model: string): ShipContent => ({
  ...{ model, affiliation: 'Rebel Alliance', category: 'Starfighters', shipClass: 'Starfighter' },
  ...{ manufacturer: 'Incom Corporation', crew: 1, length: 13, roles: ['Escort'] },
});
const NOT_FOUND = { ok: false, error: { kind: 'ship-not-found' } };

function world() {
  const stores = memoryStores();
  const deps = { ships: stores.collection(shipCollection), counters: stores.counters };
  return {
    ...{ ...deps, add: addShip(deps), addFirst: seedShips(deps), all: () => listShips(deps)(() => {}) },
    ...{ get: getShip(deps), replace: replaceShip(deps), remove: removeShip(deps) },
  };
}

describe('ships', () => {
  it('are numbered from 1 on, and no number is given out again', async () => {
    const { add, all, remove } = world();
    assert.deepEqual(await add(content('one')), { id: 1, ...content('one') });
    const two = await add(content('two'));
    right(await remove(two.id));
    await add(content('three'));
    assert.deepEqual(
      (await all()).map(({ id }) => id),
      [1, 3],
    );
  });

  it('begin with those that a service begins with, once', async () => {
    const { add, addFirst, all, remove } = world();
    await addFirst([content('one'), content('two')]);
    right(await remove(1 as ShipId));
    await addFirst([content('one'), content('two')]);
    assert.equal((await add(content('three'))).id, 3);
    assert.deepEqual(
      (await all()).map(({ id, model }) => [id, model]),
      [
        [2, 'two'],
        [3, 'three'],
      ],
    );
  });

  it('are found, replaced and removed by id', async () => {
    const { add, get, replace, remove } = world();
    const one = await add(content('one'));
    const changed = { ...one, crew: 2, roles: [] };
    assert.deepEqual(right(await get(one.id)), one);
    assert.deepEqual(right(await replace(changed)), changed);
    assert.deepEqual(right(await get(one.id)), changed);
    right(await remove(one.id));
    for (const gone of [await get(one.id), await replace(one), await remove(one.id)]) assert.deepEqual(gone, NOT_FOUND);
  });

  it('take a number given out twice for a fault, and leave the ship that has it alone', async () => {
    const { add, all, counters, ships } = world();
    const one = await add(content('one'));
    const again = addShip({ ships, counters: { ...counters, next: async () => one.id } });
    await assert.rejects(again(content('two')), /given out twice/);
    assert.deepEqual(await all(), [one]);
  });
});

describe('ship id', () => {
  it('is digits alone, and no more of them than a number holds', () => {
    for (const [text, id] of Object.entries({ '1': 1, '0': 0, '007': 7, '999999999999999': 999_999_999_999_999 })) {
      assert.equal(parseShipId(text), id);
    }
    for (const text of ['', '-1', '+1', '1.0', '1e3', '0x1', ' 1', '1\n', '١', 'abc', '1000000000000000']) {
      assert.equal(parseShipId(text), undefined, text);
    }
  });
});
