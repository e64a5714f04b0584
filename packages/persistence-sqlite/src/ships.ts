import type { ShipStore } from '@portcullis/domain';
import type { Connection } from './connection.ts';
import { SHIP_COLUMNS, type ShipRow, shipValues, soughtNumber, toShip } from './rows.ts';

export function sqliteShipStore(connection: Connection): ShipStore {
  const insert = connection.prepare(
    `INSERT INTO ships (${SHIP_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
  );
  const select = connection.prepare<ShipRow>(`SELECT ${SHIP_COLUMNS} FROM ships WHERE id = ?`);
  const selectAll = connection.prepare<ShipRow>(`SELECT ${SHIP_COLUMNS} FROM ships ORDER BY id`);
  const update = connection.prepare(
    `UPDATE ships
     SET model = ?, affiliation = ?, category = ?, ship_class = ?, manufacturer = ?, crew = ?, length = ?, roles = ?
     WHERE id = ?`,
  );
  const remove = connection.prepare('DELETE FROM ships WHERE id = ?');

  return {
    add: (ship) => connection.write(() => insert.run(...shipValues(ship)).changes === 1),

    byId: (id) =>
      connection.read(() => {
        const row = select.get(soughtNumber(id));
        return row && toShip(row);
      }),

    all: () => connection.read(() => selectAll.all().map(toShip)),

    replace: (ship) =>
      connection.write(() => {
        const [id = null, ...content] = shipValues(ship);
        return update.run(...content, id).changes === 1;
      }),

    remove: (id) => connection.write(() => remove.run(soughtNumber(id)).changes === 1),
  };
}
