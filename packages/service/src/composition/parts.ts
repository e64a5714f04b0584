import {
  type AuditStore,
  addUser,
  addUserAsOperator,
  type Clock,
  type CommonPort,
  changeAccess,
  type Emit,
  findUser,
  type LoginPolicy,
  type NewUserId,
  type NewUuid,
  type PasswordPolicy,
  type PortName,
  type Ports,
  type RevokedTokenStore,
  type RunInBackground,
  register,
  removeUser,
  type Stores,
  sweepRevokedTokens,
  type UserStore,
  verifyCredentials,
} from '@portcullis/domain';
import type { Argon2PasswordHasher, TokenSecrets } from '@portcullis/security';
import { type BoundTo, type InjectionKeys, injectionKey } from './container.ts';

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

/** A port that a service names in `ports`, to have it. */
export type OwnPort = Exclude<PortName, CommonPort>;

/** What is in the container of a service that names the port. */
export const portKeys: InjectionKeys<Pick<Ports, OwnPort>> = {
  sessions: injectionKey('sessions'),
  counters: injectionKey('counters'),
  keys: injectionKey('keys'),
  mailTokens: injectionKey('mailTokens'),
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
  Pick<Ports, Port>;

export const commonParts = (injected: Injected): CommonParts => ({ ...injected, ...commonUseCases(injected) });

/** What a service adds to the common parts, or puts in their place: then it does the same, for the same callers. */
export type OwnParts<Own> = {
  readonly [Name in keyof Own]: Name extends keyof CommonParts ? CommonParts[Name] : unknown;
};

/** Everything that a service has. */
export type Parts<Own> = Omit<CommonParts, keyof Own> & Own;
