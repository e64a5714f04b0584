import {
  type Book,
  type BookId,
  type Deadline,
  type InfoUrl,
  instant,
  type Login,
  type LoginKey,
  type PasswordHash,
  type RevokedToken,
  type Ship,
  type ShipId,
  type TokenId,
  type User,
  type UserId,
  type Widget,
  type WidgetName,
} from '@portcullis/domain';

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

export const book = (n: number): Book => ({
  id: n as BookId,
  title: `Title ${n}`,
  author: 'Jane Austen',
  ownerId: userId(1),
});

export const ship = (n: number): Ship => ({
  ...{ id: n as ShipId, model: `Model ${n}`, affiliation: 'Empire', category: 'Starfighters' },
  ...{ shipClass: 'Starfighter', manufacturer: 'Sienar Fleet Systems', crew: 1, length: 7, roles: ['Escort'] },
});
