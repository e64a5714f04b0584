import type { KeyStore } from '@portcullis/domain';
import type { Connection } from './connection.ts';
import { KEY_COLUMNS, type KeyRow, keyValues, lookupNumber, lookupText, text, time, toKey } from './rows.ts';

export function sqliteKeyStore(connection: Connection): KeyStore {
  const insert = connection.prepare(
    `INSERT INTO keys (${KEY_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (number) DO NOTHING`,
  );
  const selectAll = connection.prepare<KeyRow>(`SELECT ${KEY_COLUMNS} FROM keys ORDER BY number`);
  const reseal = connection.prepare(
    'UPDATE keys SET sealed = ? WHERE number = ? AND sealed = ? AND retired_at IS NULL',
  );
  const retire = connection.prepare('UPDATE keys SET retired_at = ? WHERE number = ? AND retired_at IS NULL');

  return {
    add: (key) => connection.write(() => insert.run(...keyValues(key)).changes === 1),
    all: () => connection.read(() => selectAll.all().map(toKey)),
    reseal: (number, expected, next) =>
      connection.write(() => reseal.run(text(next), lookupNumber(number), lookupText(expected)).changes === 1),
    retire: (number, at) => connection.write(() => retire.run(time(at), lookupNumber(number)).changes === 1),
  };
}
