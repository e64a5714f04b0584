import { setImmediate } from 'node:timers/promises';
import type { RevokedTokenStore } from '@portcullis/domain';
import type { Connection } from './connection.ts';
import { REVOKED_TOKEN_COLUMNS, revokedTokenValues, sought, time } from './rows.ts';

/** So many entries go in about a millisecond; requests are served between two batches. */
const SWEEP_BATCH = 500;

export function sqliteRevokedTokenStore(connection: Connection): RevokedTokenStore {
  const insert = connection.prepare(
    `INSERT INTO revoked_tokens (${REVOKED_TOKEN_COLUMNS}) VALUES (?, ?, ?) ON CONFLICT (token_id) DO NOTHING`,
  );
  const select = connection.prepare('SELECT 1 FROM revoked_tokens WHERE token_id = ?');
  const removeBatch = connection.prepare(
    `DELETE FROM revoked_tokens WHERE token_id IN
       (SELECT token_id FROM revoked_tokens WHERE expires_at <= ? ORDER BY expires_at LIMIT ${SWEEP_BATCH})`,
  );

  return {
    revoke: (token) => connection.write(() => insert.run(...revokedTokenValues(token)).changes === 1),

    isRevoked: (id) => connection.read(() => select.get(sought(id)) !== undefined),

    async sweep(limit) {
      let total = 0;
      for (;;) {
        const removed = await connection.write(() => removeBatch.run(time(limit)).changes);
        total += removed;
        if (removed < SWEEP_BATCH) return total;
        await setImmediate();
      }
    },
  };
}
