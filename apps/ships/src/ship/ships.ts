import { allRecords, type Collection, type Counters, err, ok, type Result, seedOnce } from '@portcullis/domain';
import type { Ship, ShipContent, ShipId } from './ship.ts';

/** The counter of ship ids. */
const COUNTER = 'ships';

export interface ShipNotFound {
  readonly kind: 'ship-not-found';
}

export interface ShipDeps {
  readonly ships: Collection<Ship, 'id'>;
  readonly counters: Counters;
}

export type AddShip = (content: ShipContent) => Promise<Ship>;

export const addShip =
  ({ ships, counters }: ShipDeps): AddShip =>
  async (content) => {
    const ship: Ship = { ...content, id: (await counters.next(COUNTER)) as ShipId };
    if (!(await ships.add(ship)).ok) throw new Error(`the ship id ${ship.id} was given out twice`);
    return ship;
  };

/** Adds the ships that a service begins with, numbered from 1 on, to a store that never held any. */
export const seedShips =
  ({ ships, counters }: ShipDeps) =>
  (first: readonly ShipContent[]): Promise<void> =>
    seedOnce({ counters, name: COUNTER }, first, (content, number) => ships.add({ ...content, id: number as ShipId }));

export type GetShip = (id: ShipId) => Promise<Result<Ship, ShipNotFound>>;

export const getShip =
  ({ ships }: Pick<ShipDeps, 'ships'>): GetShip =>
  async (id) => {
    const found = await ships.byKey(id);
    return found ? ok(found.record) : err({ kind: 'ship-not-found' });
  };

/** @param admit is told each ship as it is read; what it throws ends the reading */
export type ListShips = (admit: (ship: Ship) => void) => Promise<readonly Ship[]>;

/** All ships, by id. */
export const listShips =
  ({ ships }: Pick<ShipDeps, 'ships'>): ListShips =>
  (admit) =>
    allRecords(ships, admit);

export type ReplaceShip = (ship: Ship) => Promise<Result<Ship, ShipNotFound>>;

export const replaceShip =
  ({ ships }: Pick<ShipDeps, 'ships'>): ReplaceShip =>
  async (ship) =>
    (await ships.replace(ship)).ok ? ok(ship) : err({ kind: 'ship-not-found' });

export type RemoveShip = (id: ShipId) => Promise<Result<void, ShipNotFound>>;

export const removeShip =
  ({ ships }: Pick<ShipDeps, 'ships'>): RemoveShip =>
  async (id) =>
    (await ships.remove(id)).ok ? ok(undefined) : err({ kind: 'ship-not-found' });
