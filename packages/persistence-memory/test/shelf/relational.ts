import {
  err,
  instant,
  type LoginKey,
  ok,
  type SessionId,
  type TokenId,
  Unavailable,
  type User,
} from '@portcullis/domain';
import type { Memory } from '@portcullis/persistence-memory';
import { type Sabotaged, sabotageOf, shelfOf } from './sabotaged.ts';

// What goes wrong where a store is written for a relational database: by its own clock, its WHERE clauses, its collations and
// types, its statements one after the other.

const users = sabotageOf('users');
const sessions = sabotageOf('sessions');
const tokens = sabotageOf('revokedTokens');
const counters = sabotageOf('counters');
const keys = sabotageOf('keys');
const mailTokens = sabotageOf('mailTokens');
const audit = sabotageOf('audit');
const ofUser = shelfOf('users');
const ofSession = shelfOf('sessions');
const ofToken = shelfOf('revokedTokens');
const ofCounter = shelfOf('counters');
const ofKey = shelfOf('keys');
const ofMailToken = shelfOf('mailTokens');
const ofRecord = shelfOf('audit');

const LAST_TWELVE = -12;
const FIRST_TWELVE = 12;

/** The id of a session of theirs that ends alike. */
const endingLike = (memory: Memory, userId: User['id'], id: SessionId): SessionId =>
  [...(memory.sessions.get(userId)?.keys() ?? [])].find((each) => each.slice(LAST_TWELVE) === id.slice(LAST_TWELVE)) ??
  id;

function rewrite(memory: Memory, id: User['id'], change: (user: User) => User): void {
  const before = memory.users.get(id);
  if (!before) return;
  const after = Object.freeze(change(before));
  memory.users.set(id, after);
  memory.usersInOrder.replace(before, after);
}

/** Keeps an answer of each look-up for a second, from this time on that it is the same. */
function rememberedFrom<K, V>(looked: number, look: (key: K) => Promise<V>): (key: K) => Promise<V> {
  const seen = new Map<K, { readonly value: V; times: number; until: number }>();
  return async (key) => {
    const known = seen.get(key);
    if (known && known.until > performance.now()) return known.value;
    const value = await look(key);
    const times = known && known.value === value ? known.times + 1 : 1;
    seen.set(key, { value, times, until: times >= looked ? performance.now() + 1000 : 0 });
    return value;
  };
}

/** What one of them leaves running, for a process that is to end all the same. */
export const outliving: NodeJS.Timeout[] = [];

export const wrongInRelations: readonly Sabotaged[] = [
  ofSession(
    'contract',
    'expiry judged by the clock of the database as well',
    sessions((honest, { memory }) => ({
      async find(userId, id) {
        const found = await honest.find(userId, id);
        const expiresAt = memory.sessions.get(userId)?.get(id)?.expiresAt ?? 0;
        return { ...found, live: found.live && expiresAt > Date.now() };
      },
    })),
  ),
  ofSession(
    'contract',
    'a refresh at the time of the database',
    sessions((honest) => ({
      rotate: (rotation) => honest.rotate({ ...rotation, at: instant(Math.max(rotation.at, Date.now())) }),
    })),
  ),
  ofSession(
    'contract',
    'all sessions but one, of everybody (WHERE id <> $2)',
    sessions((honest, { memory }) => ({
      async endAll(userId, keep) {
        const ended = await honest.endAll(userId, keep);
        if (keep !== undefined) {
          for (const own of memory.sessions.values()) for (const id of own.keys()) if (id !== keep) own.delete(id);
        }
        return ended;
      },
    })),
  ),
  ofSession(
    'contract',
    'a password set, and the sessions of everybody ended',
    sessions((honest, { memory }) => ({
      async replacePassword(userId, expected, next, replacement) {
        const replaced = await honest.replacePassword(userId, expected, next, replacement);
        const own = memory.sessions.get(userId);
        if (replaced) memory.sessions.clear();
        if (own) memory.sessions.set(userId, own);
        return replaced;
      },
    })),
  ),
  ofSession(
    'contract',
    'ids compared by their last twelve characters',
    sessions((honest, { memory }) => ({
      find: (userId, id) => honest.find(userId, endingLike(memory, userId, id)),
      end: (userId, id) => honest.end(userId, endingLike(memory, userId, id)),
    })),
  ),
  ofSession(
    'contract',
    'sessions where the last change has left them (no ORDER BY)',
    sessions((honest, { memory }) => ({
      async rotate(rotation) {
        const outcome = await honest.rotate(rotation);
        const own = memory.sessions.get(rotation.userId);
        const record = own?.get(rotation.sessionId);
        if (own && record && own.delete(record.id)) own.set(record.id, record);
        return outcome;
      },
      async ofUser(userId) {
        const own = await honest.ofUser(userId);
        const ids = [...(memory.sessions.get(userId)?.keys() ?? [])];
        return own.toSorted((one, other) => ids.indexOf(one.id) - ids.indexOf(other.id));
      },
    })),
  ),
  ofSession(
    'contract',
    'the session as it was before it was refreshed (RETURNING of the old row)',
    sessions((honest) => ({
      async rotate(rotation) {
        const before = (await honest.ofUser(rotation.userId)).find(({ id }) => id === rotation.sessionId);
        const outcome = await honest.rotate(rotation);
        return outcome.kind === 'rotated' && before ? { ...outcome, session: before } : outcome;
      },
    })),
  ),
  ofToken(
    'contract',
    'a revocation remembered for a second from the third look-up on',
    tokens((honest) => ({ isRevoked: rememberedFrom(3, (id: TokenId) => honest.isRevoked(id)) })),
  ),
  ofToken(
    'contract',
    'ids cut to their first twelve characters',
    tokens((honest) => ({
      revoke: (token) => honest.revoke({ ...token, tokenId: token.tokenId.slice(0, FIRST_TWELVE) as TokenId }),
      isRevoked: (id) => honest.isRevoked(id.slice(0, FIRST_TWELVE) as TokenId),
    })),
  ),
  ofToken(
    'contract',
    'an insert that did nothing told as one that did (ON CONFLICT DO NOTHING)',
    tokens((honest) => ({
      async revoke(token) {
        await honest.revoke(token);
        return true;
      },
    })),
  ),
  ofUser(
    'contract',
    'a user remembered for a second from the fourth look-up on',
    users((honest) => ({ byId: rememberedFrom(4, (id: User['id']) => honest.byId(id)) })),
  ),
  ofUser(
    'contract',
    'a search by LIKE, with the wildcards of the caller',
    users((honest, { memory }) => ({
      async search(prefix, { number, size }) {
        const like = prefix
          .replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
          .replaceAll('%', '.*')
          .replaceAll('_', '.');
        const found = [...memory.users.values()]
          .filter(({ loginKey }) => new RegExp(`^${like}`, 'su').test(loginKey))
          .sort((one, other) => Buffer.compare(Buffer.from(one.loginKey), Buffer.from(other.loginKey)));
        await honest.byId('' as User['id']);
        return { items: found.slice((number - 1) * size, number * size), total: found.length };
      },
    })),
  ),
  ofUser(
    'contract',
    'an upsert that sets the other columns back',
    users((honest, { memory }) => ({
      async changeAccess(id, change) {
        const told = await honest.changeAccess(id, change);
        rewrite(memory, id, (user) => ({ ...user, firstName: null, lastName: null }));
        return told;
      },
    })),
  ),
  ofUser(
    'contract',
    'a removal that takes the next user of that spelling along (DELETE by a collation without case)',
    users((honest, { memory }) => ({
      async remove(id) {
        const removed = await honest.remove(id);
        const neighbour = [...memory.users.values()].find((each) => removed.ok && each.id.slice(1) === id.slice(1));
        if (neighbour) await honest.remove(neighbour.id);
        return removed;
      },
    })),
  ),
  ofUser(
    'contract',
    'the user as they were before the change (RETURNING of the old row)',
    users((honest) => ({
      async changeAccess(id, change) {
        const before = await honest.byId(id);
        const told = await honest.changeAccess(id, change);
        return told.ok && before ? ok(before) : told;
      },
    })),
  ),
  ofUser(
    'hostile',
    'logins padded to a length, blanks at their end without meaning (CHAR)',
    users((honest) => ({
      byLogin: (key) => honest.byLogin(key.trimEnd() as LoginKey),
      async add(user) {
        const holder = await honest.byLogin(user.loginKey.trimEnd() as LoginKey);
        return holder ? err({ kind: 'login-taken', login: user.login }) : honest.add(user);
      },
    })),
  ),
  ofCounter(
    'contract',
    'names compared without regard to case',
    counters((honest) => ({
      next: (name) => honest.next(name.toLowerCase()),
      last: (name) => honest.last(name.toLowerCase()),
      advance: (name, number) => honest.advance(name.toLowerCase(), number),
    })),
  ),
  ofCounter(
    'contract',
    'the last number of the connection (currval)',
    counters((honest) => {
      const own = new Map<string, number>();
      return {
        async next(name) {
          const number = await honest.next(name);
          own.set(name, number);
          return number;
        },
        last: async (name) => own.get(name) ?? (await honest.last(name)),
      };
    }),
  ),
  ofKey(
    'contract',
    'keys that are gone once the clock of the database has passed their end',
    keys((honest) => ({
      all: async () => (await honest.all()).filter(({ retiredAt }) => retiredAt === null || retiredAt > Date.now()),
    })),
  ),
  ofKey(
    'contract',
    'a key sealed anew, and with it all that are younger (WHERE number >= $1)',
    keys((honest, { memory }) => ({
      async reseal(number, expected, next) {
        const done = await honest.reseal(number, expected, next);
        for (const key of memory.keys.values())
          if (done && key.number > number) memory.keys.set(key.number, { ...key, sealed: next });
        return done;
      },
    })),
  ),
  ofMailToken(
    'contract',
    'tokens of everybody gone for the purpose of the one that is taken',
    mailTokens((honest, { memory }) => ({
      async take(purpose, hash) {
        const taken = await honest.take(purpose, hash);
        for (const each of taken ? memory.mailTokens.values() : []) {
          if (each.purpose === purpose) memory.mailTokens.delete(each.hash);
        }
        return taken;
      },
    })),
  ),
  ofMailToken(
    'contract',
    'hashes compared without regard to case',
    mailTokens((honest, { memory }) => ({
      find: (purpose, hash) =>
        honest.find(
          purpose,
          [...memory.mailTokens.keys()].find((each) => each.toLowerCase() === hash.toLowerCase()) ?? hash,
        ),
    })),
  ),
  ofRecord(
    'contract',
    'records by the time of their arrival',
    audit((honest, { memory }) => ({
      async newest(query) {
        const found = await honest.newest({ ...query, limit: 1e9 });
        const ids = [...memory.audit.keys()].toReversed();
        return found
          .toSorted((one, other) => ids.indexOf(one.id) - ids.indexOf(other.id))
          .slice(0, Math.max(0, query.limit));
      },
    })),
  ),
  ofSession(
    'outage',
    'a password set in one statement, and the sessions ended in the next, with no transaction around them',
    (honest) => ({
      ...honest,
      sessions: {
        ...honest.sessions,
        async replacePassword(userId, expected, next, replacement) {
          const { keep, epoch } = replacement ?? {};
          const user = await honest.users.byId(userId);
          if (user?.passwordHash !== expected || (epoch ?? user.tokenEpoch) !== user.tokenEpoch) return false;
          if (!(await honest.users.replacePasswordHash(userId, expected, next))) return false;
          await honest.sessions.endAll(userId, keep);
          return true;
        },
      },
    }),
  ),
  ofSession('outage', 'the sessions of a user ended in one statement, and the user removed in the next', (honest) => ({
    ...honest,
    users: {
      ...honest.users,
      async remove(id) {
        for (const each of await honest.sessions.ofUser(id)) await honest.sessions.end(id, each.id);
        return honest.users.remove(id);
      },
    },
  })),
  ofMailToken(
    'outage',
    'a token deleted in one statement, and the others of the user in the next',
    mailTokens((honest, { memory }) => ({
      async take(purpose, hash) {
        const token = await honest.find(purpose, hash);
        if (!token) return false;
        const others = [...memory.mailTokens.values()].filter(
          (each) => each.userId === token.userId && each.purpose === purpose,
        );
        memory.mailTokens.delete(hash);
        for (const each of others) {
          await honest.find(purpose, hash);
          memory.mailTokens.delete(each.hash);
        }
        return true;
      },
    })),
  ),
  ofUser(
    'outage',
    'a login that is free in one statement, and taken in the next',
    users((honest, { memory }) => ({
      async rekey(id, expected, next) {
        const user = await honest.byId(id);
        if (user?.loginKey !== expected || (await honest.byLogin(next))) return false;
        memory.userIds.delete(expected);
        await honest.byLogin(next);
        memory.userIds.set(expected, id);
        return honest.rekey(id, expected, next);
      },
    })),
  ),
  ofUser(
    'outage',
    'the database unavailable, and nobody told which part of the service that is',
    users((honest) => ({
      byId: (id) =>
        honest.byId(id).catch((fault: unknown) => {
          throw fault instanceof Unavailable ? new Unavailable('postgres', { cause: fault }) : fault;
        }),
    })),
  ),
  ofToken(
    'outage',
    'callers told to come back at once (Retry-After: 0)',
    tokens((honest) => ({
      isRevoked: (id) =>
        honest.isRevoked(id).catch((fault: unknown) => {
          throw fault instanceof Unavailable ? new Unavailable('store', { cause: fault, retryAfterSeconds: 0 }) : fault;
        }),
    })),
  ),
  ofToken(
    'expiry',
    'a revocation that is over by the clock of the database taken for none',
    tokens((honest, { memory }) => ({
      isRevoked: async (id) => (await honest.isRevoked(id)) && (memory.revokedTokens.get(id) ?? 0) > Date.now(),
    })),
  ),
  ofMailToken(
    'expiry',
    'a token that is over by the clock of the database told to nobody',
    mailTokens((honest) => ({
      async find(purpose, hash) {
        const found = await honest.find(purpose, hash);
        return found && found.expiresAt > Date.now() ? found : undefined;
      },
    })),
  ),
  ofRecord(
    'expiry',
    'records that are over by the clock of the database told to nobody',
    audit((honest) => ({
      newest: async (query) => (await honest.newest(query)).filter(({ expiresAt }) => expiresAt > Date.now()),
    })),
  ),
  ofRecord(
    'expiry',
    'a sweep of two thousand and no more (LIMIT)',
    audit((honest, { memory }) => ({
      async sweep(limit) {
        const spared = [...memory.audit.values()].filter(({ expiresAt }) => expiresAt <= limit).slice(2000);
        const count = await honest.sweep(limit);
        for (const each of spared) memory.audit.set(each.id, each);
        return count - spared.length;
      },
    })),
  ),
  ofSession(
    'expiry',
    'a sweep of nine hundred and no more (LIMIT)',
    sessions((honest, { memory }) => ({
      async sweep(limit) {
        const over = [...memory.sessions].flatMap(([id, own]) =>
          [...own.values()].filter(({ expiresAt }) => expiresAt <= limit).map((each) => ({ id, each })),
        );
        const count = await honest.sweep(limit);
        for (const { id, each } of over.slice(900)) memory.sessions.get(id)?.set(each.id, each);
        return Math.min(count, 900);
      },
    })),
  ),
  ofUser(
    'contract',
    'users of one moment where the last change has left them (ORDER BY registered_at)',
    users((honest, { memory }) => {
      const changed: User['id'][] = [];
      const moved = (everyone: readonly User[]) =>
        everyone.toSorted(
          (one, other) => one.registeredAt - other.registeredAt || changed.indexOf(one.id) - changed.indexOf(other.id),
        );
      return {
        async changeAccess(id, change) {
          const told = await honest.changeAccess(id, change);
          changed.push(id);
          return told;
        },
        async page({ number, size }) {
          const { total } = await honest.page({ number, size });
          return { total, items: moved(memory.usersInOrder.all()).slice((number - 1) * size, number * size) };
        },
      };
    }),
  ),
  ofToken(
    'restart',
    'a timer that outlives close',
    tokens((honest) => ({
      revoke(token) {
        // It would go on for ever; these tests have to end.
        outliving.push(setTimeout(() => undefined, 600_000));
        return honest.revoke(token);
      },
    })),
  ),
  ofMailToken(
    'outage',
    'tokens dropped when the store is closed, and acknowledged before (a write behind)',
    (honest) => {
      const behind: (() => Promise<void>)[] = [];
      const dropped = new Set<string>();
      return {
        ...honest,
        mailTokens: {
          ...honest.mailTokens,
          async find(purpose, hash) {
            const found = await honest.mailTokens.find(purpose, hash);
            return found && dropped.has(`${purpose} ${found.userId}`) ? undefined : found;
          },
          async drop(userId, purpose) {
            await honest.check();
            dropped.add(`${purpose} ${userId}`);
            behind.push(() => honest.mailTokens.drop(userId, purpose));
          },
        },
        async close() {
          for (const each of behind) await each();
          await honest.close();
        },
      };
    },
  ),
];
