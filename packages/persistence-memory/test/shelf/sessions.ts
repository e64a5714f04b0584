import { instant, plusSeconds, rotated, type Session, type SessionId, type UserId } from '@portcullis/domain';
import { type Memory, memoryStores } from '@portcullis/persistence-memory';
import { closedWith, cutAtNul, type Sabotaged, sabotageOf, shelfOf } from './sabotaged.ts';

const sessions = sabotageOf('sessions');

const of = shelfOf('sessions');

function inEpoch(memory: Memory, id: UserId, tokenEpoch: number): void {
  const user = memory.users.get(id);
  if (!user) return;
  const stored = { ...user, tokenEpoch };
  memory.users.set(id, stored);
  memory.usersInOrder.replace(user, stored);
}

const agent = (session: Session): Session => ({ ...session, userAgent: session.userAgent ?? '' });

export const wrongSessionStores: readonly Sabotaged[] = [
  of(
    'contract',
    'the end of a session whenever it was last used',
    sessions((honest) => ({ end: (userId, id) => honest.end(userId, id) })),
  ),
  of(
    'contract',
    'a session begun whatever the password is by now',
    sessions((honest, { memory }) => ({
      begin: (session, first, expected) =>
        honest.begin(session, first, memory.users.get(session.userId)?.passwordHash ?? expected),
    })),
  ),
  of(
    'contract',
    'a client without a name told as one with an empty one',
    sessions((honest) => ({ begin: (session, first, expected) => honest.begin(agent(session), first, expected) })),
  ),
  of(
    'contract',
    'a session of anybody taken for one of the user',
    sessions((honest, { memory }) => ({
      async find(userId, id) {
        const { user } = await honest.find(userId, id);
        return { user, live: [...memory.sessions.values()].some((own) => own.has(id)) };
      },
    })),
  ),
  of(
    'contract',
    'the record of whosever session it is',
    sessions((_, { memory }) => ({
      record: async (_userId, id) => [...memory.sessions.values()].flatMap((own) => own.get(id) ?? [])[0],
    })),
  ),
  of(
    'contract',
    'sessions without end, one for every login',
    sessions((honest, { memory }) => ({
      async begin(session, first, expected) {
        const before = [...(memory.sessions.get(session.userId)?.values() ?? [])];
        const begun = await honest.begin(session, first, expected);
        for (const each of before) memory.sessions.get(session.userId)?.set(each.id, each);
        return begun;
      },
    })),
  ),
  of(
    'contract',
    'a password that leaves the other sessions',
    sessions((honest, { memory }) => ({
      async replacePassword(userId, expected, next, replacement) {
        const before = [...(memory.sessions.get(userId)?.values() ?? [])];
        const replaced = await honest.replacePassword(userId, expected, next, replacement);
        for (const each of before) memory.sessions.get(userId)?.set(each.id, each);
        return replaced;
      },
    })),
  ),
  of(
    'contract',
    'a password set in whatever epoch the user is',
    sessions((honest) => ({
      replacePassword: (userId, expected, next, replacement) =>
        honest.replacePassword(userId, expected, next, { keep: replacement?.keep }),
    })),
  ),
  of(
    'races',
    'an epoch looked at in one step and a password set in another',
    sessions((honest, { memory }) => ({
      async replacePassword(userId, expected, next, replacement) {
        const { keep, epoch } = replacement ?? {};
        if (epoch !== undefined && memory.users.get(userId)?.tokenEpoch !== epoch) return false;
        await undefined;
        return honest.replacePassword(userId, expected, next, { keep });
      },
    })),
  ),
  of(
    'contract',
    'sessions ended though the password was not the one expected',
    sessions((honest) => ({
      async replacePassword(userId, expected, next, replacement) {
        const replaced = await honest.replacePassword(userId, expected, next, replacement);
        await honest.endAll(userId, replacement?.keep);
        return replaced;
      },
    })),
  ),
  of('contract', 'sessions that outlive their user', (honest, { memory }) => ({
    ...honest,
    users: {
      ...honest.users,
      async remove(id) {
        const own = memory.sessions.get(id);
        const removed = await honest.users.remove(id);
        if (own) memory.sessions.set(id, own);
        return removed;
      },
    },
    sessions: {
      ...honest.sessions,
      find: async (userId, id) => ({
        ...(await honest.sessions.find(userId, id)),
        live: !!memory.sessions.get(userId)?.has(id),
      }),
    },
  })),
  of(
    'contract',
    'a spent token that is answered for ever',
    sessions((honest) => ({ rotate: (rotation) => honest.rotate({ ...rotation, graceMilliseconds: 1e12 }) })),
  ),
  of(
    'contract',
    'a grace where there is none',
    sessions((honest) => ({
      rotate: (rotation) => honest.rotate({ ...rotation, graceMilliseconds: Math.max(1, rotation.graceMilliseconds) }),
    })),
  ),
  of(
    'contract',
    'no grace at all',
    sessions((honest) => ({ rotate: (rotation) => honest.rotate({ ...rotation, graceMilliseconds: 0 }) })),
  ),
  of(
    'contract',
    'a reuse that is refused, and the session left',
    sessions((honest, { memory }) => ({
      async rotate(rotation) {
        const before = memory.sessions.get(rotation.userId)?.get(rotation.sessionId);
        const outcome = await honest.rotate(rotation);
        if (outcome.kind === 'reused' && before) memory.sessions.get(rotation.userId)?.set(before.id, before);
        return outcome;
      },
    })),
  ),
  of(
    'contract',
    'a replay that counts as a use',
    sessions((honest, { memory }) => ({
      async rotate(rotation) {
        const outcome = await honest.rotate(rotation);
        const own = memory.sessions.get(rotation.userId);
        const record = own?.get(rotation.sessionId);
        if (outcome.kind === 'replayed' && record) own?.set(record.id, { ...record, rotatedAt: rotation.at });
        return outcome.kind === 'replayed'
          ? { ...outcome, session: { ...outcome.session, lastUsedAt: rotation.at } }
          : outcome;
      },
    })),
  ),
  of(
    'contract',
    'a session that goes on for as long as it is refreshed',
    sessions((honest) => ({
      rotate: (rotation) => honest.rotate({ ...rotation, sessionLifetimeSeconds: 1e9 }),
    })),
  ),
  of(
    'contract',
    'a lifetime that is asked for, and not written',
    sessions((honest, { memory }) => ({
      async rotate(rotation) {
        const outcome = await honest.rotate(rotation);
        const own = memory.sessions.get(rotation.userId);
        const record = own?.get(rotation.sessionId);
        if (outcome.kind === 'rotated' && record) own?.set(record.id, { ...record, expiresAt: rotation.expiresAt });
        return outcome;
      },
    })),
  ),
  of(
    'contract',
    'expiry a second late',
    sessions((honest) => ({
      rotate: (rotation) => honest.rotate({ ...rotation, at: plusSeconds(rotation.at, -1) }),
    })),
  ),
  of('contract', 'sessions kept in a cache and nowhere else', (honest, { cache, memory }) => ({
    ...honest,
    sessions: closedWith(
      honest,
      memoryStores({ ...cache, users: memory.users, usersInOrder: memory.usersInOrder }).sessions,
    ),
  })),
  of(
    'races',
    'a token read in one step and spent in another',
    sessions((honest, { memory }) => ({
      async rotate(rotation) {
        const before = memory.sessions.get(rotation.userId)?.get(rotation.sessionId);
        await undefined;
        if (before?.current === rotation.presented) memory.sessions.get(rotation.userId)?.set(before.id, before);
        return honest.rotate(rotation);
      },
    })),
  ),
  of(
    'races',
    'a password compared in one step and a session begun in another',
    sessions((honest, { memory }) => ({
      async begin(session, first, expected) {
        const matches = memory.users.get(session.userId)?.passwordHash === expected;
        await undefined;
        const now = memory.users.get(session.userId)?.passwordHash;
        return matches && now !== undefined && honest.begin(session, first, now);
      },
    })),
  ),
  of(
    'races',
    'a password set in one step and the sessions ended in another',
    sessions((honest, { memory }) => ({
      async replacePassword(userId, expected, next, replacement) {
        await honest.endAll(userId, replacement?.keep);
        await undefined;
        const own = [...(memory.sessions.get(userId)?.values() ?? [])];
        const replaced = await honest.replacePassword(userId, expected, next, replacement);
        for (const each of own) memory.sessions.get(userId)?.set(each.id, each);
        return replaced;
      },
    })),
  ),
  of(
    'races',
    'an end that everyone did',
    sessions((honest, { memory }) => ({
      async end(userId, id) {
        const known = memory.sessions.get(userId)?.has(id) ?? false;
        await undefined;
        return (await honest.end(userId, id)) || known;
      },
    })),
  ),
  of(
    'races',
    'a whole session written back with its new token',
    sessions((honest, { memory }) => ({
      async rotate(rotation) {
        const read = memory.sessions.get(rotation.userId)?.get(rotation.sessionId);
        const outcome = await honest.rotate(rotation);
        const written = read && outcome.kind === 'rotated' ? rotated(read, rotation) : undefined;
        if (written) memory.sessions.get(rotation.userId)?.set(written.id, written);
        return outcome;
      },
    })),
  ),
  of(
    'expiry',
    'a sweep of what goes on for a millisecond more',
    sessions((honest) => ({ sweep: (limit) => honest.sweep(instant(limit + 1)) })),
  ),
  of(
    'expiry',
    'a sweep that counts users',
    sessions((honest, { memory }) => ({
      async sweep(limit) {
        const before = [...memory.sessions.values()].map(({ size }) => size);
        await honest.sweep(limit);
        return [...memory.sessions.values()].filter(({ size }, n) => size !== before[n]).length;
      },
    })),
  ),
  of('expiry', 'a TTL index on sessions', { expire: (memory) => memory.sessions.clear() }),
  of(
    'hostile',
    'user agents cut at NUL',
    sessions((honest) => ({
      begin: (session, first, expected) =>
        honest.begin({ ...session, userAgent: session.userAgent && cutAtNul(session.userAgent) }, first, expected),
    })),
  ),
  of(
    'hostile',
    'an operator that matches any session',
    sessions((honest) => ({
      async find(userId, id) {
        const found = await honest.find(userId, id);
        return typeof id === 'object' ? { ...found, live: true } : found;
      },
    })),
  ),
  of(
    'hostile',
    'ids read as text',
    sessions((honest) => ({ end: (userId, id) => honest.end(userId, String(id) as SessionId) })),
  ),
  of('restart', 'sessions kept in memory alone', { restart: (memory) => memory.sessions.clear() }),
  of('restart', 'spent tokens that a restart forgets', {
    restart: (memory) => {
      for (const own of memory.sessions.values()) {
        for (const record of own.values()) own.set(record.id, { ...record, previous: null, rotatedAt: null });
      }
    },
  }),
  of(
    'contract',
    'a new password that leaves the tokens of other services',
    sessions((honest, { memory }) => ({
      async replacePassword(userId, expected, next, replacement) {
        const epoch = memory.users.get(userId)?.tokenEpoch ?? 0;
        const replaced = await honest.replacePassword(userId, expected, next, replacement);
        inEpoch(memory, userId, epoch);
        return replaced;
      },
    })),
  ),
  of(
    'contract',
    'a logout everywhere that ends sessions alone',
    sessions((honest, { memory }) => ({
      async endAll(userId, keep) {
        const epoch = memory.users.get(userId)?.tokenEpoch ?? 0;
        const count = await honest.endAll(userId, keep);
        inEpoch(memory, userId, epoch);
        return count;
      },
    })),
  ),
  of('contract', 'sessions that wait until their user is enabled', (honest, { memory }) => ({
    ...honest,
    users: {
      ...honest.users,
      async changeAccess(id, change) {
        const own = memory.sessions.get(id);
        const told = await honest.users.changeAccess(id, change);
        if (own) memory.sessions.set(id, own);
        return told;
      },
    },
  })),
  of(
    'races',
    'a password set in one step and the epoch moved in another',
    sessions((honest, { memory }) => ({
      async replacePassword(userId, expected, next, replacement) {
        const epoch = memory.users.get(userId)?.tokenEpoch ?? 0;
        const replaced = await honest.replacePassword(userId, expected, next, replacement);
        if (!replaced) return false;
        inEpoch(memory, userId, epoch);
        await undefined;
        await undefined;
        inEpoch(memory, userId, epoch + 1);
        return true;
      },
    })),
  ),
  of('restart', 'epochs moved in memory alone', {
    restart: (memory) => {
      for (const { id } of [...memory.users.values()]) inEpoch(memory, id, 0);
    },
  }),
];
