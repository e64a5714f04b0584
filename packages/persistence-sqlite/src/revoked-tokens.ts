import type { RevokedTokenStore } from '@portcullis/domain';
import type { Connection } from './connection.ts';
import { lookupText, REVOKED_TOKEN_COLUMNS, revokedTokenValues } from './rows.ts';
import { sweeping } from './sweeping.ts';

export function sqliteRevokedTokenStore(connection: Connection): RevokedTokenStore {
  const insert = connection.prepare(
    `INSERT INTO revoked_tokens (${REVOKED_TOKEN_COLUMNS}) VALUES (?, ?, ?) ON CONFLICT (token_id) DO NOTHING`,
  );
  const select = connection.prepare('SELECT 1 FROM revoked_tokens WHERE token_id = ?');

  return {
    revoke: (token) => connection.write(() => insert.run(...revokedTokenValues(token)).changes === 1),

    isRevoked: (id) => connection.read(() => select.get(lookupText(id)) !== undefined),

    sweep: sweeping(connection, { table: 'revoked_tokens', key: 'token_id' }),
  };
}
