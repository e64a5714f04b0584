import {
  type AuditRecord,
  type AuditRecordId,
  foldCase,
  type Instant,
  instant,
  type Login,
  type LoginKey,
  type MailToken,
  type PasswordHash,
  plusSeconds,
  type RevokedToken,
  type Rotation,
  type Session,
  type SessionId,
  type StoredKey,
  type TokenHash,
  type TokenId,
  type User,
  type UserId,
} from '@portcullis/domain';

/** 2100-01-01T12:00:00Z: far enough ahead that no store expires anything by a clock of its own while a case runs. */
export const NOON: Instant = instant(4_102_488_000_000);

export const uuid = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
export const userId = (n: number): UserId => uuid(n) as UserId;
export const tokenId = (n: number): TokenId => uuid(n) as TokenId;
export const passwordHash = (n: number): PasswordHash => `$argon2id$v=19$m=8,t=1,p=1$c2FsdA$${n}` as PasswordHash;

/** A login and its key, as a user has them: the key is the same in any letter case. */
export const login = (text: string): { readonly login: Login; readonly loginKey: LoginKey } => ({
  login: text as Login,
  loginKey: foldCase(text) as LoginKey,
});

export const loginKey = (text: string): LoginKey => login(text).loginKey;

/** The `n`-th of a series of users, each registered a millisecond after the one before. */
export const user = (n: number, fields: Partial<User> = {}): User => ({
  id: userId(n),
  ...login(`user-${n}@example.com`),
  passwordHash: passwordHash(n),
  admin: false,
  disabled: false,
  registeredAt: instant(NOON + n),
  verifiedAt: null,
  tokenEpoch: 0,
  firstName: null,
  lastName: null,
  ...fields,
});

export const administrator = (n: number, fields: Partial<User> = {}): User => user(n, { admin: true, ...fields });

export const revokedToken = (n: number, fields: Partial<RevokedToken> = {}): RevokedToken => ({
  tokenId: tokenId(n),
  revokedAt: NOON,
  expiresAt: plusSeconds(NOON, 900),
  ...fields,
});

export const sessionId = (n: number): SessionId => uuid(n) as SessionId;
/** The hash of the `generation`-th refresh token of a session. */
export const tokenHash = (n: number, generation = 0): TokenHash => `hash-${n}-${generation}` as TokenHash;

/** How long a refresh token of the samples is good for. */
export const REFRESH_SECONDS = 3600;

/** The `n`-th of a series of sessions of user 1, each begun a second after the one before. */
export const session = (n: number, fields: Partial<Session> = {}): Session => ({
  id: sessionId(n),
  userId: userId(1),
  createdAt: plusSeconds(NOON, n),
  lastUsedAt: plusSeconds(NOON, n),
  expiresAt: plusSeconds(NOON, n + REFRESH_SECONDS),
  userAgent: `Client ${n}`,
  ...fields,
});

/** The rotation that spends the `generation`-th token of session `n` for the next one, `seconds` after noon. */
export function rotation(
  n: number,
  generation = 0,
  seconds = 100 + generation,
  fields: Partial<Rotation> = {},
): Rotation {
  const at = plusSeconds(NOON, seconds);
  return {
    userId: userId(1),
    sessionId: sessionId(n),
    presented: tokenHash(n, generation),
    successor: tokenHash(n, generation + 1),
    at,
    expiresAt: plusSeconds(at, REFRESH_SECONDS),
    graceMilliseconds: 10_000,
    sessionLifetimeSeconds: 180 * 86_400,
    ...fields,
  };
}

/** The `number`-th of a series of keys, each to sign a minute after the one before. */
export const key = (number: number, fields: Partial<StoredKey> = {}): StoredKey => ({
  number,
  kid: `kid-${number}`,
  algorithm: 'EdDSA',
  sealed: `sealed.${number}`,
  createdAt: plusSeconds(NOON, number * 60),
  signsFrom: plusSeconds(NOON, number * 60 + 30),
  retiredAt: null,
  ...fields,
});

/** The `n`-th of a series of secrets sent by mail, each to another user. */
export const mailToken = (n: number, fields: Partial<MailToken> = {}): MailToken => ({
  hash: tokenHash(n),
  purpose: 'verify-email',
  userId: userId(n),
  loginKey: loginKey(`user-${n}@example.com`),
  epoch: 0,
  issuedAt: NOON,
  expiresAt: plusSeconds(NOON, 3600),
  ...fields,
});

/** The `n`-th of a series of records, each a second after the one before. */
export const auditRecord = (n: number, fields: Partial<AuditRecord> = {}): AuditRecord => ({
  id: uuid(n) as AuditRecordId,
  at: plusSeconds(NOON, n),
  kind: 'logged-in',
  userId: userId(1),
  details: `{"n":${n}}`,
  expiresAt: plusSeconds(NOON, 86_400),
  ...fields,
});
