import {
  type AuditRecord,
  type AuditRecordId,
  type HashParameters,
  hashParametersOf,
  type Instant,
  instant,
  isInstant,
  type Login,
  type LoginKey,
  type MailPurpose,
  type MailToken,
  type PasswordHash,
  type RevokedToken,
  type Session,
  type SessionId,
  type SessionRecord,
  type StoredKey,
  type TokenHash,
  type TokenId,
  type User,
  type UserId,
} from '@portcullis/domain';
import { ObjectId } from 'mongodb';

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
export function lookupText(value: string): string | undefined {
  if (typeof value !== 'string') throw new TypeError('not a text');
  return UNSTORABLE.test(value) ? undefined : value;
}

const textOrNull = (value: string | null): string | null => (value === null ? null : text(value));

/** @throws TypeError for anything but a whole number that a date can hold. */
export function date(value: Instant): Date {
  if (!isInstant(value)) throw new TypeError('not a time in whole milliseconds');
  return new Date(value);
}

/** A whole number to store. @throws TypeError for what would not come back as it is. */
export function whole(value: number): number {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new TypeError('not a whole number');
  return value;
}

/** A whole number to look for, undefined where it cannot have been stored. @throws TypeError for what is no number. */
export function lookupNumber(value: number): number | undefined {
  if (typeof value !== 'number') throw new TypeError('not a number');
  return Number.isSafeInteger(value) ? value : undefined;
}

export function flag(value: boolean): boolean {
  if (typeof value !== 'boolean') throw new TypeError('not a boolean');
  return value;
}

/** What comes back is checked: another program may write to the database, and `admin: 'no'` must not make an administrator. */
export const stored = {
  text<T extends string>(value: unknown): T {
    if (typeof value !== 'string') throw new TypeError('a stored text is none');
    return value as T;
  },
  textOrNull(value: unknown): string | null {
    return value === null ? null : stored.text(value);
  },
  whole<T extends number>(value: unknown): T {
    if (!Number.isSafeInteger(value)) throw new TypeError('a stored whole number is none');
    return value as T;
  },
  flag(value: unknown): boolean {
    if (typeof value !== 'boolean') throw new TypeError('a stored boolean is none');
    return value;
  },
  instantOrNull(value: unknown): Instant | null {
    return value === null ? null : stored.instant(value);
  },
  instant(value: unknown): Instant {
    if (!(value instanceof Date)) throw new TypeError('a stored date is none');
    return instant(value.getTime());
  },
};

export interface UserDocument {
  readonly _id: string;
  readonly login: string;
  readonly loginKey: string;
  readonly passwordHash: string;
  /** `hashParametersOf` it, by which logins ask. Missing in what an earlier release stored, until the next migration. */
  readonly hashParameters?: string;
  readonly admin: boolean;
  readonly disabled: boolean;
  readonly registeredAt: Date;
  /** Missing in what an earlier release stored. */
  readonly verifiedAt?: Date | null;
  /** Missing in what an earlier release stored: 0. */
  readonly tokenEpoch?: number;
  readonly firstName: string | null;
  readonly lastName: string | null;
  /** Missing where there never was one. */
  readonly sessions?: readonly SessionDocument[];
  /** A new one with each registration and with each guarded change, which is thereby made once at most. */
  readonly stamp: ObjectId;
}

/** What `toUser` reads. A user's sessions may be many: they are read where they are asked for, and nowhere else. */
export const USER_FIELDS = {
  ...{ login: 1, loginKey: 1, passwordHash: 1, admin: 1, disabled: 1 },
  ...{ registeredAt: 1, verifiedAt: 1, tokenEpoch: 1, firstName: 1, lastName: 1 },
} as const satisfies Record<Exclude<keyof UserDocument, '_id' | 'hashParameters' | 'sessions' | 'stamp'>, 1>;

/** What is stored of a password hash: always both. */
export const hashFields = (hash: PasswordHash) => ({
  passwordHash: text(hash),
  hashParameters: hashParametersOf(hash),
});

export const fromUser = (user: User): UserDocument => ({
  _id: text(user.id),
  login: text(user.login),
  loginKey: text(user.loginKey),
  ...hashFields(user.passwordHash),
  admin: flag(user.admin),
  disabled: flag(user.disabled),
  registeredAt: date(user.registeredAt),
  verifiedAt: user.verifiedAt === null ? null : date(user.verifiedAt),
  tokenEpoch: whole(user.tokenEpoch),
  firstName: textOrNull(user.firstName),
  lastName: textOrNull(user.lastName),
  stamp: new ObjectId(),
});

export const toUser = (document: UserDocument): User => ({
  id: stored.text<UserId>(document._id),
  login: stored.text<Login>(document.login),
  loginKey: stored.text<LoginKey>(document.loginKey),
  passwordHash: stored.text<PasswordHash>(document.passwordHash),
  admin: stored.flag(document.admin),
  disabled: stored.flag(document.disabled),
  registeredAt: stored.instant(document.registeredAt),
  verifiedAt: stored.instantOrNull(document.verifiedAt ?? null),
  tokenEpoch: stored.whole(document.tokenEpoch ?? 0),
  firstName: stored.textOrNull(document.firstName),
  lastName: stored.textOrNull(document.lastName),
});

/** @throws TypeError for what another program stored. */
export const toHashParameters = (value: unknown): HashParameters => stored.text(value);

export interface SessionDocument {
  readonly id: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
  readonly userAgent: string | null;
  readonly current: string;
  readonly previous: string | null;
  readonly rotatedAt: Date | null;
}

export const fromSession = (session: Session, first: TokenHash): SessionDocument => ({
  id: text(session.id),
  createdAt: date(session.createdAt),
  lastUsedAt: date(session.lastUsedAt),
  expiresAt: date(session.expiresAt),
  userAgent: textOrNull(session.userAgent),
  current: text(first),
  previous: null,
  rotatedAt: null,
});

export const toSession = (userId: UserId, document: SessionDocument): Session => ({
  id: stored.text<SessionId>(document.id),
  userId,
  createdAt: stored.instant(document.createdAt),
  lastUsedAt: stored.instant(document.lastUsedAt),
  expiresAt: stored.instant(document.expiresAt),
  userAgent: stored.textOrNull(document.userAgent),
});

export const toSessionRecord = (userId: UserId, document: SessionDocument): SessionRecord => ({
  ...toSession(userId, document),
  current: stored.text<TokenHash>(document.current),
  previous: document.previous === null ? null : stored.text<TokenHash>(document.previous),
  rotatedAt: stored.instantOrNull(document.rotatedAt),
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

/** By its name. The server counts in 32 bits, and in 64 from there on. */
export interface CounterDocument {
  readonly _id: string;
  readonly last: number;
}

/** @throws TypeError where the count is beyond what numbers tell apart, or another program stored it. */
export const toCount = (document: CounterDocument): number => stored.whole(document.last);

export interface KeyDocument {
  readonly _id: number;
  readonly kid: string;
  readonly algorithm: string;
  readonly sealed: string;
  readonly createdAt: Date;
  readonly signsFrom: Date;
  readonly retiredAt: Date | null;
}

export const fromKey = (key: StoredKey): KeyDocument => ({
  _id: whole(key.number),
  kid: text(key.kid),
  algorithm: text(key.algorithm),
  sealed: text(key.sealed),
  createdAt: date(key.createdAt),
  signsFrom: date(key.signsFrom),
  retiredAt: key.retiredAt === null ? null : date(key.retiredAt),
});

export const toKey = (document: KeyDocument): StoredKey => ({
  number: stored.whole(document._id),
  kid: stored.text(document.kid),
  algorithm: stored.text(document.algorithm),
  sealed: stored.text(document.sealed),
  createdAt: stored.instant(document.createdAt),
  signsFrom: stored.instant(document.signsFrom),
  retiredAt: stored.instantOrNull(document.retiredAt),
});

/** A secret in the document of its user and purpose. */
interface MailTokenPart {
  readonly hash: string;
  readonly loginKey: string;
  readonly epoch: number;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

/**
 * One document for each user and purpose, with all secrets that are out: so that one operation puts one in the place of another, and
 * one takes them all. Documents of an earlier release, one for each secret, have no `tokens`: what they hold is void.
 */
export interface MailTokensDocument {
  /** `mailTokensId`. */
  readonly _id: string;
  readonly purpose: string;
  readonly userId: string;
  /** The one that was issued first comes first. */
  readonly tokens?: readonly MailTokenPart[];
  /** Of the one that expires last. */
  readonly expiresAt: Date;
}

/** No purpose has a colon in it. */
export const mailTokensId = (purpose: string, userId: string): string => `${purpose}:${userId}`;

export const fromMailToken = (token: MailToken): MailTokenPart => ({
  hash: text(token.hash),
  loginKey: text(token.loginKey),
  epoch: whole(token.epoch),
  issuedAt: date(token.issuedAt),
  expiresAt: date(token.expiresAt),
});

export const toMailToken = ({ purpose, userId }: MailTokensDocument, token: MailTokenPart): MailToken => ({
  hash: stored.text<TokenHash>(token.hash),
  purpose: stored.text<MailPurpose>(purpose),
  userId: stored.text<UserId>(userId),
  loginKey: stored.text<LoginKey>(token.loginKey),
  epoch: stored.whole(token.epoch),
  issuedAt: stored.instant(token.issuedAt),
  expiresAt: stored.instant(token.expiresAt),
});

export interface AuditDocument {
  readonly _id: string;
  readonly at: Date;
  readonly kind: string;
  readonly userId: string | null;
  readonly details: string;
  readonly expiresAt: Date;
}

export const fromAuditRecord = (record: AuditRecord): AuditDocument => ({
  _id: text(record.id),
  at: date(record.at),
  kind: text(record.kind),
  userId: textOrNull(record.userId),
  details: text(record.details),
  expiresAt: date(record.expiresAt),
});

export const toAuditRecord = (document: AuditDocument): AuditRecord => ({
  id: stored.text<AuditRecordId>(document._id),
  at: stored.instant(document.at),
  kind: stored.text(document.kind),
  userId: stored.textOrNull(document.userId) as UserId | null,
  details: stored.text(document.details),
  expiresAt: stored.instant(document.expiresAt),
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
