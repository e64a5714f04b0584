import type { Ship, ShipId } from '@portcullis/domain';
import { memoryStores } from '@portcullis/persistence-memory';
import { closedWith, cutAtNul, type Sabotaged, sabotageOf, shelfOf } from './sabotaged.ts';

const ships = sabotageOf('ships');

const of = shelfOf('ships');

export const wrongShipStores: readonly Sabotaged[] = [
  of(
    'contract',
    'roles as one text with commas',
    ships((honest) => {
      const inOne = (ship: Ship): Ship => ({ ...ship, roles: ship.roles.join(', ').split(', ') });
      return { add: (ship) => honest.add(inOne(ship)), replace: (ship) => honest.replace(inOne(ship)) };
    }),
  ),
  of(
    'contract',
    'roles as a set',
    ships((honest) => ({ add: (ship) => honest.add({ ...ship, roles: [...new Set(ship.roles)] }) })),
  ),
  of(
    'contract',
    'roles shared with the caller',
    ships((honest, { memory }) => ({
      add: async (ship) => (await honest.add(ship)) && memory.ships.set(ship.id, ship).has(ship.id),
    })),
  ),
  of(
    'contract',
    'an add that replaces',
    ships((honest) => ({ add: async (ship) => (await honest.replace(ship)) || honest.add(ship) })),
  ),
  of(
    'contract',
    'a replace that adds',
    ships((honest) => ({ replace: async (ship) => (await honest.replace(ship)) || honest.add(ship) })),
  ),
  of(
    'contract',
    'a replace that merges roles',
    ships((honest, { memory }) => ({
      replace: (ship) =>
        honest.replace({ ...ship, roles: [...(memory.ships.get(ship.id)?.roles ?? []), ...ship.roles] }),
    })),
  ),
  of(
    'contract',
    'a replace of nothing new told as none',
    ships((honest, { memory }) => ({
      async replace(ship) {
        const same = JSON.stringify(memory.ships.get(ship.id)) === JSON.stringify(ship);
        return (await honest.replace(ship)) && !same;
      },
    })),
  ),
  of(
    'contract',
    'ids ordered as text',
    ships((honest) => ({ all: async () => (await honest.all()).toSorted((a, b) => (`${a.id}` < `${b.id}` ? -1 : 1)) })),
  ),
  of(
    'contract',
    'a list that ends at sixteen megabytes',
    ships((honest) => ({
      async all() {
        let left = 16 * 1024 * 1024;
        return (await honest.all()).filter((ship) => {
          left -= JSON.stringify(ship).length;
          return left >= 0;
        });
      },
    })),
  ),
  of(
    'races',
    'a replace in two steps',
    ships((_, { memory }) => ({
      async replace(ship) {
        if (!memory.ships.has(ship.id)) return false;
        await undefined;
        memory.ships.set(ship.id, ship);
        return true;
      },
    })),
  ),
  of(
    'races',
    'a free id checked in one step and taken in another',
    ships((_, { memory }) => ({
      async add(ship) {
        if (memory.ships.has(ship.id)) return false;
        await undefined;
        memory.ships.set(ship.id, ship);
        return true;
      },
    })),
  ),
  of(
    'races',
    'fields replaced one after the other',
    ships((_, { memory }) => ({
      async replace(ship) {
        const fields = Object.entries(ship);
        for (const [field, value] of ship.crew % 2 === 0 ? fields : fields.toReversed()) {
          const stored = memory.ships.get(ship.id);
          if (!stored) return false;
          memory.ships.set(ship.id, { ...stored, [field]: value });
          await new Promise((resolve) => setImmediate(resolve));
        }
        return true;
      },
    })),
  ),
  of('contract', 'ships kept in a cache and nowhere else', (honest, { cache }) => ({
    ...honest,
    ships: closedWith(honest, memoryStores(cache).ships),
  })),
  of('expiry', 'a TTL index on ships', { expire: (memory) => memory.ships.clear() }),
  of(
    'hostile',
    'texts cut at NUL',
    ships((honest) => ({ add: (ship) => honest.add({ ...ship, model: cutAtNul(ship.model) }) })),
  ),
  of(
    'hostile',
    'fractions cut off',
    ships((honest) => ({ add: (ship) => honest.add({ ...ship, crew: Math.trunc(ship.crew) }) })),
  ),
  of(
    'hostile',
    'ids read as numbers',
    ships((honest) => ({ byId: (id) => honest.byId(Number(id) as ShipId) })),
  ),
  of(
    'hostile',
    'an operator that matches anyone',
    ships((honest, { memory }) => ({
      byId: async (id) => (typeof id === 'object' ? memory.ships.values().next().value : honest.byId(id)),
    })),
  ),
  of('restart', 'replacements that are made in memory alone', {
    restart: (memory) => {
      for (const ship of memory.ships.values()) memory.ships.set(ship.id, { ...ship, roles: ['Escort'] });
    },
  }),
];
