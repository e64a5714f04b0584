import {
  err,
  foldCase,
  type HashParameters,
  isInState,
  type Login,
  type LoginKey,
  ok,
  plusSeconds,
  RECORDS_AT_ONCE,
  type Result,
  type User,
  type UserId,
  type UserState,
} from '@portcullis/domain';
import { type Memory, memoryStores } from '@portcullis/persistence-memory';
import { closedWith, cutAtNul, inSeconds, type Sabotaged, sabotageOf, shelfOf } from './sabotaged.ts';

const users = sabotageOf('users');

const inUtf8 = (text: string): string => Buffer.from(text).toString();

function rewriteUser(memory: Memory, user: User, changed: User): void {
  memory.users.set(user.id, changed);
  memory.usersInOrder.replace(user, changed);
}

/** Puts the user that an honest adapter told of into this epoch. */
function inEpoch<E>(memory: Memory, told: Result<User, E>, tokenEpoch: number): Result<User, E> {
  if (!told.ok) return told;
  const stored = { ...told.value, tokenEpoch };
  rewriteUser(memory, told.value, stored);
  return ok(stored);
}

const epochOf = (memory: Memory, id: UserId): number => memory.users.get(id)?.tokenEpoch ?? 0;

const of = shelfOf('users');

export const wrongUserStores: readonly Sabotaged[] = [
  of(
    'contract',
    'logins compared letter by letter',
    users((honest) => ({
      add: (user) => honest.add({ ...user, loginKey: user.login as string as LoginKey }),
    })),
  ),
  of(
    'contract',
    'logins folded in ASCII alone',
    users((honest) => ({
      add: (user) =>
        honest.add({
          ...user,
          loginKey: user.login.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) as LoginKey,
        }),
    })),
  ),
  of(
    'contract',
    'a list of everyone that tells nobody what it reads',
    users((honest) => ({ all: () => honest.all() })),
  ),
  of(
    'contract',
    'a list of everyone that goes on though its reader has no room',
    users((honest) => ({
      async all(admit = () => {}) {
        const found = await honest.all();
        try {
          for (const user of found) admit(user);
        } catch {
          // Told too late.
        }
        return found;
      },
    })),
  ),
  of(
    'contract',
    'a list of everyone without whom begins its second part',
    users((honest) => ({ all: async (admit) => (await honest.all(admit)).filter((_, at) => at !== RECORDS_AT_ONCE) })),
  ),
  of(
    'contract',
    'logins compared without accents',
    users((honest) => ({
      add: async (user) => {
        const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
        const { items } = await honest.page({ number: 1, size: 100 });
        const taken = items.some((each) => plain(each.login) === plain(user.login));
        return taken ? err({ kind: 'login-taken', login: user.login }) : honest.add(user);
      },
    })),
  ),
  of(
    'contract',
    'logins stored as their key',
    users((honest) => ({
      add: async (user) => {
        const added = await honest.add({ ...user, login: foldCase(user.login) as Login });
        return added.ok ? added : err({ kind: 'login-taken', login: user.login });
      },
    })),
  ),
  of(
    'contract',
    'times kept in whole seconds',
    users((honest) => ({
      add: (user) => honest.add({ ...user, registeredAt: inSeconds(user.registeredAt) }),
    })),
  ),
  of(
    'contract',
    'a field forgotten',
    users((honest) => ({ add: (user) => honest.add({ ...user, disabled: false }) })),
  ),
  of(
    'contract',
    'records shared with the caller',
    users((_, { memory }) => ({
      async byId(id) {
        const user = memory.users.get(id);
        if (!user || !Object.isFrozen(user)) return user;
        rewriteUser(memory, user, { ...user });
        return memory.users.get(id);
      },
    })),
  ),
  of(
    'contract',
    'a total of -1',
    users((honest) => ({
      page: async (request) => ({ ...(await honest.page(request)), total: -1 }),
    })),
  ),
  of(
    'contract',
    'pages in the order of ids',
    users((_, { memory }) => ({
      async page({ number, size }) {
        const all = [...memory.users.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
        return { items: all.slice((number - 1) * size, number * size), total: all.length };
      },
    })),
  ),
  of(
    'contract',
    'times ordered as text',
    users((_, { memory }) => ({
      async page({ number, size }) {
        const all = [...memory.users.values()].sort((a, b) => (`${a.registeredAt}` < `${b.registeredAt}` ? -1 : 1));
        return { items: all.slice((number - 1) * size, number * size), total: all.length };
      },
    })),
  ),
  of(
    'contract',
    'the last page again beyond the end',
    users((honest) => ({
      async page({ number, size }) {
        const { total } = await honest.page({ number, size });
        return honest.page({ number: Math.min(number, Math.max(1, Math.ceil(total / size))), size });
      },
    })),
  ),
  of(
    'contract',
    'a login that stays taken',
    users((honest, { memory }) => ({
      async remove(id) {
        const user = memory.users.get(id);
        const removed = await honest.remove(id);
        if (removed.ok && user) memory.userIds.set(user.loginKey, id);
        return removed;
      },
    })),
  ),
  of(
    'contract',
    'a disabled administrator counted as the one who stays',
    users((honest, { memory }) => ({
      async remove(id) {
        const removed = await honest.remove(id);
        const administrators = [...memory.users.values()].filter((each) => each.admin);
        return administrators.length > 1 ? ok(undefined) : removed;
      },
    })),
  ),
  of(
    'contract',
    'a hash replaced whatever was expected',
    users((honest, { memory }) => ({
      replacePasswordHash: (id, expected, next) =>
        honest.replacePasswordHash(id, memory.users.get(id)?.passwordHash ?? expected, next),
    })),
  ),
  of(
    'contract',
    'an id in use reported as a taken login',
    users((honest) => ({
      add: (user) => honest.add(user).catch(() => err({ kind: 'login-taken', login: user.login })),
    })),
  ),
  of(
    'contract',
    'times read as local ones, their zone lost',
    users((honest) => ({
      async byId(id) {
        const user = await honest.byId(id);
        return user && { ...user, registeredAt: plusSeconds(user.registeredAt, -7200) };
      },
    })),
  ),
  of(
    'contract',
    'a way of hashing that stays in use for ever',
    users((honest) => {
      const ever = new Set<HashParameters>();
      return {
        async hashParametersInUse() {
          for (const way of await honest.hashParametersInUse()) ever.add(way);
          return [...ever];
        },
      };
    }),
  ),
  of(
    'contract',
    'ways of hashing told by their scheme alone',
    users((honest) => ({
      hashParametersInUse: async () => [
        ...new Set((await honest.hashParametersInUse()).map((way) => way.slice(0, 9) as HashParameters)),
      ],
    })),
  ),
  of('contract', 'users kept in a cache and nowhere else', (honest, { cache }) => ({
    ...honest,
    users: closedWith(honest, memoryStores(cache).users),
  })),
  of(
    'races',
    'a free login checked in one step and taken in another',
    users((honest) => ({
      async add(user) {
        const holder = await honest.byLogin(user.loginKey);
        const added = await honest.add(user);
        return holder ? added : ok(undefined);
      },
    })),
  ),
  of(
    'races',
    'the last administrator decided in two steps',
    users((_, { memory }) => ({
      async changeAccess(id, change) {
        const others = [...memory.users.values()].filter((each) => each.id !== id && each.admin && !each.disabled);
        await undefined;
        const user = memory.users.get(id);
        if (!user) return err({ kind: 'user-not-found' });
        if (others.length === 0) return err({ kind: 'last-administrator' });
        rewriteUser(memory, user, { ...user, ...change });
        return ok({ ...user, ...change });
      },
    })),
  ),
  of(
    'races',
    'a lost update',
    users((_, { memory }) => ({
      async changeAccess(id, change) {
        const user = memory.users.get(id);
        await undefined;
        if (!user) return err({ kind: 'user-not-found' });
        memory.users.set(id, { ...user, ...change });
        return ok({ ...user, ...change });
      },
    })),
  ),
  of(
    'races',
    'a hash compared in one step and replaced in another',
    users((honest, { memory }) => ({
      async replacePasswordHash(id, expected, next) {
        const matches = memory.users.get(id)?.passwordHash === expected;
        await undefined;
        const current = memory.users.get(id)?.passwordHash;
        return matches && current !== undefined && honest.replacePasswordHash(id, current, next);
      },
    })),
  ),
  of(
    'races',
    'a removal that everyone did',
    users((honest, { memory }) => ({
      async remove(id) {
        const known = memory.users.has(id);
        await undefined;
        const removed = await honest.remove(id);
        return known ? ok(undefined) : removed;
      },
    })),
  ),
  of(
    'races',
    'a total of another moment than the items',
    users((honest) => ({
      async page(request) {
        const { items } = await honest.page(request);
        await undefined;
        return { items, total: (await honest.page(request)).total };
      },
    })),
  ),
  of('expiry', 'a TTL index on users', {
    expire: (memory, now) => {
      for (const user of [...memory.users.values()]) {
        if (user.registeredAt > now) continue;
        memory.users.delete(user.id);
        memory.userIds.delete(user.loginKey);
        memory.usersInOrder.remove(user);
      }
    },
  }),
  of(
    'hostile',
    'ids cut at NUL',
    users((honest) => ({ byId: (id) => honest.byId(cutAtNul(id) as UserId) })),
  ),
  of(
    'hostile',
    'lone surrogates folded',
    users((honest) => ({
      add: (user) => honest.add({ ...user, id: inUtf8(user.id) as UserId }),
      byId: (id) => honest.byId(inUtf8(id) as UserId),
    })),
  ),
  of(
    'hostile',
    'an operator that matches anyone',
    users((honest, { memory }) => ({
      byId: async (id) => (typeof id === 'object' ? memory.users.values().next().value : honest.byId(id)),
    })),
  ),
  of(
    'hostile',
    'ids looked up in a plain object',
    users((honest) => ({
      byId: async (id) => (await honest.byId(id)) ?? ({} as Record<string, User>)[id],
    })),
  ),
  of(
    'contract',
    'names forgotten',
    users((honest) => ({ add: (user) => honest.add({ ...user, firstName: null }) })),
  ),
  of(
    'contract',
    'an id in use told before a taken login',
    users((honest, { memory }) => ({
      async add(user) {
        if (memory.users.has(user.id)) throw new Error('the user id is in use');
        return honest.add(user);
      },
    })),
  ),
  of(
    'contract',
    'a login that is in its own way',
    users((honest, { memory }) => ({
      replaceCredentials: async (id, credentials) =>
        memory.userIds.has(credentials.loginKey)
          ? err({ kind: 'login-taken', login: credentials.login })
          : honest.replaceCredentials(id, credentials),
    })),
  ),
  of(
    'contract',
    'an old login that stays taken',
    users((honest, { memory }) => ({
      async replaceCredentials(id, credentials) {
        const key = memory.users.get(id)?.loginKey;
        const replaced = await honest.replaceCredentials(id, credentials);
        if (key && !memory.userIds.has(key)) memory.userIds.set(key, id);
        return replaced;
      },
    })),
  ),
  of(
    'races',
    'a login free in one step and replaced in another',
    users((_, { memory }) => ({
      async replaceCredentials(id, credentials) {
        const holder = memory.userIds.get(credentials.loginKey) ?? id;
        await undefined;
        const user = memory.users.get(id);
        if (!user) return err({ kind: 'user-not-found' });
        if (holder !== id) return err({ kind: 'login-taken', login: credentials.login });
        memory.userIds.set(credentials.loginKey, id);
        rewriteUser(memory, user, { ...user, ...credentials });
        return ok({ ...user, ...credentials });
      },
    })),
  ),
  of(
    'races',
    'a whole user written back with the credentials',
    users((_, { memory }) => ({
      async replaceCredentials(id, credentials) {
        const user = memory.users.get(id);
        await undefined;
        if (!user || !memory.users.has(id)) return err({ kind: 'user-not-found' });
        memory.users.set(id, { ...user, ...credentials });
        return ok({ ...user, ...credentials });
      },
    })),
  ),
  of(
    'contract',
    'a change whatever state was seen',
    users((honest) => ({ changeAccess: (id, change) => honest.changeAccess(id, change) })),
  ),
  of(
    'contract',
    'a removal whatever state was seen',
    users((honest) => ({ remove: (id) => honest.remove(id) })),
  ),
  of(
    'contract',
    'a state told by its token epoch alone',
    users((honest, { memory }) => ({
      changeAccess: (id, change, seen) =>
        honest.changeAccess(id, change, seen && { ...seen, verifiedAt: memory.users.get(id)?.verifiedAt ?? null }),
    })),
  ),
  of(
    'contract',
    'a change of nothing that succeeds whatever state was seen',
    users((honest) => ({
      async changeAccess(id, change, seen) {
        const user = await honest.byId(id);
        const { admin = user?.admin, disabled = user?.disabled } = change;
        return user && admin === user.admin && disabled === user.disabled
          ? ok(user)
          : honest.changeAccess(id, change, seen);
      },
    })),
  ),
  of(
    'races',
    'a state compared in one step and changed in another',
    users((honest, { memory }) => {
      const isSeen = (id: UserId, seen?: UserState) => {
        const user = memory.users.get(id);
        return !user || !seen || isInState(user, seen);
      };
      return {
        async changeAccess(id, change, seen) {
          const matches = isSeen(id, seen);
          await undefined;
          return matches ? honest.changeAccess(id, change) : err({ kind: 'changed' });
        },
        async remove(id, seen) {
          const matches = isSeen(id, seen);
          await undefined;
          return matches ? honest.remove(id) : err({ kind: 'changed' });
        },
      };
    }),
  ),
  of('restart', 'passwords that are changed in memory alone', {
    restart: (memory) => {
      for (const user of memory.users.values()) {
        rewriteUser(memory, user, {
          ...user,
          passwordHash: user.passwordHash.replace(/9$/, '3') as User['passwordHash'],
        });
      }
    },
  }),
  of('restart', 'an index of logins that a restart loses', { restart: (memory) => memory.userIds.clear() }),
  of(
    'contract',
    'a key that is replaced whatever it was',
    users((honest, { memory }) => ({
      rekey: async (id, expected, next) => honest.rekey(id, memory.users.get(id)?.loginKey ?? expected, next),
    })),
  ),
  of(
    'contract',
    'a login that is verified no more with another key',
    users((honest, { memory }) => ({
      async rekey(id, expected, next) {
        const changed = await honest.rekey(id, expected, next);
        const user = memory.users.get(id);
        if (changed && user) rewriteUser(memory, user, { ...user, verifiedAt: null });
        return changed;
      },
    })),
  ),
  of(
    'races',
    'a key looked for in one step and taken in another',
    users((_, { memory }) => ({
      async rekey(id, expected, next) {
        const holder = memory.userIds.get(next) ?? id;
        await undefined;
        const user = memory.users.get(id);
        if (user?.loginKey !== expected || holder !== id) return false;
        memory.userIds.delete(expected);
        memory.userIds.set(next, id);
        rewriteUser(memory, user, { ...user, loginKey: next });
        return true;
      },
    })),
  ),
  of(
    'contract',
    'a verification that moves with every mail',
    users((_, { memory }) => ({
      async verifyLogin(id, expected, at) {
        const user = memory.users.get(id);
        if (user?.loginKey !== expected.loginKey || user.tokenEpoch !== expected.tokenEpoch) return false;
        rewriteUser(memory, user, { ...user, verifiedAt: at });
        return true;
      },
    })),
  ),
  of(
    'contract',
    'a verification of whatever login the user has',
    users((honest, { memory }) => ({
      verifyLogin: async (id, expected, at) =>
        honest.verifyLogin(id, { ...expected, loginKey: memory.users.get(id)?.loginKey ?? expected.loginKey }, at),
    })),
  ),
  of(
    'contract',
    'a verification in whatever epoch the user is',
    users((honest, { memory }) => ({
      verifyLogin: async (id, { loginKey }, at) =>
        honest.verifyLogin(id, { loginKey, tokenEpoch: memory.users.get(id)?.tokenEpoch ?? 0 }, at),
    })),
  ),
  of(
    'races',
    'an epoch looked at in one step and a login verified in another',
    users((honest, { memory }) => ({
      async verifyLogin(id, expected, at) {
        if (memory.users.get(id)?.tokenEpoch !== expected.tokenEpoch) return false;
        await undefined;
        const user = memory.users.get(id);
        return user !== undefined && honest.verifyLogin(id, { ...user, loginKey: expected.loginKey }, at);
      },
    })),
  ),
  of(
    'contract',
    'a new login that is verified by the old one',
    users((honest, { memory }) => ({
      async replaceCredentials(id, credentials) {
        const verifiedAt = memory.users.get(id)?.verifiedAt ?? null;
        const replaced = await honest.replaceCredentials(id, credentials);
        if (!replaced.ok) return replaced;
        rewriteUser(memory, replaced.value, { ...replaced.value, verifiedAt });
        return ok({ ...replaced.value, verifiedAt });
      },
    })),
  ),
  of(
    'races',
    'a login looked at in one step and verified in another',
    users((_, { memory }) => ({
      async verifyLogin(id, { loginKey, tokenEpoch }, at) {
        const found = memory.users.get(id);
        if (found?.loginKey !== loginKey || found.tokenEpoch !== tokenEpoch) return false;
        await undefined;
        const user = memory.users.get(id);
        if (user) rewriteUser(memory, user, { ...user, verifiedAt: user.verifiedAt ?? at });
        return user !== undefined;
      },
    })),
  ),
  of(
    'contract',
    'tokens that outlive a change of role',
    users((honest, { memory }) => ({
      async changeAccess(id, change) {
        const epoch = epochOf(memory, id);
        const told = await honest.changeAccess(id, change);
        return change.admin === undefined || change.disabled !== undefined ? told : inEpoch(memory, told, epoch);
      },
    })),
  ),
  of(
    'contract',
    'tokens that live again when a user is enabled',
    users((honest, { memory }) => ({
      async changeAccess(id, change) {
        const epoch = epochOf(memory, id);
        const told = await honest.changeAccess(id, change);
        return change.disabled === undefined || change.admin !== undefined ? told : inEpoch(memory, told, epoch);
      },
    })),
  ),
  of(
    'contract',
    'tokens that outlive the demotion of an administrator, which is a path of its own',
    users((honest, { memory }) => ({
      async changeAccess(id, change) {
        const before = memory.users.get(id);
        const told = await honest.changeAccess(id, change);
        return before?.admin && !before.disabled ? inEpoch(memory, told, before.tokenEpoch) : told;
      },
    })),
  ),
  of(
    'contract',
    'tokens that outlive their login and password',
    users((honest, { memory }) => ({
      async replaceCredentials(id, credentials) {
        const epoch = epochOf(memory, id);
        return inEpoch(memory, await honest.replaceCredentials(id, credentials), epoch);
      },
    })),
  ),
  of(
    'contract',
    'tokens that a hash of other parameters ends',
    users((honest, { memory }) => ({
      async replacePasswordHash(id, expected, next) {
        const replaced = await honest.replacePasswordHash(id, expected, next);
        const user = memory.users.get(id);
        if (replaced && user) rewriteUser(memory, user, { ...user, tokenEpoch: user.tokenEpoch + 1 });
        return replaced;
      },
    })),
  ),
  of(
    'contract',
    'tokens that a change to what it is already ends',
    users((honest, { memory }) => ({
      async changeAccess(id, change) {
        const epoch = epochOf(memory, id);
        return inEpoch(memory, await honest.changeAccess(id, change), epoch + 1);
      },
    })),
  ),
  of(
    'contract',
    'every user added in the first epoch',
    users((honest) => ({ add: (user) => honest.add({ ...user, tokenEpoch: 0 }) })),
  ),
  of(
    'races',
    'a state set in one step and the epoch moved in another',
    users((honest, { memory }) => ({
      async changeAccess(id, change) {
        const epoch = epochOf(memory, id);
        const told = await honest.changeAccess(id, change);
        if (!told.ok || told.value.tokenEpoch === epoch) return told;
        inEpoch(memory, told, epoch);
        await undefined;
        const user = memory.users.get(id);
        if (user) rewriteUser(memory, user, { ...user, tokenEpoch: user.tokenEpoch + 1 });
        return told;
      },
    })),
  ),
  of(
    'races',
    'credentials set in one step and the epoch moved in another',
    users((honest, { memory }) => ({
      async replaceCredentials(id, credentials) {
        const epoch = epochOf(memory, id);
        const told = await honest.replaceCredentials(id, credentials);
        if (!told.ok) return told;
        inEpoch(memory, told, epoch);
        await undefined;
        const user = memory.users.get(id);
        if (user) rewriteUser(memory, user, { ...user, tokenEpoch: user.tokenEpoch + 1 });
        return told;
      },
    })),
  ),
  of('restart', 'epochs that a restart begins anew', {
    restart: (memory) => {
      for (const user of memory.users.values()) rewriteUser(memory, user, { ...user, tokenEpoch: 0 });
    },
  }),
  of(
    'hostile',
    'an epoch read as a number, whatever it is',
    users((honest) => ({ add: (user) => honest.add({ ...user, tokenEpoch: Number(user.tokenEpoch) }) })),
  ),
];
