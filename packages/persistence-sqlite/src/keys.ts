import type { KeyStore } from '@portcullis/domain';
import type { Connection } from './connection.ts';
import { OWN_TABLES } from './own-tables.ts';
import { recordsIn } from './record-table.ts';
import { lookupNumber, lookupText } from './values.ts';

export function sqliteKeyStore(connection: Connection): KeyStore {
  const keys = recordsIn(connection, OWN_TABLES.keys);
  const insert = keys.insert('ON CONFLICT (number) DO NOTHING');
  const selectAll = keys.select('ORDER BY number');
  const reseal = keys.update(['sealed'], 'WHERE number = ? AND sealed = ? AND retired_at IS NULL');
  const retire = keys.update(['retiredAt'], 'WHERE number = ? AND retired_at IS NULL');

  return {
    add: (key) => connection.write(() => insert.run(key).changes === 1),
    all: () => connection.read(() => selectAll.all()),
    reseal: (number, expected, next) =>
      connection.write(() => reseal.run({ sealed: next }, lookupNumber(number), lookupText(expected)).changes === 1),
    retire: (number, at) => connection.write(() => retire.run({ retiredAt: at }, lookupNumber(number)).changes === 1),
  };
}
