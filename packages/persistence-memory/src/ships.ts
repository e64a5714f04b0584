import type { Ship, ShipStore } from '@portcullis/domain';
import { byId } from './by-id.ts';
import type { Memory } from './memory.ts';

export function memoryShipStore(open: () => Memory): ShipStore {
  return {
    async add(ship) {
      const { ships } = open();
      if (ships.has(ship.id)) return false;
      ships.set(ship.id, frozen(ship));
      return true;
    },

    async byId(id) {
      return open().ships.get(id);
    },

    async all() {
      return [...open().ships.values()].sort(byId);
    },

    async replace(ship) {
      const { ships } = open();
      if (!ships.has(ship.id)) return false;
      ships.set(ship.id, frozen(ship));
      return true;
    },

    async remove(id) {
      return open().ships.delete(id);
    },
  };
}

const frozen = (ship: Ship): Ship => Object.freeze({ ...ship, roles: Object.freeze(ship.roles.slice()) });
