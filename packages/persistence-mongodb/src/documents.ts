import {
  type Deadline,
  type Email,
  emailKey,
  type InfoUrl,
  type Instant,
  instant,
  type PasswordHash,
  type RevokedToken,
  type TokenId,
  type User,
  type UserId,
  type Widget,
  type WidgetName,
} from '@portcullis/domain';
import { ObjectId, Timestamp } from 'mongodb';

// How records are stored: the one place that knows a stored name. Ids are text, as the ports have them: whatever a port takes
// for an id is stored as it is, and a shell shows what a token says. Times are BSON dates, which TTL indexes go by.

/** BSON is UTF-8, where a lone surrogate would become U+FFFD: two ids, two passwords could become one. */
const UNSTORABLE = /\p{Cs}/u;

/** A text to store. The message leaves out the value, which may be a secret. @throws TypeError for what would not come back as it is. */
export function text(value: string): string {
  if (typeof value !== 'string' || UNSTORABLE.test(value)) throw new TypeError('not a text that MongoDB can keep');
  return value;
}

/** A text to look for, undefined where it cannot have been stored. @throws TypeError for an operator, or anything else that is no text. */
export function sought(value: string): string | undefined {
  if (typeof value !== 'string') throw new TypeError('not a text');
  return UNSTORABLE.test(value) ? undefined : value;
}

/** @throws TypeError for anything but a whole number that a date can hold. */
export function date(value: Instant): Date {
  if (!Number.isInteger(value) || Math.abs(value) > 8.64e15) throw new TypeError('not a time in whole milliseconds');
  return new Date(value);
}

export function flag(value: boolean): boolean {
  if (typeof value !== 'boolean') throw new TypeError('not a boolean');
  return value;
}

/** What comes back is checked: another program may write to the database, and `admin: 'no'` must not make an administrator. */
const stored = {
  text<T extends string>(value: unknown): T {
    if (typeof value !== 'string') throw new TypeError('a stored text is none');
    return value as T;
  },
  flag(value: unknown): boolean {
    if (typeof value !== 'boolean') throw new TypeError('a stored boolean is none');
    return value;
  },
  instant(value: unknown): Instant {
    if (!(value instanceof Date)) throw new TypeError('a stored date is none');
    return instant(value.getTime());
  },
};

export interface UserDocument {
  readonly _id: string;
  readonly email: string;
  readonly emailKey: string;
  readonly passwordHash: string;
  readonly admin: boolean;
  readonly disabled: boolean;
  readonly registeredAt: Date;
  /** A new one with each registration and with each guarded change, which is thereby made once at most. */
  readonly stamp: ObjectId;
}

export const fromUser = (user: User): UserDocument => ({
  _id: text(user.id),
  email: text(user.email),
  emailKey: text(emailKey(user.email)),
  passwordHash: text(user.passwordHash),
  admin: flag(user.admin),
  disabled: flag(user.disabled),
  registeredAt: date(user.registeredAt),
  stamp: new ObjectId(),
});

export const toUser = (document: UserDocument): User => ({
  id: stored.text<UserId>(document._id),
  email: stored.text<Email>(document.email),
  passwordHash: stored.text<PasswordHash>(document.passwordHash),
  admin: stored.flag(document.admin),
  disabled: stored.flag(document.disabled),
  registeredAt: stored.instant(document.registeredAt),
});

export interface RevokedTokenDocument {
  readonly _id: string;
  readonly revokedAt: Date;
  readonly expiresAt: Date;
}

export const fromRevokedToken = (token: RevokedToken): RevokedTokenDocument => ({
  _id: text(token.tokenId),
  revokedAt: date(token.revokedAt),
  expiresAt: date(token.expiresAt),
});

export const toTokenId = (document: Pick<RevokedTokenDocument, '_id'>): TokenId => stored.text(document._id);

export interface WidgetDocument {
  readonly _id: string;
  readonly infoUrl: string;
  readonly deadline: Date;
  readonly createdAt: Date;
  /** The server's own count of time, the same for every node and never twice: it tells who came first where `createdAt` ties. */
  readonly arrival: Timestamp;
  readonly ownerId: string;
}

export const fromWidget = (widget: Widget): WidgetDocument => ({
  _id: text(widget.name),
  infoUrl: text(widget.infoUrl),
  deadline: date(widget.deadline),
  createdAt: date(widget.createdAt),
  // The server puts the time of arrival into an empty timestamp, on insert alone.
  arrival: new Timestamp({ t: 0, i: 0 }),
  ownerId: text(widget.ownerId),
});

export const toWidget = (document: WidgetDocument): Widget => ({
  name: stored.text<WidgetName>(document._id),
  infoUrl: stored.text<InfoUrl>(document.infoUrl),
  deadline: stored.instant(document.deadline) as Deadline,
  createdAt: stored.instant(document.createdAt),
  ownerId: stored.text<UserId>(document.ownerId),
});

/** A change by which an enabled administrator ceases to be one: decided, and perhaps not carried out yet. */
export interface ReductionDocument {
  readonly userId: string;
  /** The stamp of the user that it was decided for; with any other it has been carried out. */
  readonly stamp: ObjectId;
  /** What to set, the stamp included; null where the user goes altogether. */
  readonly set: (Partial<Pick<UserDocument, 'admin' | 'disabled'>> & Pick<UserDocument, 'stamp'>) | null;
}

/** The one document of its collection: it puts all reductions in a row. */
export interface AdministratorsDocument {
  readonly _id: 'administrators';
  /** How many decisions there have been. */
  readonly version: number;
  /** What the last one was. */
  readonly reductions: readonly ReductionDocument[];
}
