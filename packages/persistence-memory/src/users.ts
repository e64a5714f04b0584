import {
  err,
  hashParametersOf,
  inNextEpoch,
  isEnabledAdministrator,
  isInState,
  offsetOf,
  ok,
  type User,
  type UserStore,
} from '@portcullis/domain';
import { compareValues } from './list-order.ts';
import type { Memory } from './memory.ts';

export function memoryUserStore(open: () => Memory): UserStore {
  return {
    async add(user) {
      const { users, userIds, usersInOrder } = open();
      if (userIds.has(user.loginKey)) return err({ kind: 'login-taken', login: user.login });
      if (users.has(user.id)) throw new Error('the user id is in use');
      const stored = Object.freeze({ ...user });
      users.set(stored.id, stored);
      userIds.set(stored.loginKey, stored.id);
      usersInOrder.insert(stored);
      return ok(undefined);
    },

    async byId(id) {
      return open().users.get(id);
    },

    async byLogin(key) {
      const { users, userIds } = open();
      const id = userIds.get(key);
      return id === undefined ? undefined : users.get(id);
    },

    async page(request) {
      return open().usersInOrder.page(request);
    },

    async search(keyPrefix, request) {
      const found = open()
        .usersInOrder.all()
        .filter(({ loginKey }) => loginKey.startsWith(keyPrefix))
        .sort((one, other) => compareValues(one.loginKey, other.loginKey));
      const offset = offsetOf(request);
      return { items: found.slice(offset, offset + request.size), total: found.length };
    },

    async all(admit = () => {}) {
      const found = open().usersInOrder.all();
      for (const user of found) admit(user);
      return found;
    },

    async changeAccess(id, change, seen) {
      const memory = open();
      const user = memory.users.get(id);
      if (!user) return err({ kind: 'user-not-found' });
      if (seen && !isInState(user, seen)) return err({ kind: 'changed' });
      const { admin = user.admin, disabled = user.disabled } = change;
      const changed = { ...user, admin, disabled };
      if (isEnabledAdministrator(user) && !isEnabledAdministrator(changed) && isLastAdministrator(memory, user)) {
        return err({ kind: 'last-administrator' });
      }
      if (admin === user.admin && disabled === user.disabled) return ok(user);
      if (disabled) memory.sessions.delete(id);
      return ok(replaceUser(memory, user, inNextEpoch(changed)));
    },

    async remove(id, seen) {
      const memory = open();
      const user = memory.users.get(id);
      if (!user) return err({ kind: 'user-not-found' });
      if (seen && !isInState(user, seen)) return err({ kind: 'changed' });
      if (isEnabledAdministrator(user) && isLastAdministrator(memory, user)) return err({ kind: 'last-administrator' });
      memory.users.delete(id);
      memory.userIds.delete(user.loginKey);
      memory.usersInOrder.remove(user);
      memory.sessions.delete(id);
      return ok(undefined);
    },

    async verifyLogin(id, expected, at) {
      const memory = open();
      const user = memory.users.get(id);
      if (user?.loginKey !== expected.loginKey || user.tokenEpoch !== expected.tokenEpoch) return false;
      if (user.verifiedAt === null) replaceUser(memory, user, { ...user, verifiedAt: at });
      return true;
    },

    async replaceCredentials(id, { login, loginKey, passwordHash }) {
      const memory = open();
      const user = memory.users.get(id);
      if (!user) return err({ kind: 'user-not-found' });
      if ((memory.userIds.get(loginKey) ?? id) !== id) return err({ kind: 'login-taken', login });
      memory.userIds.delete(user.loginKey);
      memory.userIds.set(loginKey, id);
      const verifiedAt = loginKey === user.loginKey ? user.verifiedAt : null;
      const credentials = { login, loginKey, passwordHash, verifiedAt };
      return ok(replaceUser(memory, user, inNextEpoch({ ...user, ...credentials })));
    },

    async rekey(id, expected, next) {
      const memory = open();
      const user = memory.users.get(id);
      if (user?.loginKey !== expected || (memory.userIds.get(next) ?? id) !== id) return false;
      memory.userIds.delete(expected);
      memory.userIds.set(next, id);
      replaceUser(memory, user, { ...user, loginKey: next });
      return true;
    },

    async hashParametersInUse() {
      return [...new Set([...open().users.values()].map(({ passwordHash }) => hashParametersOf(passwordHash)))];
    },

    async replacePasswordHash(id, expected, next) {
      const memory = open();
      const user = memory.users.get(id);
      if (user?.passwordHash !== expected) return false;
      replaceUser(memory, user, { ...user, passwordHash: next });
      return true;
    },
  };
}

function isLastAdministrator({ users }: Memory, user: User): boolean {
  for (const other of users.values()) {
    if (other !== user && isEnabledAdministrator(other)) return false;
  }
  return true;
}

export function replaceUser({ users, usersInOrder }: Memory, user: User, changed: User): User {
  const stored = Object.freeze(changed);
  users.set(user.id, stored);
  usersInOrder.replace(user, stored);
  return stored;
}
