import {
  type AuditStore,
  addUser,
  addUserAsOperator,
  type Clock,
  type Counters,
  changeAccess,
  type Emit,
  type KeyStore,
  type LoginPolicy,
  type MailTokenStore,
  type NewUserId,
  type NewUuid,
  type PasswordPolicy,
  type RevokedTokenStore,
  type RunInBackground,
  register,
  removeUser,
  type SessionStore,
  type Stores,
  sweepRevokedTokens,
  type UserStore,
  verifyCredentials,
} from '@portcullis/domain';
import type { Argon2PasswordHasher, TokenSecrets } from '@portcullis/security';
import { type BoundTo, injectionKey } from './container.ts';

/** What every service has in its container. A service may bind something else to each of them. */
export const injectionKeys = {
  clock: injectionKey<Clock>('clock'),
  newUuid: injectionKey<NewUuid>('newUuid'),
  /** Does work once the caller is answered. */
  runInBackground: injectionKey<RunInBackground>('runInBackground'),
  /** Records an event. */
  emit: injectionKey<Emit>('emit'),
  users: injectionKey<UserStore>('users'),
  sessions: injectionKey<SessionStore>('sessions'),
  revokedTokens: injectionKey<RevokedTokenStore>('revokedTokens'),
  /** The records of a definition that the service names. */
  collection: injectionKey<Stores['collection']>('collection'),
  counters: injectionKey<Counters>('counters'),
  keyStore: injectionKey<KeyStore>('keyStore'),
  mailTokenStore: injectionKey<MailTokenStore>('mailTokenStore'),
  audit: injectionKey<AuditStore>('audit'),
  hasher: injectionKey<Argon2PasswordHasher>('hasher'),
  logins: injectionKey<LoginPolicy<{ readonly kind: string }>>('logins'),
  newUserId: injectionKey<NewUserId>('newUserId'),
  passwordPolicy: injectionKey<PasswordPolicy>('passwordPolicy'),
  /** What signs tokens, or seals the keys that do. */
  tokenSecrets: injectionKey<TokenSecrets>('tokenSecrets'),
};

type Injected = BoundTo<typeof injectionKeys>;

/** The use cases that every service has. */
function commonUseCases(injected: Injected) {
  const deps = { ...injected, addUser: addUser(injected) };
  return {
    addUser: deps.addUser,
    /** The same, on record as the operator's. */
    addUserAsOperator: addUserAsOperator(deps),
    verifyCredentials: verifyCredentials(deps),
    register: register(deps),
    changeAccess: changeAccess(deps),
    removeUser: removeUser(deps),
    sweepRevokedTokens: sweepRevokedTokens(deps),
    sweepAudit: () => deps.audit.sweep(deps.clock()),
  };
}

/** What every service has: what is in its container, and its use cases. */
export type CommonParts = Injected & ReturnType<typeof commonUseCases>;

export const commonParts = (injected: Injected): CommonParts => ({ ...injected, ...commonUseCases(injected) });

/** What a service adds to the common parts, or puts in their place: then it does the same, for the same callers. */
export type OwnParts<Own> = {
  readonly [Name in keyof Own]: Name extends keyof CommonParts ? CommonParts[Name] : unknown;
};

/** Everything that a service has. */
export type Parts<Own> = Omit<CommonParts, keyof Own> & Own;
