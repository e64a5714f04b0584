import {
  endOfPrefix,
  err,
  type HashParameters,
  inNextEpoch,
  isEnabledAdministrator,
  isInState,
  ok,
  RECORDS_AT_ONCE,
  type Slice,
  type User,
  type UserId,
  type UserStore,
} from '@portcullis/domain';
import type { Connection } from './connection.ts';
import { OWN_TABLES } from './own-tables.ts';
import { recordLists } from './record-lists.ts';
import { recordsIn } from './record-table.ts';
import { HASH_PARAMETERS } from './schema.ts';
import { lookupNumber, lookupText, text, time } from './values.ts';

export function sqliteUserStore(connection: Connection): UserStore {
  const table = OWN_TABLES.users;
  const users = recordsIn(connection, table);
  const insert = users.insert('ON CONFLICT (login_key) DO NOTHING');
  const selectById = users.select('WHERE id = ?');
  const selectByLogin = users.select('WHERE login_key = ?');
  const selectAfter = users.select('WHERE (registered_at, id) > (?, ?) ORDER BY registered_at, id LIMIT ?');
  const page = recordLists(
    connection,
    { ...table, tie: table.key.name },
    ({ rows, total }): Slice<User> => ({ items: rows.map(table.recordOf), total }),
  );
  const selectOtherAdministrator = connection.prepare(
    'SELECT 1 FROM users WHERE admin = 1 AND disabled = 0 AND id <> ? LIMIT 1',
  );
  const updateAccess = users.update(['admin', 'disabled', 'tokenEpoch'], 'WHERE id = ?');
  const updateCredentials = users.update(
    ['login', 'loginKey', 'passwordHash', 'verifiedAt', 'tokenEpoch'],
    'WHERE id = ?',
  );
  const verifyLogin = connection.prepare(
    'UPDATE users SET verified_at = coalesce(verified_at, ?) WHERE id = ? AND login_key = ? AND token_epoch = ?',
  );
  const updateKey = connection.prepare('UPDATE OR IGNORE users SET login_key = ? WHERE id = ? AND login_key = ?');
  const updatePasswordHash = users.update(['passwordHash'], 'WHERE id = ? AND password_hash = ?');
  // One step into the index for each way, however many users there are.
  const selectHashParameters = connection.prepare<{ readonly parameters: string }>(
    `WITH RECURSIVE ways (parameters) AS (
       SELECT min(${HASH_PARAMETERS}) FROM users
       UNION ALL
       SELECT (SELECT min(${HASH_PARAMETERS}) FROM users WHERE ${HASH_PARAMETERS} > ways.parameters)
       FROM ways WHERE ways.parameters IS NOT NULL
     )
     SELECT parameters FROM ways WHERE parameters IS NOT NULL`,
  );
  const remove = connection.prepare('DELETE FROM users WHERE id = ?');
  // A service may have none.
  const removeSessions = connection.has('sessions')
    ? connection.prepare('DELETE FROM sessions WHERE user_id = ?')
    : undefined;

  const find = (id: UserId): User | undefined => selectById.get(lookupText(id));
  const isLastAdministrator = (user: User): boolean => selectOtherAdministrator.get(user.id) === undefined;

  return {
    add: (user) =>
      connection.write(() => {
        const { changes } = insert.run(user);
        return changes === 1 ? ok(undefined) : err({ kind: 'login-taken', login: user.login });
      }),

    byId: (id) => connection.read(() => find(id)),

    byLogin: (key) => connection.read(() => selectByLogin.get(lookupText(key))),

    page,

    async search(keyPrefix, request) {
      const from = lookupText(keyPrefix);
      // No key begins with what cannot be stored.
      if (from === null) return { items: [], total: 0 };
      return page({
        ...request,
        sort: [{ field: 'loginKey' }],
        where: { loginKey: { from, before: endOfPrefix(from) } },
      });
    },

    async all(admit = () => {}) {
      const found: User[] = [];
      for (let part: readonly User[] | undefined; part?.length !== 0; ) {
        const last = found.at(-1);
        const after = [last?.registeredAt ?? Number.MIN_SAFE_INTEGER, last?.id ?? ''];
        part = await connection.read(() => selectAfter.all(...after, RECORDS_AT_ONCE));
        for (const user of part) {
          admit(user);
          found.push(user);
        }
      }
      return found;
    },

    changeAccess: (id, change, seen) =>
      connection.writeTogether(() => {
        const user = find(id);
        if (!user) return err({ kind: 'user-not-found' });
        if (seen && !isInState(user, seen)) return err({ kind: 'changed' });
        const { admin = user.admin, disabled = user.disabled } = change;
        if (admin === user.admin && disabled === user.disabled) return ok(user);
        const changed = inNextEpoch({ ...user, admin, disabled });
        if (isEnabledAdministrator(user) && !isEnabledAdministrator(changed) && isLastAdministrator(user)) {
          return err({ kind: 'last-administrator' });
        }
        updateAccess.run(changed, user.id);
        if (disabled) removeSessions?.run(user.id);
        return ok(changed);
      }),

    remove: (id, seen) =>
      connection.writeTogether(() => {
        const user = find(id);
        if (!user) return err({ kind: 'user-not-found' });
        if (seen && !isInState(user, seen)) return err({ kind: 'changed' });
        if (isEnabledAdministrator(user) && isLastAdministrator(user)) return err({ kind: 'last-administrator' });
        remove.run(user.id);
        removeSessions?.run(user.id);
        return ok(undefined);
      }),

    verifyLogin: (id, { loginKey, tokenEpoch }, at) =>
      connection.write(
        () => verifyLogin.run(time(at), lookupText(id), lookupText(loginKey), lookupNumber(tokenEpoch)).changes === 1,
      ),

    replaceCredentials: (id, { login, loginKey, passwordHash }) =>
      connection.writeTogether(() => {
        const user = find(id);
        if (!user) return err({ kind: 'user-not-found' });
        const key = text(loginKey);
        const holder = selectByLogin.get(key);
        if (holder && holder.id !== user.id) return err({ kind: 'login-taken', login });
        const verifiedAt = key === user.loginKey ? user.verifiedAt : null;
        const changed = inNextEpoch({ ...user, login, loginKey, passwordHash, verifiedAt });
        updateCredentials.run(changed, user.id);
        return ok(changed);
      }),

    rekey: (id, expected, next) =>
      connection.write(() => updateKey.run(text(next), lookupText(id), lookupText(expected)).changes === 1),

    hashParametersInUse: () =>
      connection.read(() => selectHashParameters.all().map(({ parameters }) => parameters as HashParameters)),

    replacePasswordHash: (id, expected, next) =>
      connection.write(
        () => updatePasswordHash.run({ passwordHash: next }, lookupText(id), lookupText(expected)).changes === 1,
      ),
  };
}
