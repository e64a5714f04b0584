import {
  err,
  isEnabledAdministrator,
  isInState,
  type LastAdministrator,
  ok,
  type Result,
  type User,
  type UserChanged,
  type UserNotFound,
  type UserState,
} from '@portcullis/domain';
import { type Filter, ObjectId } from 'mongodb';
import { coalesced } from './coalesce.ts';
import type { Connection } from './connection.ts';
import { type AdministratorsDocument, type ReductionDocument, type UserDocument, userDocuments } from './documents.ts';
import { isDuplicate } from './faults.ts';
import { date, equalNumber } from './values.ts';

/** To a document that has none yet `$inc` gives 1. */
export const IN_NEXT_EPOCH = { $inc: { tokenEpoch: 1 } } as const;
/** In a filter. What an earlier release stored has no epoch, and counts as 0. */
export const epochIs = (epoch: number): Filter<UserDocument> => ({
  tokenEpoch: epoch === 0 ? { $not: { $gt: 0 } } : equalNumber(epoch),
});
/** In a filter. What an earlier release stored has no time of verification, and null equals that, too. */
export const stateIs = ({ tokenEpoch, verifiedAt }: UserState): Filter<UserDocument> => ({
  ...epochIs(tokenEpoch),
  verifiedAt: { $eq: verifiedAt === null ? null : date(verifiedAt) },
});

export type AccessFields = Partial<Pick<UserDocument, 'admin' | 'disabled'>>;

interface Wish {
  readonly id: string;
  readonly change: AccessFields | 'remove';
  /** Only while the user is in this state, if given. */
  readonly seen: UserState | undefined;
}
type Granted = Result<User, UserNotFound | LastAdministrator | UserChanged>;

const GUARD = { _id: 'administrators' } as const;
const ENABLED = { admin: true, disabled: false } as const;
/** Whom one may change or remove without leaving an administrator fewer. */
export const NOT_ENABLED_ADMINISTRATOR = { $or: [{ admin: false }, { disabled: true }] };

/** What a reduction reads of a user. */
const REDUCED = { ...userDocuments.projection, stamp: 1 } as const;

/**
 * Changes by which an enabled administrator ceases to be one. They are rare, and the only ones that concern more than one
 * document: of two that are harmless alone, both may be too many. There is no transaction, so that a single server will do;
 * instead they are decided by writes to one document, which puts all of them in a row (docs/decisions/0020).
 *
 * 1. Read the guard, and carry out what was decided last: whoever decided it may have crashed before they could.
 * 2. Look who else is an enabled administrator. While nothing is decided there may be more of them in a moment, never fewer.
 * 3. Decide: a write to the guard that fails if anything was decided since 1.
 * 4. Carry it out. It is bound to the user's stamp, so that it happens once, however many carry it out and however late.
 *
 * A change for a state that the caller saw is carried out by its own node alone, which then knows whether the user still was in that state.
 * What others find decided instead is to give the user another stamp: if they come first, the change cannot happen any more.
 */
export function administratorGuard(connection: Connection): (wish: Wish) => Promise<Granted | undefined> {
  const { users, administrators } = connection.collections;

  /** The user as they are then, or were when they were removed; null where it had been done before, or there is nobody in such a state. */
  async function carryOut(
    { userId, stamp, set }: ReductionDocument,
    inState: Filter<UserDocument> = {},
  ): Promise<UserDocument | null> {
    const undone = { _id: { $eq: userId }, stamp, ...inState };
    const options = { ...connection.bounded, projection: REDUCED };
    if (!set) return users.findOneAndDelete(undone, options);
    const ended = set.disabled ? { sessions: [] } : {};
    const moved = isWithdrawal(set) ? {} : IN_NEXT_EPOCH;
    return users.findOneAndUpdate(
      undone,
      { $set: { ...set, ...ended }, ...moved },
      { ...options, returnDocument: 'after' },
    );
  }

  async function decide(
    guard: AdministratorsDocument | null,
    reductions: readonly ReductionDocument[],
  ): Promise<boolean> {
    const version = guard?.version ?? 0;
    try {
      const { matchedCount, upsertedCount } = await administrators.updateOne(
        { ...GUARD, version },
        { $set: { version: version + 1, reductions } },
        { ...connection.bounded, upsert: guard === null },
      );
      return matchedCount + upsertedCount === 1;
    } catch (fault) {
      // Somebody else has made the first decision of all.
      if (isDuplicate(fault, '_id')) return false;
      throw fault;
    }
  }

  /** One round for all who wait. Undefined for those who have to try anew, since somebody else came first. */
  async function reduce(wishes: readonly Wish[]): Promise<readonly (Granted | undefined)[]> {
    const guard = await connection.read(() => administrators.findOne(GUARD, connection.bounded));
    await Promise.all((guard?.reductions ?? []).map((reduction) => carryOut(reduction)));

    const ids = wishes.map(({ id }) => id);
    const [known, other] = await connection.read(() =>
      Promise.all([
        users.find({ _id: { $in: ids } }, { ...connection.bounded, projection: REDUCED }).toArray(),
        users.findOne({ ...ENABLED, _id: { $nin: ids } }, { ...connection.bounded, projection: { _id: 1 } }),
      ]),
    );
    const enabled = new Map(known.filter(isEnabledAdministrator).map((user) => [user._id, user]));
    const verdicts = wishes.map(({ id, change, seen }) => {
      const present = known.find(({ _id }) => _id === id);
      if (seen && present && !isInState(userDocuments.read(present), seen)) return err({ kind: 'changed' });
      const user = enabled.get(id);
      if (!user) return present ? undefined : err({ kind: 'user-not-found' });
      if (!other && enabled.size === 1) return err({ kind: 'last-administrator' });
      enabled.delete(id);
      const set = change === 'remove' ? null : { ...change, stamp: new ObjectId() };
      return ok({ user, reduction: { userId: id, stamp: user.stamp, set }, inState: seen && stateIs(seen) });
    });

    const reductions = verdicts.flatMap((verdict) => {
      if (!verdict?.ok) return [];
      const { reduction, inState } = verdict.value;
      return [inState ? { ...reduction, set: { stamp: new ObjectId() } } : reduction];
    });
    if (reductions.length > 0 && !(await decide(guard, reductions))) return wishes.map(() => undefined);
    return Promise.all(
      verdicts.map(async (verdict) => {
        if (!verdict?.ok) return verdict;
        const { user, reduction, inState } = verdict.value;
        const tokenEpoch = (user.tokenEpoch ?? 0) + 1;
        const reduced = await carryOut(reduction, inState);
        if (!reduced && inState) return undefined;
        return ok(userDocuments.read(reduced ?? { ...user, ...reduction.set, tokenEpoch }));
      }),
    );
  }

  // One round of this node at a time, with all who came during the one before: at once, all but one would be in vain.
  let round: Promise<unknown> = Promise.resolve();
  return coalesced(
    (wishes) => {
      const next = reduce(wishes);
      round = next.catch(() => undefined);
      return next;
    },
    () => round,
  );
}

/** Whether it only makes sure that another change does not happen. */
const isWithdrawal = (set: NonNullable<ReductionDocument['set']>): boolean =>
  set.admin === undefined && set.disabled === undefined;
