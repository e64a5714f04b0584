import {
  type Deadline,
  type InfoUrl,
  instant,
  type Login,
  type LoginKey,
  type PasswordHash,
  type RevokedToken,
  type TokenId,
  type User,
  type UserId,
  type Widget,
  type WidgetName,
  widgetCollection,
} from '@portcullis/domain';
import { openSqlite, type SqliteOptions } from '@portcullis/persistence-sqlite';
import { UNHURRIED } from './patience.ts';

const NOON = 4_102_488_000_000;

export const userId = (n: number): UserId => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}` as UserId;

/** A login and its key, which is the same text. */
export const login = (text: string) => ({ login: text as Login, loginKey: text as LoginKey });

export const user = (n: number, fields: Partial<User> = {}): User => ({
  id: userId(n),
  ...login(`user-${n}@example.com`),
  passwordHash: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNo' as PasswordHash,
  admin: false,
  disabled: false,
  verifiedAt: null,
  tokenEpoch: 0,
  registeredAt: instant(NOON + n),
  firstName: null,
  lastName: null,
  ...fields,
});

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

/** The store of a service that has widgets. */
export async function openWidgets(options: SqliteOptions) {
  const stores = await openSqlite({ collections: [widgetCollection], ...UNHURRIED, ...options });
  return { ...stores, widgets: stores.collection(widgetCollection) };
}

export type WidgetStores = Awaited<ReturnType<typeof openWidgets>>;
