import type { Counters } from '@portcullis/domain';
import type { Connection } from './connection.ts';
import { OWN_TABLES } from './own-tables.ts';
import { recordsIn } from './record-table.ts';
import { lookupText, text, whole } from './values.ts';

export function sqliteCounters(connection: Connection): Counters {
  const counters = recordsIn(connection, OWN_TABLES.counters);
  const count = connection.prepare<{ readonly last: number }>(
    // The number before 2^53, from where on two would be one, is the last.
    `INSERT INTO counters (name, last) VALUES (?, 1)
     ON CONFLICT (name) DO UPDATE SET last = last + 1 WHERE last < ${Number.MAX_SAFE_INTEGER}
     RETURNING last`,
  );
  const select = counters.select('WHERE name = ?');
  const insert = counters.insert('ON CONFLICT (name) DO NOTHING');

  return {
    next: (name) =>
      // With a commit of its own: of the one that ends the statement `get` does not tell when it fails, and on a full disk one
      // number would be given out for ever.
      connection.writeTogether(() => {
        const row = count.get(text(name));
        if (!row) throw new RangeError('the counter is at its end');
        return row.last;
      }),

    last: (name) => connection.read(() => select.get(lookupText(name))?.last ?? 0),

    async advance(name, number) {
      if (whole(number) < 0) throw new TypeError('not a whole number from 0 on');
      await connection.write(() => {
        // By nothing it would not be advanced, and yet be there.
        if (number > 0) insert.run({ name, last: number });
      });
    },
  };
}
