import {
  type Deadline,
  type Email,
  type InfoUrl,
  instant,
  type PasswordHash,
  type RevokedToken,
  type TokenId,
  type User,
  type UserId,
  type Widget,
  type WidgetName,
} from '@portcullis/domain';

const NOON = 4_102_488_000_000;

export const userId = (n: number): UserId => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}` as UserId;

export const user = (n: number, fields: Partial<User> = {}): User => ({
  id: userId(n),
  email: `user-${n}@example.com` as Email,
  passwordHash: `$argon2id$v=19$m=8,t=1,p=1$c2FsdA$${n}` as PasswordHash,
  admin: false,
  disabled: false,
  registeredAt: instant(NOON + n),
  ...fields,
});

export const administrator = (n: number, fields: Partial<User> = {}): User => user(n, { admin: true, ...fields });

export const token = (n: number): RevokedToken => ({
  tokenId: userId(n) as string as TokenId,
  revokedAt: instant(NOON),
  expiresAt: instant(NOON + 900_000),
});

export const widget = (n: number, fields: Partial<Widget> = {}): Widget => ({
  name: `widget-${n}` as WidgetName,
  infoUrl: `https://example.com/${n}` as InfoUrl,
  deadline: instant(NOON + 86_399_000) as Deadline,
  createdAt: instant(NOON + n),
  ownerId: userId(1),
  ...fields,
});
