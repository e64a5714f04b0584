import { MAIL_TOKENS_PER_PURPOSE, type MailTokenStore } from '@portcullis/domain';
import type { Connection } from './connection.ts';
import { lookupText, MAIL_TOKEN_COLUMNS, type MailTokenRow, mailTokenValues, text, time, toMailToken } from './rows.ts';
import { sweeping } from './sweeping.ts';

export function sqliteMailTokenStore(connection: Connection): MailTokenStore {
  const insert = connection.prepare(
    `INSERT INTO mail_tokens (${MAIL_TOKEN_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING`,
  );
  // The oldest, where there is no room beside it.
  const selectInTheWay = connection.prepare<{ readonly hash: string; readonly issued_at: number }>(
    `SELECT hash, issued_at FROM mail_tokens WHERE user_id = ? AND purpose = ?
     ORDER BY issued_at DESC LIMIT 1 OFFSET ${MAIL_TOKENS_PER_PURPOSE - 1}`,
  );
  const remove = connection.prepare('DELETE FROM mail_tokens WHERE hash = ?');
  const select = connection.prepare<MailTokenRow>(
    `SELECT ${MAIL_TOKEN_COLUMNS} FROM mail_tokens WHERE hash = ? AND purpose = ?`,
  );
  const take = connection.prepare(
    `DELETE FROM mail_tokens
     WHERE user_id = (SELECT user_id FROM mail_tokens WHERE hash = ? AND purpose = ?) AND purpose = ?`,
  );
  const drop = connection.prepare('DELETE FROM mail_tokens WHERE user_id = ? AND purpose = ?');

  return {
    put: (token, replaceable) =>
      connection.writeTogether(() => {
        const values = mailTokenValues(token);
        const limit = time(replaceable);
        if (select.get(text(token.hash), token.purpose)) return true;
        const oldest = selectInTheWay.get(token.userId, token.purpose);
        if (oldest && oldest.issued_at > limit) return false;
        if (oldest) remove.run(oldest.hash);
        insert.run(...values);
        return true;
      }),

    find: (purpose, hash) =>
      connection.read(() => {
        const row = select.get(lookupText(hash), lookupText(purpose));
        return row && toMailToken(row);
      }),

    take: (purpose, hash) =>
      connection.write(() => take.run(lookupText(hash), lookupText(purpose), lookupText(purpose)).changes > 0),

    drop: (userId, purpose) => connection.write(() => void drop.run(lookupText(userId), lookupText(purpose))),

    sweep: sweeping(connection, { table: 'mail_tokens', key: 'hash' }),
  };
}
