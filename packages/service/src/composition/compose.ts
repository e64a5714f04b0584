import { randomBytes, randomUUID } from 'node:crypto';
import {
  type Clock,
  type Emit,
  err,
  eventKindsOf,
  instant,
  type NewUuid,
  type Occurred,
  ok,
  type PasswordPolicy,
  type Result,
  StoreSettingRefused,
  type StoreUse,
  Unavailable,
  type UserId,
} from '@portcullis/domain';
import {
  type Argon2PasswordHasher,
  type Argon2PasswordHasherOptions,
  argon2PasswordHasher,
  type TokenSecrets,
} from '@portcullis/security';
import type { ServiceDefinition } from '../service-definition.ts';
import type { SettingFault } from '../settings/fault.ts';
import { looksGenerated } from '../settings/generated-secret.ts';
import type { Settings } from '../settings/schema.ts';
import { keptTokenSecret } from '../settings/token-key-file.ts';
import { auditTrail } from './audit-trail.ts';
import { background } from './background.ts';
import { openedResources } from './closing.ts';
import type { Composition, Warning } from './composition.ts';
import { bindAll, createContainer, getAll } from './container.ts';
import { eventHook } from './event-hook.ts';
import { laterEvents } from './later-events.ts';
import { mergedEvents } from './merged-events.ts';
import { commonParts, injectionKeys, type OwnParts, portKeys } from './parts.ts';
import { type OpenStore, openStore, type ServiceStores } from './store.ts';
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

/**
 * Opens what the settings name and wires the use cases to it, or says which settings turned out to be wrong. Whatever was
 * opened is closed again where it does not end well.
 */
export async function compose<
  S extends Settings,
  Own extends OwnParts<Own>,
  Fault extends { readonly kind: string },
  E extends { readonly kind: string },
>(
  definition: ServiceDefinition<S, Own, Fault, E>,
  settings: S,
  options: ComposeOptions = {},
): Promise<Result<Composition<S, Own>, readonly SettingFault[]>> {
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
    const store = opened.keep(await (options.openStore ?? openStore)(definition, settings, use));
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
      }, eventKindsOf(definition.events)),
    );
    const { onEvent } = definition;
    /** What happens before the service is whole is told to it then. */
    const early: Occurred[] = [];
    let tellService: Emit = onEvent ? (occurred) => void early.push(occurred) : () => undefined;
    const later = opened.keep(
      laterEvents((occurred) => {
        tellService(occurred);
        merged.emit(occurred);
      }),
    );
    const { emit } = later;
    const jobs = background(failed);
    const { runInBackground } = jobs;

    let hasher: Argon2PasswordHasher | undefined;
    /** What is made of these stores; there are two where the service has something to seed. */
    const madeOf = (stores: ServiceStores) => {
      const container = createContainer();
      bindAll(container, injectionKeys, {
        clock: () => clock,
        newUuid: () => newUuid,
        emit: () => emit,
        runInBackground: () => runInBackground,
        users: () => stores.users,
        revokedTokens: () => stores.revokedTokens,
        collection: () => stores.collection,
        audit: () => stores.audit,
        hasher: () => {
          hasher ??= opened.keep(argon2PasswordHasher(hashingOf(settings)));
          return hasher;
        },
        logins: () => definition.logins,
        passwordPolicy: () => passwordPolicy.value,
        tokenSecrets: () => tokenSecretsOf(secret.value, settings),
        newUserId: () => definition.newUserId?.(ownPorts()) ?? (() => newUuid() as UserId),
      });
      bindAll(container, portKeys, {
        sessions: () => named(stores.sessions),
        counters: () => named(stores.counters),
        keys: () => named(stores.keys),
        mailTokens: () => named(stores.mailTokens),
      });
      // By `defineService` nothing asks for a port that it does not name.
      const ownPorts = () => getAll(container, pick(portKeys, definition.ports ?? []) as typeof portKeys);
      definition.bind?.({ ...container, keep: opened.keep }, settings);
      // All at once, so that what cannot be built fails the start and not a request.
      const parts = { ...commonParts(getAll(container, injectionKeys)), ...ownPorts(), ownStores: stores.ownStores };
      return { parts, get: container.get };
    };

    const { seed } = definition;
    const unseeded = madeOf(store);
    const ready = serves && seed ? await seeded(() => seed(unseeded.parts, settings, warn)) : undefined;
    const stores = ready ? waitForSeed(store, ready) : store;
    const { parts, get } = ready ? madeOf(stores) : unseeded;
    const own = await definition.useCases(parts, settings, { get, keep: opened.keep, serves, warn });
    const whole = { ...parts, ...own };
    if (onEvent) {
      const hook = opened.keep(
        eventHook(
          (occurred) => onEvent(occurred, whole),
          (fault) => failed('onEvent', fault),
        ),
      );
      tellService = hook.emit;
      early.forEach(hook.emit);
    }
    // Last, so that they are closed first: what is still done at the end needs all else, a mailer for one. Work emits events, and the
    // service is told them.
    opened.keep(later);
    opened.keep(jobs);
    return ok({ ...whole, settings, store: stores, close: opened.close });
  } catch (fault) {
    // The first fault is the one to tell; one of closing would hide it.
    await opened.close().catch(() => undefined);
    if (fault instanceof StoreSettingRefused) {
      return err([{ kind: 'setting-invalid', variable: fault.variable, expected: fault.expected }]);
    }
    throw fault;
  }
}

function named<T>(port: T | undefined): T {
  if (port === undefined) throw new TypeError('a port that the service does not name');
  return port;
}

const pick = <T extends object, Name extends keyof T>(all: T, names: readonly Name[]): Pick<T, Name> =>
  Object.fromEntries(names.map((name) => [name, all[name]])) as Pick<T, Name>;

const hashingOf = (settings: Settings): Argon2PasswordHasherOptions => ({
  parameters: {
    memoryKib: settings.PASSWORD_HASH_MEMORY_KIB,
    passes: settings.PASSWORD_HASH_PASSES,
    parallelism: 1,
  },
  maximumWaitMs: settings.PASSWORD_HASH_WAIT_SECONDS * 1000,
});

function tokenSecretsOf(secret: string | undefined, { TOKEN_SECRET_PREVIOUS: previous }: Settings): TokenSecrets {
  const bytes = (text: string) => new TextEncoder().encode(text);
  return {
    current: secret === undefined ? randomBytes(DRAWN_SECRET_BYTES) : bytes(secret),
    ...(previous !== undefined && previous !== secret && { previous: bytes(previous) }),
    kept: secret !== undefined,
  };
}

async function passwordPolicyOf<S extends Settings>(
  { passwordPolicy }: Pick<ServiceDefinition<S, object, never, never>, 'passwordPolicy'>,
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
