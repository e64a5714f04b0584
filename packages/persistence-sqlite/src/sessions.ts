import {
  judgeRotation,
  rotated,
  SESSIONS_PER_USER,
  type SessionStore,
  sessionOf,
  type UserId,
} from '@portcullis/domain';
import type { Connection } from './connection.ts';
import {
  lookupText,
  SESSION_COLUMNS,
  type SessionRow,
  sessionValues,
  text,
  time,
  toSession,
  toSessionRecord,
  toUser,
  USER_COLUMNS,
  type UserRow,
  whole,
} from './rows.ts';
import { sweeping } from './sweeping.ts';

export function sqliteSessionStore(connection: Connection): SessionStore {
  const selectUser = connection.prepare<UserRow>(`SELECT ${USER_COLUMNS} FROM users WHERE id = ?`);
  const insert = connection.prepare(`INSERT INTO sessions (${SESSION_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const removeSurplus = connection.prepare(
    `DELETE FROM sessions WHERE id IN
       (SELECT id FROM sessions WHERE user_id = ? ORDER BY last_used_at DESC, created_at DESC LIMIT -1 OFFSET ${SESSIONS_PER_USER})`,
  );
  const find = connection.prepare<UserRow & { readonly live: number }>(
    `SELECT ${USER_COLUMNS}, EXISTS (SELECT 1 FROM sessions WHERE sessions.id = ?1 AND user_id = users.id) AS live
     FROM users WHERE id = ?2`,
  );
  const select = connection.prepare<SessionRow>(`SELECT ${SESSION_COLUMNS} FROM sessions WHERE id = ? AND user_id = ?`);
  const selectOfUser = connection.prepare<SessionRow>(
    `SELECT ${SESSION_COLUMNS} FROM sessions WHERE user_id = ? ORDER BY created_at, id`,
  );
  const update = connection.prepare(
    `UPDATE sessions SET current_hash = ?, previous_hash = ?, rotated_at = ?, last_used_at = ?, expires_at = ? WHERE id = ?`,
  );
  const remove = connection.prepare('DELETE FROM sessions WHERE id = ? AND user_id = ?');
  const removeOthers = connection.prepare('DELETE FROM sessions WHERE user_id = ? AND id IS NOT ?');
  const updatePasswordHash = connection.prepare(
    `UPDATE users SET password_hash = ?, token_epoch = token_epoch + 1
     WHERE id = ? AND password_hash = ? AND token_epoch = coalesce(?, token_epoch)`,
  );
  const moveEpoch = connection.prepare('UPDATE users SET token_epoch = token_epoch + 1 WHERE id = ?');

  const enabledUser = (id: UserId) => {
    const row = selectUser.get(lookupText(id));
    const user = row && toUser(row);
    return user?.disabled ? undefined : user;
  };

  return {
    begin: (session, first, expected) =>
      connection.writeTogether(() => {
        if (enabledUser(session.userId)?.passwordHash !== expected) return false;
        insert.run(...sessionValues(session, first));
        removeSurplus.run(session.userId);
        return true;
      }),

    find: (userId, id) =>
      connection.read(() => {
        const row = find.get(lookupText(id), lookupText(userId));
        return { user: row && toUser(row), live: row?.live === 1 };
      }),

    record: (userId, id) =>
      connection.read(() => {
        const row = select.get(lookupText(id), lookupText(userId));
        return row && toSessionRecord(row);
      }),

    rotate: (rotation) =>
      connection.writeTogether(() => {
        const user = enabledUser(rotation.userId);
        const row = user && select.get(lookupText(rotation.sessionId), user.id);
        if (!row) return { kind: 'session-unknown' };
        const record = toSessionRecord(row);
        const kind = judgeRotation(record, rotation);
        if (kind === 'session-unknown') return { kind };
        if (kind === 'reused') {
          remove.run(record.id, user.id);
          return { kind };
        }
        if (kind === 'replayed') return { kind, session: toSession(row), user };
        const next = rotated(record, rotation);
        const { successor, presented, at } = rotation;
        update.run(text(successor), text(presented), time(at), time(at), time(next.expiresAt), record.id);
        return { kind, session: sessionOf(next), user };
      }),

    ofUser: (userId) => connection.read(() => selectOfUser.all(lookupText(userId)).map(toSession)),

    end: (userId, id) => connection.write(() => remove.run(lookupText(id), lookupText(userId)).changes === 1),

    endAll: (userId, keep) =>
      connection.writeTogether(() => {
        moveEpoch.run(lookupText(userId));
        return removeOthers.run(lookupText(userId), keep === undefined ? null : lookupText(keep)).changes;
      }),

    replacePassword: (userId, expected, next, { keep, epoch } = {}) =>
      connection.writeTogether(() => {
        const inEpoch = epoch === undefined ? null : whole(epoch);
        if (updatePasswordHash.run(text(next), lookupText(userId), lookupText(expected), inEpoch).changes === 0)
          return false;
        removeOthers.run(lookupText(userId), keep === undefined ? null : lookupText(keep));
        return true;
      }),

    sweep: sweeping(connection, { table: 'sessions', key: 'id' }),
  };
}
