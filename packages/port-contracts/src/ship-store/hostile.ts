import assert from 'node:assert/strict';
import type { Ship, ShipId } from '@portcullis/domain';
import { cases } from '../contract-case.ts';
import { orRefused, quoted } from '../expect.ts';
import { hostileNumbers, hostileTexts, hostileValues } from '../hostile-text.ts';
import { ship, shipId } from '../samples.ts';
import type { ShipStoreSubject } from './records.ts';

const TEXTS = ['model', 'affiliation', 'category', 'shipClass', 'manufacturer'];

const ROLES: readonly unknown[] = [
  ...[null, undefined, 'Escort', '["Escort"]', {}, { length: 1, 0: 'Escort' }, new Set(['Escort'])],
  ...[[1], [null], [undefined], [['Escort']], [{ $ne: null }], [Number.NaN], new Array(2)],
];

/** Each ship is added, or put in the place of one that is there, and is there as it is or not at all. */
async function assertKeptOrRefused({ ships }: ShipStoreSubject['stores'], next: Ship, what: string): Promise<void> {
  const added = await orRefused(() => ships.add(next));
  const stored = await ships.byId(shipId(1));
  assert.deepEqual(stored, added ? next : undefined, what);
  if (added) await ships.remove(shipId(1));

  await ships.add(ship(1));
  const replaced = await orRefused(() => ships.replace(next));
  assert.deepEqual(await ships.byId(shipId(1)), replaced ? next : ship(1), what);
  await ships.remove(shipId(1));
}

export const hostile = cases<ShipStoreSubject>('hostile', {
  'keeps every text as it is or refuses it': async ({ stores }) => {
    for (const text of hostileTexts()) {
      for (const fields of [...TEXTS.map((field) => ({ [field]: text })), { roles: [text, 'a'] }]) {
        await assertKeptOrRefused(stores, ship(1, fields), quoted(text));
      }
    }
  },

  'keeps nothing that is no text, or keeps it as it is': async ({ stores }) => {
    for (const value of hostileValues('a')) {
      for (const field of TEXTS) {
        await assertKeptOrRefused(stores, { ...ship(1), [field]: value }, `${field} ${quoted(value)}`);
      }
    }
    for (const roles of ROLES) {
      await assertKeptOrRefused(stores, { ...ship(1), roles } as Ship, `roles ${quoted(roles)}`);
    }
  },

  'keeps a number as it is or refuses it': async ({ stores }) => {
    for (const value of hostileNumbers()) {
      for (const field of ['crew', 'length']) {
        await assertKeptOrRefused(stores, { ...ship(1), [field]: value }, `${field} ${String(value)}`);
      }
    }
  },

  'refuses an id that is no number of ours, or keeps it as it is': async ({ stores: { ships } }) => {
    for (const value of hostileNumbers()) {
      const next = ship(1, { id: value as ShipId });
      const added = await orRefused(() => ships.add(next));
      assert.deepEqual(await ships.all(), added ? [next] : [], String(value));
      if (added) await ships.remove(next.id);
    }
  },

  'finds and changes nothing by a value that is no number of ours': async ({ stores: { ships } }) => {
    for (const n of [1, 2]) await ships.add(ship(n));
    for (const value of [...hostileNumbers(), ...hostileValues('1'), 0, -1, Number.MAX_SAFE_INTEGER]) {
      const id = value as ShipId;
      assert.equal(await orRefused(() => ships.byId(id)), undefined, String(value));
      assert.notEqual(await orRefused(() => ships.replace(ship(9, { id }))), true, String(value));
      assert.notEqual(await orRefused(() => ships.remove(id)), true, String(value));
    }
    assert.deepEqual(await ships.all(), [ship(1), ship(2)]);
  },
});
