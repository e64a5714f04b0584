import {
  begun,
  inNextEpoch,
  judgeRotation,
  rotated,
  SESSIONS_PER_USER,
  type SessionId,
  type SessionRecord,
  type SessionStore,
  sessionOf,
  type UserId,
} from '@portcullis/domain';
import type { Memory } from './memory.ts';
import { replaceUser } from './users.ts';

type OfUser = Map<SessionId, SessionRecord>;

const NONE: ReadonlyMap<SessionId, SessionRecord> = new Map();

export function memorySessionStore(open: () => Memory): SessionStore {
  const of = (userId: UserId): ReadonlyMap<SessionId, SessionRecord> => open().sessions.get(userId) ?? NONE;

  return {
    async begin(session, first, expected) {
      const { users, sessions } = open();
      const user = users.get(session.userId);
      if (!user || user.disabled || user.passwordHash !== expected) return false;
      const own: OfUser = sessions.get(user.id) ?? new Map();
      sessions.set(user.id, own);
      own.set(session.id, Object.freeze(begun(session, first)));
      if (own.size > SESSIONS_PER_USER) own.delete(leastRecentlyUsed(own).id);
      return true;
    },

    async find(userId, id) {
      return { user: open().users.get(userId), live: of(userId).has(id) };
    },

    async record(userId, id) {
      return of(userId).get(id);
    },

    async rotate(rotation) {
      const { users, sessions } = open();
      const user = users.get(rotation.userId);
      const own = sessions.get(rotation.userId);
      const record = own?.get(rotation.sessionId);
      if (!user || user.disabled || !own || !record) return { kind: 'session-unknown' };
      const kind = judgeRotation(record, rotation);
      if (kind === 'session-unknown') return { kind };
      if (kind === 'reused') {
        own.delete(record.id);
        return { kind };
      }
      const next = kind === 'rotated' ? Object.freeze(rotated(record, rotation)) : record;
      own.set(record.id, next);
      return { kind, session: sessionOf(next), user };
    },

    async ofUser(userId) {
      return [...of(userId).values()].map(sessionOf).sort((one, other) => one.createdAt - other.createdAt);
    },

    async end(userId, id, lastUsedAt) {
      const own = open().sessions.get(userId);
      const isSeen = lastUsedAt === undefined || own?.get(id)?.lastUsedAt === lastUsedAt;
      return isSeen && (own?.delete(id) ?? false);
    },

    async endAll(userId, keep) {
      const memory = open();
      const user = memory.users.get(userId);
      if (user) replaceUser(memory, user, inNextEpoch(user));
      return endAllOf(memory, userId, keep);
    },

    async replacePassword(userId, expected, next, { keep, epoch } = {}) {
      const memory = open();
      const user = memory.users.get(userId);
      if (user?.passwordHash !== expected || (epoch ?? user.tokenEpoch) !== user.tokenEpoch) return false;
      replaceUser(memory, user, inNextEpoch({ ...user, passwordHash: next }));
      endAllOf(memory, userId, keep);
      return true;
    },

    async sweep(limit) {
      let count = 0;
      for (const own of open().sessions.values()) {
        for (const { id, expiresAt } of own.values()) if (expiresAt <= limit && own.delete(id)) count += 1;
      }
      return count;
    },
  };
}

function endAllOf({ sessions }: Memory, userId: UserId, keep: SessionId | undefined): number {
  const own = sessions.get(userId);
  const ended = [...(own?.keys() ?? [])].filter((id) => id !== keep);
  for (const id of ended) own?.delete(id);
  return ended.length;
}

const leastRecentlyUsed = (own: OfUser): SessionRecord =>
  [...own.values()].reduce((least, each) => (each.lastUsedAt < least.lastUsedAt ? each : least));
