import {
  type Deadline,
  type Email,
  type InfoUrl,
  type Instant,
  instant,
  type PasswordHash,
  parseEmail,
  plusSeconds,
  type RevokedToken,
  type TokenId,
  type User,
  type UserId,
  type Widget,
  type WidgetName,
} from '@portcullis/domain';

/** 2100-01-01T12:00:00Z: far enough ahead that no store expires anything by a clock of its own while a case runs. */
export const NOON: Instant = instant(4_102_488_000_000);

export const uuid = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
export const userId = (n: number): UserId => uuid(n) as UserId;
export const passwordHash = (n: number): PasswordHash => `$argon2id$v=19$m=8,t=1,p=1$c2FsdA$${n}` as PasswordHash;

/** @throws TypeError for what is no email by the domain's rule. */
export function email(text: string): Email {
  const parsed = parseEmail(text);
  if (!parsed.ok) throw new TypeError(`not an email: ${text}`);
  return parsed.value;
}

/** The `n`-th of a series of users, each registered a millisecond after the one before. */
export const user = (n: number, fields: Partial<User> = {}): User => ({
  id: userId(n),
  email: email(`user-${n}@example.com`),
  passwordHash: passwordHash(n),
  admin: false,
  disabled: false,
  registeredAt: instant(NOON + n),
  ...fields,
});

export const administrator = (n: number, fields: Partial<User> = {}): User => user(n, { admin: true, ...fields });

export const revokedToken = (n: number, fields: Partial<RevokedToken> = {}): RevokedToken => ({
  tokenId: uuid(n) as TokenId,
  revokedAt: NOON,
  expiresAt: plusSeconds(NOON, 900),
  ...fields,
});

export const widgetName = (text: string): WidgetName => text as WidgetName;
export const infoUrl = (text: string): InfoUrl => text as InfoUrl;
export const deadline = (milliseconds: number): Deadline => instant(milliseconds) as Deadline;

/** The `n`-th of a series of widgets, each created a millisecond after the one before. */
export const widget = (n: number, fields: Partial<Widget> = {}): Widget => ({
  name: widgetName(`widget-${n}`),
  infoUrl: infoUrl(`https://example.com/${n}`),
  deadline: deadline(NOON + 86_399_000 + n * 86_400_000),
  createdAt: instant(NOON + n),
  ownerId: userId(1),
  ...fields,
});
