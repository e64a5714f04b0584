import {
  type AuditStore,
  addUser,
  addUserAsOperator,
  type Clock,
  type CommonPort,
  type Counters,
  changeAccess,
  type Emit,
  findUser,
  type KeyStore,
  type LoginPolicy,
  type MailTokenStore,
  type NewUserId,
  type NewUuid,
  type PasswordPolicy,
  type PortName,
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
  revokedTokens: injectionKey<RevokedTokenStore>('revokedTokens'),
  /** The records of a definition that the service names. */
  collection: injectionKey<Stores['collection']>('collection'),
  audit: injectionKey<AuditStore>('audit'),
  hasher: injectionKey<Argon2PasswordHasher>('hasher'),
  logins: injectionKey<LoginPolicy<{ readonly kind: string }>>('logins'),
  newUserId: injectionKey<NewUserId>('newUserId'),
  passwordPolicy: injectionKey<PasswordPolicy>('passwordPolicy'),
  /** What signs tokens, or seals the keys that do. */
  tokenSecrets: injectionKey<TokenSecrets>('tokenSecrets'),
};

/** What a service has in its container where it names the port in `ports`. */
export const portKeys = {
  sessions: injectionKey<SessionStore>('sessions'),
  counters: injectionKey<Counters>('counters'),
  keyStore: injectionKey<KeyStore>('keyStore'),
  mailTokenStore: injectionKey<MailTokenStore>('mailTokenStore'),
};

/** Which port each of them is. */
export const OWN_PORTS = {
  sessions: 'sessions',
  counters: 'counters',
  keyStore: 'keys',
  mailTokenStore: 'mailTokens',
} as const satisfies Record<keyof typeof portKeys, Exclude<PortName, CommonPort>>;

/** A port that a service may name, by the name of its part: `keyStore`, since keys are those of the container, too. */
export type OwnPort = keyof typeof OWN_PORTS;

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
    /** By the text that is shown for a login. */
    findUser: findUser(deps),
    changeAccess: changeAccess(deps),
    removeUser: removeUser(deps),
    sweepRevokedTokens: sweepRevokedTokens(deps),
    sweepAudit: () => deps.audit.sweep(deps.clock()),
  };
}

/** What every service has: what is in its container, and its use cases. With the ports that it names beside the common ones. */
export type CommonParts<Port extends OwnPort = never> = Injected &
  ReturnType<typeof commonUseCases> &
  Pick<BoundTo<typeof portKeys>, Port>;

export const commonParts = (injected: Injected): CommonParts => ({ ...injected, ...commonUseCases(injected) });

/** What a service adds to the common parts, or puts in their place: then it does the same, for the same callers. */
export type OwnParts<Own> = {
  readonly [Name in keyof Own]: Name extends keyof CommonParts ? CommonParts[Name] : unknown;
};

/** Everything that a service has. */
export type Parts<Own> = Omit<CommonParts, keyof Own> & Own;
