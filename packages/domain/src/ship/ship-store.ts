import type { Ship, ShipId } from './ship.ts';

/** Ships by id. Every method throws `Unavailable` where the store cannot answer. */
export interface ShipStore {
  /** True for the one caller that added it; false, and nothing changed, where the id is in use. */
  add(ship: Ship): Promise<boolean>;
  byId(id: ShipId): Promise<Ship | undefined>;
  /** By id. */
  all(): Promise<readonly Ship[]>;
  /** Puts the ship in the place of the one with its id; false where there is none. */
  replace(ship: Ship): Promise<boolean>;
  /** True for the one caller that removed it, false where there was none. */
  remove(id: ShipId): Promise<boolean>;
}
