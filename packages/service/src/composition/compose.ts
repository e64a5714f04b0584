import { randomBytes, randomUUID } from 'node:crypto';
import {
  addUser,
  addUserAsOperator,
  type Clock,
  changeAccess,
  type Emit,
  err,
  instant,
  type NewUuid,
  type OpenStores,
  ok,
  type PasswordPolicy,
  type Result,
  removeUser,
  signUp,
  sweepRevokedTokens,
  Unavailable,
  type UserId,
  verifyCredentials,
} from '@portcullis/domain';
import { argon2PasswordHasher, type TokenSecrets } from '@portcullis/security';
import type { ServiceDefinition } from '../service-definition.ts';
import { looksGenerated } from '../settings/generated-secret.ts';
import type { SettingFault } from '../settings/read.ts';
import type { Settings } from '../settings/schema.ts';
import { keptTokenSecret } from '../settings/token-key-file.ts';
import { auditTrail } from './audit-trail.ts';
import { background } from './background.ts';
import { openedResources } from './closing.ts';
import { createContainer, type Get } from './container.ts';
import { type CommonParts, commonKeys, type Key, type Keys, type PartsOf } from './keys.ts';
import { laterEvents } from './later-events.ts';
import { mergedEvents } from './merged-events.ts';
import { type OpenStore, openStore, StoreSettingRefused, type StoreUse } from './store.ts';
import { waitForSeed } from './wait-for-seed.ts';

/** For a command where there is no secret yet: what it signs or seals is of no use to anybody. */
const DRAWN_SECRET_BYTES = 64;

/** What a test, or a command that serves nobody, puts in the place of the real thing. */
export interface ComposeOptions {
  /**
   * Whether requests will be answered. Only then is made what a service needs and does not find: its secret, the first key, what it begins
   * with. Without it nothing is made, whatever the command.
   */
  readonly serves?: boolean;
  /** What may be done to the store. `prepare` where it serves, else `read`. */
  readonly use?: StoreUse;
  /** Is told what an operator should look at. */
  readonly warn?: (warning: Warning) => void;
  readonly clock?: Clock;
  readonly newUuid?: NewUuid;
  readonly openStore?: OpenStore;
  /** Takes note of events, beside the audit trail. */
  readonly emit?: Emit;
  /** Is told what failed that nobody waits for. */
  readonly failed?: (what: string, fault: unknown) => void;
}

/** Something that is not as the operator will want it, and keeps nothing from working. */
export interface Warning {
  readonly kind: string;
  readonly message: string;
}

export interface Opened<S extends Settings> {
  readonly settings: S;
  readonly store: OpenStores;
  /** Closes the newest first. */
  readonly close: () => Promise<void>;
}

/** A service with everything built and wired. */
export type Composition<S extends Settings = Settings, K extends Keys = Record<never, never>> = CommonParts &
  PartsOf<K> &
  Opened<S>;

/**
 * Opens what the settings name and wires the use cases to it, or says which settings turned out to be wrong. Whatever was
 * opened is closed again where it does not end well.
 */
export async function compose<
  S extends Settings,
  K extends Keys,
  Fault extends { readonly kind: string },
  E extends { readonly kind: string },
>(
  definition: ServiceDefinition<S, K, Fault, E>,
  settings: S,
  options: ComposeOptions = {},
): Promise<Result<Composition<S, K>, readonly SettingFault[]>> {
  const { serves = false, use = serves ? 'prepare' : 'read', warn = () => {} } = options;
  const [secret, passwordPolicy] = await Promise.all([
    settings.TOKEN_SECRET === undefined ? keptTokenSecret(settings.DATA_DIR, serves) : ok(settings.TOKEN_SECRET),
    passwordPolicyOf(definition, settings),
  ]);
  if (!secret.ok || !passwordPolicy.ok) {
    return err([secret, passwordPolicy].flatMap((read) => (read.ok ? [] : [read.error])));
  }

  const { APP_ENV, TOKEN_SECRET_PREVIOUS: previous } = settings;
  if (serves && APP_ENV === 'production' && previous !== undefined && !looksGenerated(previous)) {
    warn({
      kind: 'token-secret-previous-weak',
      message:
        'TOKEN_SECRET_PREVIOUS was made up by a person, it seems, and anyone who guesses it can be any user until it is left out; docs/tokens.md says when that can be',
    });
  }

  const opened = openedResources();
  try {
    const store = opened.keep(await (options.openStore ?? openStore)(settings, definition, use));
    const hasher = opened.keep(
      argon2PasswordHasher({
        parameters: {
          memoryKib: settings.PASSWORD_HASH_MEMORY_KIB,
          passes: settings.PASSWORD_HASH_PASSES,
          parallelism: 1,
        },
        maximumWaitMs: settings.PASSWORD_HASH_WAIT_SECONDS * 1000,
      }),
    );
    const clock = options.clock ?? (() => instant(Date.now()));
    const newUuid = options.newUuid ?? randomUUID;

    const failed = options.failed ?? (() => {});
    const trail = opened.keep(
      auditTrail({
        audit: store.audit,
        newUuid,
        retentionSeconds: settings.AUDIT_RETENTION_SECONDS,
        failed: (fault) => failed('audit', fault),
      }),
    );
    const merged = opened.keep(
      mergedEvents((occurred) => {
        options.emit?.(occurred);
        trail.emit(occurred);
      }),
    );
    const { emit } = opened.keep(laterEvents(merged.emit));
    const jobs = background(failed);
    const { runInBackground } = jobs;

    /** A container over these stores; there are two where the service has something to begin with. */
    const wired = (stores: OpenStores) => {
      const container = createContainer();
      const { bind } = container;
      bind(commonKeys.clock, () => clock);
      bind(commonKeys.newUuid, () => newUuid);
      bind(commonKeys.emit, () => emit);
      bind(commonKeys.runInBackground, () => runInBackground);
      bind(commonKeys.users, () => stores.users);
      bind(commonKeys.sessions, () => stores.sessions);
      bind(commonKeys.revokedTokens, () => stores.revokedTokens);
      bind(commonKeys.collection, () => stores.collection);
      bind(commonKeys.counters, () => stores.counters);
      bind(commonKeys.keyStore, () => stores.keys);
      bind(commonKeys.mailTokenStore, () => stores.mailTokens);
      bind(commonKeys.audit, () => stores.audit);
      bind(commonKeys.hasher, () => hasher);
      bind(commonKeys.logins, () => definition.logins);
      bind(commonKeys.passwordPolicy, () => passwordPolicy.value);
      bind(commonKeys.tokenSecrets, () => tokenSecretsOf(secret.value, settings));
      bind(
        commonKeys.newUserId,
        (get) => definition.newUserId?.({ counters: get(commonKeys.counters) }) ?? (() => newUuid() as UserId),
      );
      bind(commonKeys.addUser, (get) =>
        addUser({
          users: get(commonKeys.users),
          logins: get(commonKeys.logins),
          hasher: get(commonKeys.hasher),
          clock: get(commonKeys.clock),
          newUserId: get(commonKeys.newUserId),
        }),
      );
      bind(commonKeys.verifyCredentials, (get) =>
        verifyCredentials({
          users: get(commonKeys.users),
          logins: get(commonKeys.logins),
          hasher: get(commonKeys.hasher),
          clock: get(commonKeys.clock),
          emit: get(commonKeys.emit),
        }),
      );
      bind(commonKeys.signUp, (get) =>
        signUp({ addUser: get(commonKeys.addUser), clock: get(commonKeys.clock), emit: get(commonKeys.emit) }),
      );
      bind(commonKeys.sweepRevokedTokens, (get) =>
        sweepRevokedTokens({ revokedTokens: get(commonKeys.revokedTokens), clock: get(commonKeys.clock) }),
      );
      bind(commonKeys.sweepAudit, (get) => () => get(commonKeys.audit).sweep(get(commonKeys.clock)()));
      const administration = (get: Get) => ({
        users: get(commonKeys.users),
        logins: get(commonKeys.logins),
        clock: get(commonKeys.clock),
        emit: get(commonKeys.emit),
      });
      bind(commonKeys.addUserAsOperator, (get) =>
        addUserAsOperator({ ...administration(get), addUser: get(commonKeys.addUser) }),
      );
      bind(commonKeys.changeAccess, (get) => changeAccess(administration(get)));
      bind(commonKeys.removeUser, (get) => removeUser(administration(get)));
      return container;
    };

    const { seed } = definition;
    const beforeSeed = wired(store);
    const ready =
      serves && seed ? await seeded(() => seed(partsOf(commonKeys, beforeSeed.get), settings, warn)) : undefined;
    const stores = ready ? waitForSeed(store, ready) : store;
    const container = ready ? wired(stores) : beforeSeed;
    await definition.wire({ ...container, keep: opened.keep, serves, warn }, settings);
    // Last, so that it is closed first: what it still does at the end needs all else, a mailer for one.
    opened.keep(jobs);
    // All at once, so that what is not bound fails the start and not a request.
    const parts = partsOf({ ...commonKeys, ...definition.keys }, container.get);
    return ok({ ...parts, settings, store: stores, close: opened.close } as Composition<S, K>);
  } catch (fault) {
    // The first fault is the one to tell; one of closing would hide it.
    await opened.close().catch(() => undefined);
    if (fault instanceof StoreSettingRefused) return err([fault.fault]);
    throw fault;
  }
}

const partsOf = <K extends Keys>(keys: K, get: <T>(key: Key<T>) => T): PartsOf<K> =>
  Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, get(key)])) as PartsOf<K>;

function tokenSecretsOf(secret: string | undefined, { TOKEN_SECRET_PREVIOUS: previous }: Settings): TokenSecrets {
  const bytes = (text: string) => new TextEncoder().encode(text);
  return {
    current: secret === undefined ? randomBytes(DRAWN_SECRET_BYTES) : bytes(secret),
    ...(previous !== undefined && previous !== secret && { previous: bytes(previous) }),
    kept: secret !== undefined,
  };
}

async function passwordPolicyOf<S extends Settings>(
  { passwordPolicy }: Pick<ServiceDefinition<S, Keys, never, never>, 'passwordPolicy'>,
  settings: S,
): Promise<Result<PasswordPolicy, SettingFault>> {
  const given = await passwordPolicy(settings);
  return 'ok' in given ? given : ok(given);
}

/**
 * Begins now. Where the store is away the service starts nevertheless, and what is asked of the store begins first.
 * @returns undefined once it is done; until then each call tries, one at a time.
 */
async function seeded(seed: () => Promise<void>): Promise<(() => Promise<void> | undefined) | undefined> {
  try {
    await seed();
    return undefined;
  } catch (fault) {
    if (!(fault instanceof Unavailable)) throw fault;
  }
  let done = false;
  let trying: Promise<void> | undefined;
  const tryAgain = async (): Promise<void> => {
    try {
      await seed();
      done = true;
    } finally {
      trying = undefined;
    }
  };
  return () => {
    if (done) return undefined;
    trying ??= tryAgain();
    return trying;
  };
}
