import {
  judgeRotation,
  plusSeconds,
  type Rotation,
  type RotationOutcome,
  SESSIONS_PER_USER,
  type SessionStore,
  type User,
} from '@portcullis/domain';
import type { Filter } from 'mongodb';
import { epochIs, IN_NEXT_EPOCH } from './administrators.ts';
import { coalesced, oneByOne } from './coalesce.ts';
import type { Connection } from './connection.ts';
import {
  date,
  fromSession,
  hashFields,
  lookupText,
  type SessionDocument,
  text,
  toSession,
  toSessionRecord,
  toUser,
  USER_FIELDS,
  type UserDocument,
  whole,
} from './documents.ts';

/** How many users a sweep changes at once. */
const SWEEP_AT_ONCE = 20;

interface Found extends UserDocument {
  readonly live: readonly string[];
}

const NOBODY = { user: undefined, live: false };
const NEVER = { kind: 'session-unknown' } as const;

/**
 * Sessions are kept in the document of their user. So one look-up answers for both, and what concerns both, such as a password that
 * ends sessions, is one atomic operation without a transaction (docs/decisions/0028).
 */
export function mongoSessionStore(connection: Connection): SessionStore {
  const { users } = connection.collections;
  const lookUp = connection.coalesces ? coalesced : oneByOne;

  /** Answers the user, and of their sessions the id of the one that is asked for. */
  const found = lookUp(async (asked: readonly { readonly userId: string; readonly id: string }[]) => {
    const ids = [...new Set(asked.map(({ id }) => id))];
    const these = {
      $filter: { input: { $ifNull: ['$sessions.id', []] }, cond: { $in: ['$$this', { $literal: ids }] } },
    };
    const options = {
      ...connection.bounded,
      projection: { ...USER_FIELDS, live: these },
      batchSize: asked.length + 1,
      singleBatch: true,
    };
    const userIds = [...new Set(asked.map(({ userId }) => userId))];
    const documents = await connection.answer(() =>
      connection.read(() => users.find<Found>({ _id: { $in: userIds } }, options).toArray()),
    );
    const byId = new Map(documents.map((document) => [document._id, document]));
    return asked.map(({ userId, id }) => {
      const document = byId.get(userId);
      return { user: document && toUser(document), live: document?.live.includes(id) ?? false };
    });
  });

  const endOthers = (keep: string | undefined) =>
    keep === undefined ? { $set: { sessions: [] } } : { $pull: { sessions: { id: { $ne: keep } } } };

  /** Undefined where the session became another one in between. */
  async function rotateOnce(rotation: Rotation): Promise<RotationOutcome | undefined> {
    const { presented, successor, at, expiresAt, sessionLifetimeSeconds } = rotation;
    const [userId, id, current] = [lookupText(rotation.userId), lookupText(rotation.sessionId), lookupText(presented)];
    if (userId === undefined || id === undefined || current === undefined) return NEVER;
    const begunAfter = date(plusSeconds(at, -sessionLifetimeSeconds));
    const newest = {
      $elemMatch: {
        ...{ id: { $eq: id }, current: { $eq: current } },
        ...{ expiresAt: { $gt: date(at) }, createdAt: { $gt: begunAfter } },
      },
    };
    // By a pipeline, since it goes by when the session was begun: texts are literals, or a `$` would begin a path.
    const end = { $add: ['$$each.createdAt', sessionLifetimeSeconds * 1000] };
    const spend = {
      current: { $literal: text(successor) },
      previous: { $literal: current },
      rotatedAt: date(at),
      lastUsedAt: date(at),
      expiresAt: { $min: [date(expiresAt), end] },
    };
    const isThis = { $eq: ['$$each.id', { $literal: id }] };
    const spent = { $cond: [isThis, { $mergeObjects: ['$$each', spend] }, '$$each'] };
    const rotated = await users.findOneAndUpdate(
      { _id: { $eq: userId }, disabled: false, sessions: newest },
      [{ $set: { sessions: { $map: { input: '$sessions', as: 'each', in: spent } } } }],
      { ...connection.bounded, projection: withSession(id), returnDocument: 'after' },
    );
    if (rotated) return outcomeOf('rotated', rotated, id);

    const options = { ...connection.bounded, projection: withSession(id) };
    const document = await connection.read(() => users.findOne({ _id: { $eq: userId } }, options));
    const session = document && sessionIn(document, id);
    if (!document || !session || toUser(document).disabled) return NEVER;
    const kind = judgeRotation(toSessionRecord(toUser(document).id, session), rotation);
    if (kind === 'rotated') return undefined;
    if (kind === 'replayed') return outcomeOf(kind, document, id);
    // A token that was spent stays spent, whatever became of the session since it was read.
    return kind === 'reused' && (await removeOne(userId, id)) ? { kind } : NEVER;
  }

  async function removeOne(userId: string, id: string): Promise<boolean> {
    const { modifiedCount } = await users.updateOne(
      { _id: { $eq: userId }, 'sessions.id': { $eq: id } },
      { $pull: { sessions: { id: { $eq: id } } } },
      connection.bounded,
    );
    return modifiedCount === 1;
  }

  return {
    begin: (session, first, expected) =>
      connection.answer(async () => {
        const document = fromSession(session, first);
        const [userId, passwordHash] = [lookupText(session.userId), lookupText(expected)];
        if (userId === undefined || passwordHash === undefined) return false;
        const { matchedCount } = await users.updateOne(
          { _id: { $eq: userId }, passwordHash: { $eq: passwordHash }, disabled: false },
          { $push: { sessions: { $each: [document], $sort: { lastUsedAt: 1 }, $slice: -SESSIONS_PER_USER } } },
          connection.bounded,
        );
        return matchedCount === 1;
      }),

    async find(userId, id) {
      const [key, session] = [lookupText(userId), lookupText(id)];
      // What cannot be stored is asked for as what is not.
      return key === undefined ? NOBODY : found({ userId: key, id: session ?? '' });
    },

    record: (userId, id) =>
      connection.answer(async () => {
        const [key, session] = [lookupText(userId), lookupText(id)];
        if (key === undefined || session === undefined) return undefined;
        const options = { ...connection.bounded, projection: { sessions: { $elemMatch: { id: { $eq: session } } } } };
        const found = await connection.read(() => users.findOne({ _id: { $eq: key } }, options));
        const [only] = found?.sessions ?? [];
        return only && toSessionRecord(userId, only);
      }),

    rotate: (rotation) => connection.retryUntilDecided(() => rotateOnce(rotation)),

    ofUser: (userId) =>
      connection.answer(async () => {
        const key = lookupText(userId);
        if (key === undefined) return [];
        const options = { ...connection.bounded, projection: { sessions: 1 } };
        const found = await connection.read(() => users.findOne({ _id: { $eq: key } }, options));
        const sessions = (found?.sessions ?? []).map((session) => toSession(userId, session));
        return sessions.sort((one, other) => one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1));
      }),

    end: (userId, id) =>
      connection.answer(async () => {
        const [key, session] = [lookupText(userId), lookupText(id)];
        return key !== undefined && session !== undefined && removeOne(key, session);
      }),

    endAll: (userId, keep) =>
      connection.answer(async () => {
        const [key, kept] = [lookupText(userId), keep === undefined ? undefined : lookupText(keep)];
        if (key === undefined) return 0;
        const update = { ...endOthers(kept), ...IN_NEXT_EPOCH };
        const before = await users.findOneAndUpdate({ _id: { $eq: key } }, update, {
          ...connection.bounded,
          projection: { 'sessions.id': 1 },
          returnDocument: 'before',
        });
        return (before?.sessions ?? []).filter(({ id }) => id !== kept).length;
      }),

    replacePassword: (userId, expected, next, { keep, epoch } = {}) =>
      connection.answer(async () => {
        const hash = hashFields(next);
        const [key, present] = [lookupText(userId), lookupText(expected)];
        if (key === undefined || present === undefined) return false;
        const inEpoch = epoch === undefined ? {} : epochIs(whole(epoch));
        const { $set, ...others } = { $set: {}, ...endOthers(keep === undefined ? undefined : lookupText(keep)) };
        const { matchedCount } = await users.updateOne(
          { _id: { $eq: key }, passwordHash: { $eq: present }, ...inEpoch },
          { ...others, ...IN_NEXT_EPOCH, $set: { ...$set, ...hash } },
          connection.bounded,
        );
        return matchedCount === 1;
      }),

    async sweep(limit) {
      const over = { expiresAt: { $lte: date(limit) } };
      const hasOver: Filter<UserDocument> = { sessions: { $elemMatch: over } };
      let total = 0;
      for (;;) {
        const swept = await connection.answer(async () => {
          const options = { ...connection.bounded, projection: { _id: 1 }, limit: SWEEP_AT_ONCE } as const;
          const found = await connection.read(() => users.find(hasOver, options).toArray());
          return Promise.all(
            found.map(async ({ _id }) => {
              const pull = { $pull: { sessions: over } };
              const before = await users.findOneAndUpdate({ _id, ...hasOver }, pull, {
                ...connection.bounded,
                projection: { 'sessions.expiresAt': 1 },
                returnDocument: 'before',
              });
              return (before?.sessions ?? []).filter(({ expiresAt }) => expiresAt.getTime() <= limit).length;
            }),
          );
        });
        total += swept.reduce((sum, count) => sum + count, 0);
        if (swept.length < SWEEP_AT_ONCE) return total;
      }
    },
  };
}

/** A user and the one session that is asked for. */
const withSession = (id: string) => ({ ...USER_FIELDS, sessions: { $elemMatch: { id: { $eq: id } } } });

const sessionIn = ({ sessions }: Pick<UserDocument, 'sessions'>, id: string): SessionDocument | undefined =>
  sessions?.find((session) => session.id === id);

function outcomeOf(kind: 'rotated' | 'replayed', document: UserDocument, id: string): RotationOutcome {
  const session = sessionIn(document, id);
  if (!session) throw new Error('the session is not in its document');
  const user: User = toUser(document);
  return { kind, session: toSession(user.id, session), user };
}
