import {
  begun,
  judgeRotation,
  rotated,
  SESSIONS_PER_USER,
  type SessionStore,
  sessionOf,
  type UserId,
} from '@portcullis/domain';
import type { Connection } from './connection.ts';
import { OWN_TABLES } from './own-tables.ts';
import { type Row, recordsIn } from './record-table.ts';
import { sweeping } from './sweeping.ts';
import { lookupNumber, lookupText, text, whole } from './values.ts';

export function sqliteSessionStore(connection: Connection): SessionStore {
  const sessions = recordsIn(connection, OWN_TABLES.sessions);
  const selectUser = recordsIn(connection, OWN_TABLES.users).select('WHERE id = ?');
  const insert = sessions.insert();
  const removeSurplus = connection.prepare(
    `DELETE FROM sessions WHERE id IN
       (SELECT id FROM sessions WHERE user_id = ? ORDER BY last_used_at DESC, created_at DESC LIMIT -1 OFFSET ${SESSIONS_PER_USER})`,
  );
  const find = connection.prepare<Row>(
    `SELECT ${OWN_TABLES.users.selected}, EXISTS (SELECT 1 FROM sessions WHERE sessions.id = ?1 AND user_id = users.id) AS live
     FROM users WHERE id = ?2`,
  );
  const select = sessions.select('WHERE id = ? AND user_id = ?');
  const selectOfUser = sessions.select('WHERE user_id = ? ORDER BY created_at, id');
  const update = sessions.update(['current', 'previous', 'rotatedAt', 'lastUsedAt', 'expiresAt'], 'WHERE id = ?');
  const remove = connection.prepare('DELETE FROM sessions WHERE id = ? AND user_id = ?');
  const removeSeen = connection.prepare('DELETE FROM sessions WHERE id = ? AND user_id = ? AND last_used_at = ?');
  const removeOthers = connection.prepare('DELETE FROM sessions WHERE user_id = ? AND id IS NOT ?');
  const updatePasswordHash = connection.prepare(
    `UPDATE users SET password_hash = ?, token_epoch = token_epoch + 1
     WHERE id = ? AND password_hash = ? AND token_epoch = coalesce(?, token_epoch)`,
  );
  const moveEpoch = connection.prepare('UPDATE users SET token_epoch = token_epoch + 1 WHERE id = ?');

  const enabledUser = (id: UserId) => {
    const user = selectUser.get(lookupText(id));
    return user?.disabled ? undefined : user;
  };

  return {
    begin: (session, first, expected) =>
      connection.writeTogether(() => {
        if (enabledUser(session.userId)?.passwordHash !== expected) return false;
        insert.run(begun(session, first));
        removeSurplus.run(session.userId);
        return true;
      }),

    find: (userId, id) =>
      connection.read(() => {
        const row = find.get(lookupText(id), lookupText(userId));
        return { user: row && OWN_TABLES.users.recordOf(row), live: row?.live === 1 };
      }),

    record: (userId, id) => connection.read(() => select.get(lookupText(id), lookupText(userId))),

    rotate: (rotation) =>
      connection.writeTogether(() => {
        const user = enabledUser(rotation.userId);
        const record = user && select.get(lookupText(rotation.sessionId), user.id);
        if (!record) return { kind: 'session-unknown' };
        const kind = judgeRotation(record, rotation);
        if (kind === 'session-unknown') return { kind };
        if (kind === 'reused') {
          remove.run(record.id, user.id);
          return { kind };
        }
        const next = kind === 'rotated' ? rotated(record, rotation) : record;
        if (kind === 'rotated') update.run(next, record.id);
        return { kind, session: sessionOf(next), user };
      }),

    ofUser: (userId) => connection.read(() => selectOfUser.all(lookupText(userId)).map(sessionOf)),

    end: (userId, id, lastUsedAt) =>
      connection.write(() => {
        const key = [lookupText(id), lookupText(userId)] as const;
        const { changes } =
          lastUsedAt === undefined ? remove.run(...key) : removeSeen.run(...key, lookupNumber(lastUsedAt));
        return changes === 1;
      }),

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

    sweep: sweeping(connection, OWN_TABLES.sessions),
  };
}
