import {
  begun,
  type Instant,
  judgeRotation,
  plusSeconds,
  type Rotation,
  type RotationOutcome,
  SESSIONS_PER_USER,
  type SessionStore,
  sessionOf,
} from '@portcullis/domain';
import type { Filter } from 'mongodb';
import { epochIs, IN_NEXT_EPOCH } from './administrators.ts';
import { coalesced } from './coalesce.ts';
import type { Connection } from './connection.ts';
import { hashFields, sessionParts, toSessionRecord, type UserDocument, userDocuments } from './documents.ts';
import { sweepWithin } from './sweeping.ts';
import { date, equalText, lookupText, text, whole } from './values.ts';

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

  /** Answers the user, and of their sessions the id of the one that is asked for. */
  const found = coalesced(async (asked: readonly { readonly userId: string; readonly id: string }[]) => {
    const ids = [...new Set(asked.map(({ id }) => id))];
    const these = {
      $filter: { input: { $ifNull: ['$sessions.id', []] }, cond: { $in: ['$$this', { $literal: ids }] } },
    };
    const options = {
      ...connection.bounded,
      projection: { ...userDocuments.projection, live: these },
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
      return { user: document && userDocuments.read(document), live: document?.live.includes(id) ?? false };
    });
  });

  const endOthers = (keep: string | undefined) =>
    keep === undefined ? { $set: { sessions: [] } } : { $pull: { sessions: { id: { $ne: keep } } } };

  /** Undefined where the session became another one in between. */
  async function rotateOnce(rotation: Rotation): Promise<RotationOutcome | undefined> {
    const { userId, sessionId: id, presented, successor, at, expiresAt, sessionLifetimeSeconds } = rotation;
    const ofUser = { _id: equalText(userId) };
    const begunAfter = date(plusSeconds(at, -sessionLifetimeSeconds));
    const newest = {
      $elemMatch: {
        ...{ id: equalText(id), current: equalText(presented) },
        ...{ expiresAt: { $gt: date(at) }, createdAt: { $gt: begunAfter } },
      },
    };
    // By a pipeline, since it goes by when the session was begun: texts are literals, or a `$` would begin a path.
    const end = { $add: ['$$each.createdAt', sessionLifetimeSeconds * 1000] };
    const spend = {
      current: { $literal: text(successor) },
      previous: { $literal: presented },
      rotatedAt: date(at),
      lastUsedAt: date(at),
      expiresAt: { $min: [date(expiresAt), end] },
    };
    const isThis = { $eq: ['$$each.id', { $literal: id }] };
    const spent = { $cond: [isThis, { $mergeObjects: ['$$each', spend] }, '$$each'] };
    const rotated = await users.findOneAndUpdate(
      { ...ofUser, disabled: false, sessions: newest },
      [{ $set: { sessions: { $map: { input: '$sessions', as: 'each', in: spent } } } }],
      { ...connection.bounded, projection: withSession(id), returnDocument: 'after' },
    );
    if (rotated) return outcomeOf('rotated', foundIn(rotated, id));

    const options = { ...connection.bounded, projection: withSession(id) };
    const found = foundIn(await connection.read(() => users.findOne(ofUser, options)), id);
    if (!found || found.user.disabled) return NEVER;
    const kind = judgeRotation(found.session, rotation);
    if (kind === 'rotated') return undefined;
    if (kind === 'replayed') return outcomeOf(kind, found);
    // A token that was spent stays spent, whatever became of the session since it was read.
    return kind === 'reused' && (await removeOne(userId, id)) ? { kind } : NEVER;
  }

  async function removeOne(userId: string, id: string, lastUsedAt?: Instant): Promise<boolean> {
    const session = { id: equalText(id), ...(lastUsedAt !== undefined && { lastUsedAt: { $eq: date(lastUsedAt) } }) };
    const { modifiedCount } = await users.updateOne(
      { _id: equalText(userId), sessions: { $elemMatch: session } },
      { $pull: { sessions: session } },
      connection.bounded,
    );
    return modifiedCount === 1;
  }

  return {
    begin: (session, first, expected) =>
      connection.answer(async () => {
        const document = sessionParts.write(begun(session, first));
        const { matchedCount } = await users.updateOne(
          { _id: equalText(session.userId), passwordHash: equalText(expected), disabled: false },
          { $push: { sessions: { $each: [document], $sort: { lastUsedAt: 1 }, $slice: -SESSIONS_PER_USER } } },
          connection.bounded,
        );
        return matchedCount === 1;
      }),

    async find(userId, id) {
      const [key, session] = [lookupText(userId), lookupText(id)];
      if (key === undefined) return NOBODY;
      const answer = await found({ userId: key, id: session ?? '' });
      // An id that cannot be stored is asked for as the empty one, which may well be there.
      return session === undefined ? { ...answer, live: false } : answer;
    },

    record: (userId, id) =>
      connection.answer(async () => {
        const options = { ...connection.bounded, projection: { sessions: { $elemMatch: { id: equalText(id) } } } };
        const found = await connection.read(() => users.findOne({ _id: equalText(userId) }, options));
        const [only] = found?.sessions ?? [];
        return only && toSessionRecord(userId, only);
      }),

    rotate: (rotation) => connection.retryUntilDecided(() => rotateOnce(rotation)),

    ofUser: (userId) =>
      connection.answer(async () => {
        const options = { ...connection.bounded, projection: { sessions: 1 } };
        const found = await connection.read(() => users.findOne({ _id: equalText(userId) }, options));
        const sessions = (found?.sessions ?? []).map((session) => sessionOf(toSessionRecord(userId, session)));
        return sessions.sort((one, other) => one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1));
      }),

    end: (userId, id, lastUsedAt) => connection.answer(() => removeOne(userId, id, lastUsedAt)),

    endAll: (userId, keep) =>
      connection.answer(async () => {
        const kept = keep === undefined ? undefined : lookupText(keep);
        const update = { ...endOthers(kept), ...IN_NEXT_EPOCH };
        const before = await users.findOneAndUpdate({ _id: equalText(userId) }, update, {
          ...connection.bounded,
          projection: { 'sessions.id': 1 },
          returnDocument: 'before',
        });
        return (before?.sessions ?? []).filter(({ id }) => id !== kept).length;
      }),

    replacePassword: (userId, expected, next, { keep, epoch } = {}) =>
      connection.answer(async () => {
        const hash = hashFields(next);
        const inEpoch = epoch === undefined ? {} : epochIs(whole(epoch));
        const { $set, ...others } = { $set: {}, ...endOthers(keep === undefined ? undefined : lookupText(keep)) };
        const { matchedCount } = await users.updateOne(
          { _id: equalText(userId), passwordHash: equalText(expected), ...inEpoch },
          { ...others, ...IN_NEXT_EPOCH, $set: { ...$set, ...hash } },
          connection.bounded,
        );
        return matchedCount === 1;
      }),

    async sweep(limit) {
      const over = { expiresAt: { $lte: date(limit) } };
      const hasOver: Filter<UserDocument> = { sessions: { $elemMatch: over } };
      const told = {
        ...connection.bounded,
        projection: { 'sessions.expiresAt': 1 },
        returnDocument: 'before',
      } as const;
      return sweepWithin(connection, users, limit, hasOver, async (_id) => {
        const before = await users.findOneAndUpdate({ _id, ...hasOver }, { $pull: { sessions: over } }, told);
        return before?.sessions;
      });
    },
  };
}

/** A user and the one session that is asked for. */
const withSession = (id: string) => ({ ...userDocuments.projection, sessions: { $elemMatch: { id: equalText(id) } } });

const foundIn = (document: UserDocument | null, id: string) => {
  const session = document?.sessions?.find((each) => each.id === id);
  if (!document || !session) return undefined;
  const user = userDocuments.read(document);
  return { user, session: toSessionRecord(user.id, session) };
};

function outcomeOf(kind: 'rotated' | 'replayed', found: ReturnType<typeof foundIn>): RotationOutcome {
  if (!found) throw new Error('the session is not in its document');
  return { kind, session: sessionOf(found.session), user: found.user };
}
