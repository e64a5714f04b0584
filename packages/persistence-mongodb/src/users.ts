import {
  type AccessChange,
  endOfPrefix,
  err,
  type HashParameters,
  type LoginKey,
  ok,
  RECORDS_AT_ONCE,
  type Result,
  type Slice,
  type User,
  type UserChanged,
  type UserNotFound,
  type UserStore,
} from '@portcullis/domain';
import {
  type AccessFields,
  administratorGuard,
  epochIs,
  NOT_ENABLED_ADMINISTRATOR,
  stateIs,
} from './administrators.ts';
import { coalesced } from './coalesce.ts';
import type { Connection } from './connection.ts';
import { hashFields, newUserDocument, type UserDocument, userDocuments } from './documents.ts';
import { isDuplicate } from './faults.ts';
import { INDEXES } from './indexes.ts';
import { recordLists } from './record-lists.ts';
import { date, equalText, flag, lookupText, stored, text } from './values.ts';

const fieldsOf = ({ admin, disabled }: AccessChange): AccessFields => ({
  ...(admin === undefined ? {} : { admin: flag(admin) }),
  ...(disabled === undefined ? {} : { disabled: flag(disabled) }),
});

/** In a pipeline, where there is no `$inc`. */
const epochPlus = (step: unknown) => ({ $add: [{ $ifNull: ['$tokenEpoch', 0] }, step] });

/** Sets role or state, and moves the epoch if that changes anything. Whom it disables has no sessions any more. */
const accessOf = (fields: AccessFields) => {
  const changes = Object.entries(fields).map(([name, value]) => ({ $ne: [`$${name}`, value] }));
  const ended = fields.disabled ? { sessions: [] } : {};
  return { $set: { ...fields, ...ended, tokenEpoch: epochPlus({ $cond: [{ $or: changes }, 1, 0] }) } };
};

const IN_ORDER = { registeredAt: 1, _id: 1 } as const;

export function mongoUserStore(connection: Connection): UserStore {
  const { users } = connection.collections;
  const userAlone = { ...connection.bounded, projection: userDocuments.projection };
  const reduce = administratorGuard(connection);

  const list = recordLists(connection, { ...userDocuments, tie: '_id' }, INDEXES.users.users, userDocuments.read);
  const page = async (request: Parameters<typeof list>[0]): Promise<Slice<User>> => {
    const { items, total } = await list(request);
    return { items, total };
  };

  const documentOf = coalesced(async (ids: readonly string[]) => {
    const options = { ...userAlone, batchSize: ids.length + 1, singleBatch: true };
    const found = await connection.answer(() =>
      connection.read(() => users.find({ _id: { $in: [...new Set(ids)] } }, options).toArray()),
    );
    const documents = new Map(found.map((document) => [document._id, document]));
    return ids.map((id) => documents.get(id));
  });

  const byLogin = (key: LoginKey): Promise<UserDocument | null> =>
    connection.read(() => users.findOne({ loginKey: equalText(key) }, userAlone));

  /** Why a filter by id and state found nobody. */
  async function missed(id: string): Promise<Result<never, UserNotFound | UserChanged>> {
    const options = { ...connection.bounded, projection: { _id: 1 } } as const;
    const found = await connection.read(() => users.findOne({ _id: { $eq: id } }, options));
    return err({ kind: found ? 'changed' : 'user-not-found' });
  }

  return {
    add: (user) =>
      connection.answer(async () => {
        try {
          await users.insertOne(newUserDocument(user), connection.bounded);
          return ok(undefined);
        } catch (fault) {
          const isTaken =
            isDuplicate(fault, 'loginKey') ||
            // Of both the server names the id alone.
            (isDuplicate(fault, '_id') && (await byLogin(user.loginKey)) !== null);
          if (isTaken) return err({ kind: 'login-taken', login: user.login });
          throw fault;
        }
      }),

    async byId(id) {
      const key = lookupText(id);
      const document = key === undefined ? undefined : await documentOf(key);
      return document && userDocuments.read(document);
    },

    byLogin: (key) =>
      connection.answer(async () => {
        const document = await byLogin(key);
        return document ? userDocuments.read(document) : undefined;
      }),

    page,

    async search(keyPrefix, request) {
      const from = lookupText(keyPrefix);
      // No key begins with what cannot be stored.
      if (from === undefined) return { items: [], total: 0 };
      return page({
        ...request,
        sort: [{ field: 'loginKey' }],
        where: { loginKey: { from, before: endOfPrefix(from) } },
      });
    },

    // In parts. Who is there throughout is there once, and in their place: no field of the order ever changes.
    async all(admit = () => {}) {
      const all: User[] = [];
      for (let last: UserDocument | undefined; ; ) {
        // The last one may have gone; the part begins with them where they have not.
        const min = last && { registeredAt: last.registeredAt, _id: last._id };
        const options = {
          ...{ ...userAlone, ...(min && { min }), sort: IN_ORDER, hint: IN_ORDER },
          ...{ limit: RECORDS_AT_ONCE, batchSize: RECORDS_AT_ONCE, singleBatch: true },
        };
        const found = await connection.answer(() => connection.read(() => users.find({}, options).toArray()));
        for (const document of found) {
          if (document._id === last?._id) continue;
          const user = userDocuments.read(document);
          admit(user);
          all.push(user);
        }
        if (found.length < RECORDS_AT_ONCE) return all;
        last = found.at(-1);
      }
    },

    changeAccess: (id, change, seen) =>
      connection.retryUntilDecided(async () => {
        const key = lookupText(id);
        const fields = fieldsOf(change);
        if (key === undefined) return err({ kind: 'user-not-found' });
        const inState = seen ? stateIs(seen) : {};
        const reduces = fields.admin === false || fields.disabled === true;
        const filter = { _id: { $eq: key }, ...inState, ...(reduces ? NOT_ENABLED_ADMINISTRATOR : {}) };
        const changed =
          Object.keys(fields).length === 0
            ? await connection.read(() => users.findOne(filter, userAlone))
            : await users.findOneAndUpdate(filter, [accessOf(fields)], { ...userAlone, returnDocument: 'after' });
        if (changed) return ok(userDocuments.read(changed));
        return reduces ? reduce({ id: key, change: fields, seen }) : missed(key);
      }),

    remove: (id, seen) =>
      connection.retryUntilDecided(async () => {
        const key = lookupText(id);
        if (key === undefined) return err({ kind: 'user-not-found' });
        const inState = seen ? stateIs(seen) : {};
        const filter = { _id: { $eq: key }, ...inState, ...NOT_ENABLED_ADMINISTRATOR };
        const removed = await users.deleteOne(filter, connection.bounded);
        if (removed.deletedCount === 1) return ok(undefined);
        const reduced = await reduce({ id: key, change: 'remove', seen });
        return reduced?.ok ? ok(undefined) : reduced;
      }),

    verifyLogin: (id, expected, at) =>
      connection.answer(async () => {
        const verifiedAt = date(at);
        const filter = { _id: equalText(id), loginKey: equalText(expected.loginKey), ...epochIs(expected.tokenEpoch) };
        const update = [{ $set: { verifiedAt: { $ifNull: ['$verifiedAt', verifiedAt] } } }];
        const { matchedCount } = await users.updateOne(filter, update, connection.bounded);
        return matchedCount === 1;
      }),

    // The stamp stays: a reduction that is decided is yet to be carried out, whatever the user is called.
    replaceCredentials: (id, { login, loginKey, passwordHash }) =>
      connection.answer(async () => {
        const set = { login: text(login), loginKey: text(loginKey), ...hashFields(passwordHash) };
        // By a pipeline, since it goes by the login that there was: texts are literals, or a `$` would begin a path.
        const verifiedAt = { $cond: [{ $eq: ['$loginKey', { $literal: set.loginKey }] }, '$verifiedAt', null] };
        const fields = Object.entries(set).map(([name, value]) => [name, { $literal: value }]);
        try {
          const options = { ...userAlone, returnDocument: 'after' } as const;
          const update = [{ $set: { verifiedAt, ...Object.fromEntries(fields), tokenEpoch: epochPlus(1) } }];
          const replaced = await users.findOneAndUpdate({ _id: equalText(id) }, update, options);
          return replaced ? ok(userDocuments.read(replaced)) : err({ kind: 'user-not-found' });
        } catch (fault) {
          if (isDuplicate(fault, 'loginKey')) return err({ kind: 'login-taken', login });
          throw fault;
        }
      }),

    rekey: (id, expected, next) =>
      connection.answer(async () => {
        const set = { loginKey: text(next) };
        try {
          const filter = { _id: equalText(id), loginKey: equalText(expected) };
          const { matchedCount } = await users.updateOne(filter, { $set: set }, connection.bounded);
          return matchedCount === 1;
        } catch (fault) {
          if (isDuplicate(fault, 'loginKey')) return false;
          throw fault;
        }
      }),

    hashParametersInUse: () =>
      connection.answer(async () => {
        // The server steps through the index, from each way to the next.
        const ways: readonly unknown[] = await connection.read(() =>
          users.distinct('hashParameters', {}, connection.bounded),
        );
        return ways.map((way) => stored.text<HashParameters>(way));
      }),

    replacePasswordHash: (id, expected, next) =>
      connection.answer(async () => {
        const set = hashFields(next);
        const filter = { _id: equalText(id), passwordHash: equalText(expected) };
        const { matchedCount } = await users.updateOne(filter, { $set: set }, connection.bounded);
        return matchedCount === 1;
      }),
  };
}
