import {
  type AccessChange,
  endOfPrefix,
  err,
  type HashParameters,
  type LoginKey,
  offsetOf,
  ok,
  type Result,
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
import { allOf, pagesOf } from './pages.ts';
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

export function mongoUserStore(connection: Connection): UserStore {
  const { users } = connection.collections;
  const userAlone = { ...connection.bounded, projection: userDocuments.projection };
  const reduce = administratorGuard(connection);

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

    page: pagesOf(connection, users, ['registeredAt', '_id'], userDocuments.read, userDocuments.projection),

    search: (keyPrefix, request) =>
      connection.answer(async () => {
        const prefix = lookupText(keyPrefix);
        if (prefix === undefined) return { items: [], total: 0 };
        const end = endOfPrefix(prefix);
        const range = { loginKey: { $gte: prefix, ...(end === undefined ? {} : { $lt: end }) } };
        const slice = [{ $skip: offsetOf(request) }, { $limit: request.size }, { $project: userDocuments.projection }];
        // Items and total of one moment, since they are of one query.
        const pipeline = [
          { $match: range },
          { $sort: { loginKey: 1 } },
          { $facet: { items: slice, counts: [{ $count: 'total' }] } },
        ];
        const [found] = await connection.read(() =>
          users
            .aggregate<{ items: UserDocument[]; counts: { total: number }[] }>(pipeline, connection.bounded)
            .toArray(),
        );
        return { items: (found?.items ?? []).map(userDocuments.read), total: found?.counts[0]?.total ?? 0 };
      }),

    all: allOf(connection, users, ['registeredAt', '_id'], userDocuments.read, userDocuments.projection),

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
