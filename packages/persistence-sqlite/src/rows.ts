import type {
  AuditRecord,
  AuditRecordId,
  Instant,
  Login,
  LoginKey,
  MailPurpose,
  MailToken,
  PasswordHash,
  RevokedToken,
  Session,
  SessionId,
  SessionRecord,
  StoredKey,
  TokenHash,
  User,
  UserId,
} from '@portcullis/domain';
import type { Value } from './connection.ts';

/** SQLite would cut a text at NUL, and fold lone surrogates into U+FFFD: two ids, two passwords could become one. */
const UNSTORABLE = /[\0\p{Cs}]/u;

/** A text to store. The message leaves out the value, which may be a secret. @throws TypeError for what would not come back as it is. */
export function text(value: string): string {
  if (typeof value !== 'string' || UNSTORABLE.test(value)) throw new TypeError('not a text that SQLite can keep');
  return value;
}

/** A text to look for. What cannot have been stored is looked for as NULL, which equals nothing in SQL. */
export function lookupText(value: string): string | null {
  if (typeof value !== 'string') throw new TypeError('not a text');
  return UNSTORABLE.test(value) ? null : value;
}

export const textOrNull = (value: string | null): string | null => (value === null ? null : text(value));

/** @throws TypeError for anything but a whole number: the library would store NaN and a Date as NULL. */
export function time(value: Instant): number {
  if (!Number.isSafeInteger(value)) throw new TypeError('not a time in whole milliseconds');
  return value;
}

export const timeOrNull = (value: Instant | null): number | null => (value === null ? null : time(value));

/** A whole number to store. @throws TypeError for what would not come back as it is. */
export function whole(value: number): number {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new TypeError('not a whole number');
  return value;
}

/** A whole number to look for; any other one is looked for as NULL, which equals nothing in SQL. */
export function lookupNumber(value: number): number | null {
  if (typeof value !== 'number') throw new TypeError('not a number');
  return Number.isSafeInteger(value) ? value : null;
}

export function flag(value: boolean): number {
  if (typeof value !== 'boolean') throw new TypeError('not a boolean');
  return value ? 1 : 0;
}

export interface UserRow {
  readonly id: string;
  readonly login: string;
  readonly login_key: string;
  readonly password_hash: string;
  readonly admin: number;
  readonly disabled: number;
  readonly registered_at: number;
  readonly verified_at: number | null;
  readonly token_epoch: number;
  readonly first_name: string | null;
  readonly last_name: string | null;
}
export const USER_COLUMNS =
  'id, login, login_key, password_hash, admin, disabled, registered_at, verified_at, token_epoch, first_name, last_name';

export const userValues = (user: User): readonly Value[] => [
  text(user.id),
  text(user.login),
  text(user.loginKey),
  text(user.passwordHash),
  flag(user.admin),
  flag(user.disabled),
  time(user.registeredAt),
  timeOrNull(user.verifiedAt),
  whole(user.tokenEpoch),
  textOrNull(user.firstName),
  textOrNull(user.lastName),
];

export const toUser = (row: UserRow): User => ({
  id: row.id as UserId,
  login: row.login as Login,
  loginKey: row.login_key as LoginKey,
  passwordHash: row.password_hash as PasswordHash,
  admin: row.admin === 1,
  disabled: row.disabled === 1,
  registeredAt: row.registered_at as Instant,
  verifiedAt: row.verified_at as Instant | null,
  tokenEpoch: row.token_epoch,
  firstName: row.first_name,
  lastName: row.last_name,
});

export const REVOKED_TOKEN_COLUMNS = 'token_id, revoked_at, expires_at';

export const revokedTokenValues = (token: RevokedToken): readonly Value[] => [
  text(token.tokenId),
  time(token.revokedAt),
  time(token.expiresAt),
];

export interface SessionRow {
  readonly id: string;
  readonly user_id: string;
  readonly created_at: number;
  readonly last_used_at: number;
  readonly expires_at: number;
  readonly user_agent: string | null;
  readonly current_hash: string;
  readonly previous_hash: string | null;
  readonly rotated_at: number | null;
}
export const SESSION_COLUMNS =
  'id, user_id, created_at, last_used_at, expires_at, user_agent, current_hash, previous_hash, rotated_at';

export const sessionValues = (session: Session, first: TokenHash): readonly Value[] => [
  text(session.id),
  text(session.userId),
  time(session.createdAt),
  time(session.lastUsedAt),
  time(session.expiresAt),
  textOrNull(session.userAgent),
  text(first),
  null,
  null,
];

export const toSession = (row: SessionRow): Session => ({
  id: row.id as SessionId,
  userId: row.user_id as UserId,
  createdAt: row.created_at as Instant,
  lastUsedAt: row.last_used_at as Instant,
  expiresAt: row.expires_at as Instant,
  userAgent: row.user_agent,
});

export const toSessionRecord = (row: SessionRow): SessionRecord => ({
  ...toSession(row),
  current: row.current_hash as TokenHash,
  previous: row.previous_hash as TokenHash | null,
  rotatedAt: row.rotated_at as Instant | null,
});

export interface KeyRow {
  readonly number: number;
  readonly kid: string;
  readonly algorithm: string;
  readonly sealed: string;
  readonly created_at: number;
  readonly signs_from: number;
  readonly retired_at: number | null;
}
export const KEY_COLUMNS = 'number, kid, algorithm, sealed, created_at, signs_from, retired_at';

export const keyValues = (key: StoredKey): readonly Value[] => [
  whole(key.number),
  text(key.kid),
  text(key.algorithm),
  text(key.sealed),
  time(key.createdAt),
  time(key.signsFrom),
  timeOrNull(key.retiredAt),
];

export const toKey = (row: KeyRow): StoredKey => ({
  number: row.number,
  kid: row.kid,
  algorithm: row.algorithm,
  sealed: row.sealed,
  createdAt: row.created_at as Instant,
  signsFrom: row.signs_from as Instant,
  retiredAt: row.retired_at as Instant | null,
});

export interface MailTokenRow {
  readonly purpose: string;
  readonly user_id: string;
  readonly hash: string;
  readonly login_key: string;
  readonly epoch: number;
  readonly issued_at: number;
  readonly expires_at: number;
}
export const MAIL_TOKEN_COLUMNS = 'purpose, user_id, hash, login_key, epoch, issued_at, expires_at';

export const mailTokenValues = (token: MailToken): readonly Value[] => [
  text(token.purpose),
  text(token.userId),
  text(token.hash),
  text(token.loginKey),
  whole(token.epoch),
  time(token.issuedAt),
  time(token.expiresAt),
];

export const toMailToken = (row: MailTokenRow): MailToken => ({
  hash: row.hash as TokenHash,
  purpose: row.purpose as MailPurpose,
  userId: row.user_id as UserId,
  loginKey: row.login_key as LoginKey,
  epoch: row.epoch,
  issuedAt: row.issued_at as Instant,
  expiresAt: row.expires_at as Instant,
});

export interface AuditRow {
  readonly id: string;
  readonly at: number;
  readonly kind: string;
  readonly user_id: string | null;
  readonly details: string;
  readonly expires_at: number;
}
export const AUDIT_COLUMNS = 'id, at, kind, user_id, details, expires_at';

export const auditValues = (record: AuditRecord): readonly Value[] => [
  text(record.id),
  time(record.at),
  text(record.kind),
  textOrNull(record.userId),
  text(record.details),
  time(record.expiresAt),
];

export const toAuditRecord = (row: AuditRow): AuditRecord => ({
  id: row.id as AuditRecordId,
  at: row.at as Instant,
  kind: row.kind,
  userId: row.user_id as UserId | null,
  details: row.details,
  expiresAt: row.expires_at as Instant,
});
