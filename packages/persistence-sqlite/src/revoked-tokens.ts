import type { RevokedTokenStore } from '@portcullis/domain';
import type { Connection } from './connection.ts';
import { OWN_TABLES } from './own-tables.ts';
import { recordsIn } from './record-table.ts';
import { sweeping } from './sweeping.ts';
import { lookupText } from './values.ts';

export function sqliteRevokedTokenStore(connection: Connection): RevokedTokenStore {
  const insert = recordsIn(connection, OWN_TABLES.revokedTokens).insert('ON CONFLICT (token_id) DO NOTHING');
  const select = connection.prepare('SELECT 1 FROM revoked_tokens WHERE token_id = ?');

  return {
    revoke: (token) => connection.write(() => insert.run(token).changes === 1),

    isRevoked: (id) => connection.read(() => select.get(lookupText(id)) !== undefined),

    sweep: sweeping(connection, OWN_TABLES.revokedTokens),
  };
}
