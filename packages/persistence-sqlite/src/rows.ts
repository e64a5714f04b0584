import {
  type Deadline,
  type Email,
  emailKey,
  type InfoUrl,
  type Instant,
  type PasswordHash,
  type RevokedToken,
  type User,
  type UserId,
  type Widget,
  type WidgetName,
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
export function sought(value: string): string | null {
  if (typeof value !== 'string') throw new TypeError('not a text');
  return UNSTORABLE.test(value) ? null : value;
}

/** @throws TypeError for anything but a whole number: the library would store NaN and a Date as NULL. */
export function time(value: Instant): number {
  if (!Number.isSafeInteger(value)) throw new TypeError('not a time in whole milliseconds');
  return value;
}

export function flag(value: boolean): number {
  if (typeof value !== 'boolean') throw new TypeError('not a boolean');
  return value ? 1 : 0;
}

export interface UserRow {
  readonly id: string;
  readonly email: string;
  readonly password_hash: string;
  readonly admin: number;
  readonly disabled: number;
  readonly registered_at: number;
}
export const USER_COLUMNS = 'id, email, password_hash, admin, disabled, registered_at';

/** `USER_COLUMNS`, then `email_key`. */
export const userValues = (user: User): readonly Value[] => [
  text(user.id),
  text(user.email),
  text(user.passwordHash),
  flag(user.admin),
  flag(user.disabled),
  time(user.registeredAt),
  text(emailKey(user.email)),
];

export const toUser = (row: UserRow): User => ({
  id: row.id as UserId,
  email: row.email as Email,
  passwordHash: row.password_hash as PasswordHash,
  admin: row.admin === 1,
  disabled: row.disabled === 1,
  registeredAt: row.registered_at as Instant,
});

export const REVOKED_TOKEN_COLUMNS = 'token_id, revoked_at, expires_at';

export const revokedTokenValues = (token: RevokedToken): readonly Value[] => [
  text(token.tokenId),
  time(token.revokedAt),
  time(token.expiresAt),
];

export interface WidgetRow {
  readonly name: string;
  readonly info_url: string;
  readonly deadline: number;
  readonly created_at: number;
  readonly owner_id: string;
}
export const WIDGET_COLUMNS = 'name, info_url, deadline, created_at, owner_id';

export const widgetValues = (widget: Widget): readonly Value[] => [
  text(widget.name),
  text(widget.infoUrl),
  time(widget.deadline),
  time(widget.createdAt),
  text(widget.ownerId),
];

export const toWidget = (row: WidgetRow): Widget => ({
  name: row.name as WidgetName,
  infoUrl: row.info_url as InfoUrl,
  deadline: row.deadline as Deadline,
  createdAt: row.created_at as Instant,
  ownerId: row.owner_id as UserId,
});
