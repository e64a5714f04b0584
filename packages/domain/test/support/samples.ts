import {
  type AccessTokenClaims,
  type Administrator,
  authorizeAdministrator,
  type Deadline,
  type InfoUrl,
  type Login,
  type NewPassword,
  type PasswordHash,
  parseDeadline,
  parseInfoUrl,
  parseNewPassword,
  parseWidgetName,
  plusSeconds,
  type Result,
  type SessionId,
  type Source,
  type TokenId,
  type User,
  type UserId,
  type WidgetName,
} from '@portcullis/domain';
import { logins } from './logins.ts';
import { NOON } from './ports.ts';

/** @throws Error where the domain refuses it. */
export function right<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.error)}`);
  return result.value;
}

/** Where the requests of a test come from. */
export const SOURCE: Source = ['203.0.113.7'];

export const email = (text: string): Login => right(logins.parse(text));
/** An email and its key, as a user has them. */
export const login = (text: string) => ({ login: email(text), loginKey: logins.keyOf(email(text)) });

export const infoUrl = (text: string): InfoUrl => right(parseInfoUrl(text));
export const widgetName = (text: string): WidgetName => right(parseWidgetName(text));
export const deadline = (text: string): Deadline => right(parseDeadline(text, NOON));
export const newPassword = (text: string): NewPassword =>
  right(parseNewPassword({ minimumLength: 1, maximumLength: 1024, isCommon: () => false })(text, undefined));

export const user = (name: string, fields: Partial<User> = {}): User => ({
  id: `id-of-${name}` as UserId,
  ...login(`${name}@example.com`),
  passwordHash: `current:0:password of ${name}` as PasswordHash,
  admin: false,
  disabled: false,
  verifiedAt: null,
  tokenEpoch: 0,
  registeredAt: NOON,
  firstName: null,
  lastName: null,
  ...fields,
});

export const claims = (of: User, fields: Partial<AccessTokenClaims> = {}): AccessTokenClaims => ({
  tokenId: `token-of-${of.id}` as TokenId,
  sessionId: `session-of-${of.id}` as SessionId,
  userId: of.id,
  admin: of.admin,
  issuedAt: NOON,
  expiresAt: plusSeconds(NOON, 900),
  ...fields,
});

export const administrator = (name: string): Administrator => {
  const admin = user(name, { admin: true });
  return right(authorizeAdministrator({ user: admin, token: claims(admin) }));
};
