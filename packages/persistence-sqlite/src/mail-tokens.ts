import type { MailTokenStore } from '@portcullis/domain';
import type { Connection } from './connection.ts';
import { MAIL_TOKEN_COLUMNS, type MailTokenRow, mailTokenValues, sought, toMailToken } from './rows.ts';
import { sweeping } from './sweeping.ts';

export function sqliteMailTokenStore(connection: Connection): MailTokenStore {
  const replace = connection.prepare(
    `INSERT INTO mail_tokens (${MAIL_TOKEN_COLUMNS}) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (user_id, purpose) DO UPDATE SET hash = excluded.hash, login_key = excluded.login_key, expires_at = excluded.expires_at`,
  );
  const select = connection.prepare<MailTokenRow>(
    `SELECT ${MAIL_TOKEN_COLUMNS} FROM mail_tokens WHERE hash = ? AND purpose = ?`,
  );
  const take = connection.prepare('DELETE FROM mail_tokens WHERE hash = ? AND purpose = ?');
  const drop = connection.prepare('DELETE FROM mail_tokens WHERE user_id = ? AND purpose = ?');

  return {
    put: (token) => connection.write(() => void replace.run(...mailTokenValues(token))),

    find: (purpose, hash) =>
      connection.read(() => {
        const row = select.get(sought(hash), sought(purpose));
        return row && toMailToken(row);
      }),

    take: (purpose, hash) => connection.write(() => take.run(sought(hash), sought(purpose)).changes === 1),

    drop: (userId, purpose) => connection.write(() => void drop.run(sought(userId), sought(purpose))),

    sweep: sweeping(connection, { table: 'mail_tokens', key: 'hash' }),
  };
}
