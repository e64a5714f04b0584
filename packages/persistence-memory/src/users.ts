import { err, ok, type User, type UserStore } from '@portcullis/domain';
import type { Memory } from './memory.ts';

const isEnabledAdministrator = (user: User): boolean => user.admin && !user.disabled;

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

    async all() {
      return open().usersInOrder.all();
    },

    async changeAccess(id, change) {
      const memory = open();
      const user = memory.users.get(id);
      if (!user) return err({ kind: 'user-not-found' });
      const { admin = user.admin, disabled = user.disabled } = change;
      const changed = { ...user, admin, disabled };
      if (isEnabledAdministrator(user) && !isEnabledAdministrator(changed) && isLastAdministrator(memory, user)) {
        return err({ kind: 'last-administrator' });
      }
      return ok(replace(memory, user, changed));
    },

    async remove(id) {
      const memory = open();
      const user = memory.users.get(id);
      if (!user) return err({ kind: 'user-not-found' });
      if (isEnabledAdministrator(user) && isLastAdministrator(memory, user)) return err({ kind: 'last-administrator' });
      memory.users.delete(id);
      memory.userIds.delete(user.loginKey);
      memory.usersInOrder.remove(user);
      return ok(undefined);
    },

    async replaceCredentials(id, { login, loginKey, passwordHash }) {
      const memory = open();
      const user = memory.users.get(id);
      if (!user) return err({ kind: 'user-not-found' });
      if ((memory.userIds.get(loginKey) ?? id) !== id) return err({ kind: 'login-taken', login });
      memory.userIds.delete(user.loginKey);
      memory.userIds.set(loginKey, id);
      return ok(replace(memory, user, { ...user, login, loginKey, passwordHash }));
    },

    async replacePasswordHash(id, expected, next) {
      const memory = open();
      const user = memory.users.get(id);
      if (user?.passwordHash !== expected) return false;
      replace(memory, user, { ...user, passwordHash: next });
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

function replace({ users, usersInOrder }: Memory, user: User, changed: User): User {
  const stored = Object.freeze(changed);
  users.set(user.id, stored);
  usersInOrder.replace(user, stored);
  return stored;
}
