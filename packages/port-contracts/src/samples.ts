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

/**
 * The `n`-th of texts as long as the template. Bit 0 of `n` is in the first place, bit 1 in the last, bit 2 in the middle and so on, so
 * that neighbours differ in a single place: whoever cuts a text takes two of them for one.
 */
function alike(template: string, n: number, change: (character: string) => string): string {
  const characters = [...template];
  const free = characters.flatMap((each, place) => (change(each) === each ? [] : [place]));
  for (let bit = 0, rest = n; rest >= 1; bit += 1, rest = Math.floor(rest / 2)) {
    const [place = 0] = free.splice([0, free.length - 1, free.length >> 1][bit % 3] ?? 0, 1);
    if (rest % 2 >= 1) characters[place] = change(characters[place] ?? '');
  }
  return characters.join('');
}

const otherDigit = (digit: string): string =>
  /[0-9a-f]/.test(digit) ? (Number.parseInt(digit, 16) ^ 1).toString(16) : digit;
const otherCase = (letter: string): string =>
  letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase();

/** Version and variant stay (RFC 9562 §4). */
export const uuid = (n: number): string => {
  const [head, version, tail] = ['7c1e90a5-b3d2-', '4f68-8', 'a0e-5d7b1c9f2e36'];
  const digits = alike(`${head}${tail}`, n, otherDigit);
  return `${digits.slice(0, head.length)}${version}${digits.slice(head.length)}`;
};
export const userId = (n: number): UserId => uuid(n) as UserId;
export const tokenId = (n: number): TokenId => uuid(n) as TokenId;
/** Two of them may differ in the case of one letter. */
const hash = (n: number): string => alike('QwErTyUiOpAsDfGhJkLzXcVbNmQaZwSxEdCrFvTgByH', n, otherCase);
export const passwordHash = (n: number): PasswordHash =>
  `$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$${hash(n)}` as PasswordHash;

/** Half a minute ago by the clock of this machine: over, and not yet for as long as a store keeps what is over (`REVOCATION_MARGIN_SECONDS`). */
export const justOver = (): Instant => instant(Date.now() - 30_000);

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
  firstName: `Ada ${n}`,
  lastName: `Lovelace ${n}`,
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
export const tokenHash = (n: number, generation = 0): TokenHash => hash(n + generation * 2 ** 13) as TokenHash;

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
  kid: hash(number),
  algorithm: 'EdDSA',
  sealed: `sealed.${hash(number)}`,
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
