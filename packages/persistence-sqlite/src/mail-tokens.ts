import { MAIL_TOKENS_PER_PURPOSE, type MailTokenStore } from '@portcullis/domain';
import type { Connection } from './connection.ts';
import { OWN_TABLES } from './own-tables.ts';
import { recordsIn } from './record-table.ts';
import { sweeping } from './sweeping.ts';
import { lookupText, text, time } from './values.ts';

export function sqliteMailTokenStore(connection: Connection): MailTokenStore {
  const tokens = recordsIn(connection, OWN_TABLES.mailTokens);
  const insert = tokens.insert('ON CONFLICT (hash) DO NOTHING');
  // The oldest, where there is no room beside it.
  const selectInTheWay = tokens.select(
    `WHERE user_id = ? AND purpose = ? ORDER BY issued_at DESC LIMIT 1 OFFSET ${MAIL_TOKENS_PER_PURPOSE - 1}`,
  );
  const remove = connection.prepare('DELETE FROM mail_tokens WHERE hash = ?');
  const select = tokens.select('WHERE hash = ? AND purpose = ?');
  const take = connection.prepare(
    `DELETE FROM mail_tokens
     WHERE user_id = (SELECT user_id FROM mail_tokens WHERE hash = ? AND purpose = ?) AND purpose = ?`,
  );
  const drop = connection.prepare('DELETE FROM mail_tokens WHERE user_id = ? AND purpose = ?');

  return {
    put: (token, replaceable) =>
      connection.writeTogether(() => {
        const limit = time(replaceable);
        if (select.get(text(token.hash), text(token.purpose))) return true;
        const oldest = selectInTheWay.get(text(token.userId), token.purpose);
        if (oldest && oldest.issuedAt > limit) return false;
        if (oldest) remove.run(oldest.hash);
        insert.run(token);
        return true;
      }),

    find: (purpose, hash) => connection.read(() => select.get(lookupText(hash), lookupText(purpose))),

    take: (purpose, hash) =>
      connection.write(() => take.run(lookupText(hash), lookupText(purpose), lookupText(purpose)).changes > 0),

    drop: (userId, purpose) => connection.write(() => void drop.run(lookupText(userId), lookupText(purpose))),

    sweep: sweeping(connection, OWN_TABLES.mailTokens),
  };
}
