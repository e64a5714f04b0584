import type {
  AddUser,
  AuditStore,
  ChangeAccess,
  Clock,
  Counters,
  Emit,
  KeyStore,
  LoginPolicy,
  MailTokenStore,
  NewUserId,
  NewUuid,
  PasswordPolicy,
  RemoveUser,
  RevokedTokenStore,
  RunInBackground,
  SessionStore,
  SignUp,
  Stores,
  UserStore,
  VerifyCredentials,
} from '@portcullis/domain';
import type { Argon2PasswordHasher, TokenSecrets } from '@portcullis/security';

declare const resolvesTo: unique symbol;

/** A name in the container that carries the type of what it stands for; a bare symbol would make `resolve` an unchecked cast. */
export type Key<T> = symbol & { readonly [resolvesTo]?: T };

export const keyOf = <T>(name: string): Key<T> => Symbol(name) as Key<T>;

// biome-ignore lint/suspicious/noExplicitAny: keys of anything; each part's type is read from its key again
export type Keys = Readonly<Record<string, Key<any>>>;

/** Everything that has a key, built and wired. */
export type PartsOf<K extends Keys> = { readonly [Name in keyof K]: K[Name] extends Key<infer T> ? T : never };

/** What every service has. */
export const commonKeys = {
  clock: keyOf<Clock>('clock'),
  newUuid: keyOf<NewUuid>('newUuid'),
  /** Does work once the caller is answered. */
  runInBackground: keyOf<RunInBackground>('runInBackground'),
  /** Takes note of what happens. */
  emit: keyOf<Emit>('emit'),
  users: keyOf<UserStore>('users'),
  sessions: keyOf<SessionStore>('sessions'),
  revokedTokens: keyOf<RevokedTokenStore>('revokedTokens'),
  /** The records of a definition that the service names. */
  collection: keyOf<Stores['collection']>('collection'),
  counters: keyOf<Counters>('counters'),
  keyStore: keyOf<KeyStore>('keyStore'),
  mailTokenStore: keyOf<MailTokenStore>('mailTokenStore'),
  audit: keyOf<AuditStore>('audit'),
  hasher: keyOf<Argon2PasswordHasher>('hasher'),
  logins: keyOf<LoginPolicy<{ readonly kind: string }>>('logins'),
  newUserId: keyOf<NewUserId>('newUserId'),
  passwordPolicy: keyOf<PasswordPolicy>('passwordPolicy'),
  /** What signs tokens, or seals the keys that do. */
  tokenSecrets: keyOf<TokenSecrets>('tokenSecrets'),
  addUser: keyOf<AddUser>('addUser'),
  /** The same, on record as the operator's. */
  addUserAsOperator: keyOf<AddUser>('addUserAsOperator'),
  verifyCredentials: keyOf<VerifyCredentials>('verifyCredentials'),
  signUp: keyOf<SignUp>('signUp'),
  changeAccess: keyOf<ChangeAccess>('changeAccess'),
  removeUser: keyOf<RemoveUser>('removeUser'),
  sweepRevokedTokens: keyOf<() => Promise<number>>('sweepRevokedTokens'),
  sweepAudit: keyOf<() => Promise<number>>('sweepAudit'),
};

export type CommonParts = PartsOf<typeof commonKeys>;
