import {
  type AuditRecord,
  type AuditRecordId,
  type Branded,
  collection,
  type Deadline,
  field,
  type InfoUrl,
  instant,
  type Login,
  type LoginKey,
  type MailToken,
  type PasswordHash,
  type RevokedToken,
  type Session,
  type SessionId,
  type StoredKey,
  type TokenHash,
  type TokenId,
  type User,
  type UserId,
  type Widget,
  type WidgetName,
  widgetCollection,
} from '@portcullis/domain';
import { type MongoOptions, openMongo } from '@portcullis/persistence-mongodb';

const NOON = 4_102_488_000_000;

export const userId = (n: number): UserId => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}` as UserId;

/** A login and its key, which is the same text. */
export const login = (text: string) => ({ login: text as Login, loginKey: text as LoginKey });

export const user = (n: number, fields: Partial<User> = {}): User => ({
  id: userId(n),
  ...login(`user-${n}@example.com`),
  passwordHash: `$argon2id$v=19$m=8,t=1,p=1$c2FsdA$${n}` as PasswordHash,
  admin: false,
  disabled: false,
  verifiedAt: null,
  tokenEpoch: 0,
  registeredAt: instant(NOON + n),
  firstName: null,
  lastName: null,
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

export type PartNumber = Branded<number, 'PartNumber'>;
export interface Part {
  readonly number: PartNumber;
  readonly title: string;
}

/** With a number as the key, and a title that no two have in common. */
export const partCollection = collection<Part, 'number'>('parts', {
  fields: { number: field.integer, title: field.text(100) },
  key: 'number',
  unique: ['title'],
});

export const part = (n: number, fields: Partial<Part> = {}): Part => ({
  number: n as PartNumber,
  title: `Part ${n}`,
  ...fields,
});

/** The store of a service that has widgets and parts. */
export async function openService(options: MongoOptions) {
  const stores = await openMongo({ collections: [widgetCollection, partCollection], ...options });
  return { ...stores, widgets: stores.collection(widgetCollection), parts: stores.collection(partCollection) };
}

export type ServiceStores = Awaited<ReturnType<typeof openService>>;

export const sessionId = (n: number): SessionId => `session-${n}` as SessionId;
export const tokenHash = (n: number): TokenHash => `hash-${n}` as TokenHash;

/** The `n`-th session of user 5. */
export const session = (n: number): Session => ({
  ...{ id: sessionId(n), userId: userId(5), userAgent: 'a test' },
  ...{ createdAt: instant(NOON + n), lastUsedAt: instant(NOON + n), expiresAt: instant(NOON + 3_600_000) },
});

export const mailToken = (n: number, fields: Partial<MailToken> = {}): MailToken => ({
  ...{ hash: tokenHash(n), purpose: 'verify-email', userId: userId(5), loginKey: user(5).loginKey, epoch: 0 },
  ...{ issuedAt: instant(NOON + n), expiresAt: instant(NOON + 3_600_000) },
  ...fields,
});

export const key = (number: number): StoredKey => ({
  ...{ number, kid: `kid-${number}`, algorithm: 'EdDSA', sealed: `sealed-${number}` },
  ...{ createdAt: instant(NOON), signsFrom: instant(NOON), retiredAt: null },
});

export const auditRecord = (n: number): AuditRecord => ({
  ...{ id: `record-${n}` as AuditRecordId, at: instant(NOON + n), kind: 'logged-in', userId: userId(5), details: '{}' },
  expiresAt: instant(NOON + 3_600_000),
});
