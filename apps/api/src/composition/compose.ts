import { randomUUID } from 'node:crypto';
import {
  addUser,
  authenticate,
  type Clock,
  changeAccess,
  createWidget,
  err,
  getWidget,
  instant,
  issueAccessToken,
  listWidgets,
  logIn,
  logOut,
  type NewUuid,
  ok,
  putWidget,
  type Result,
  register,
  removeUser,
  removeWidget,
  sweepRevokedTokens,
  type WidgetDeps,
} from '@portcullis/domain';
import { argon2PasswordHasher, joseAccessTokenCodec, secretKey } from '@portcullis/security';
import { commonPasswords } from '../settings/common-passwords.ts';
import type { SettingFault } from '../settings/read.ts';
import type { Settings } from '../settings/schema.ts';
import { keptTokenSecret } from '../settings/token-key-file.ts';
import { openedResources } from './closing.ts';
import { createContainer } from './container.ts';
import { type Key, keys } from './keys.ts';
import { type OpenStore, openStore, type Store } from './store.ts';

/** The longest password that is taken, in characters; far beyond any passphrase, and it bounds the work of hashing. */
const PASSWORD_MAX_LENGTH = 1024;

/** What a test, or a command that serves nobody, puts in the place of the real thing. */
export interface ComposeOptions {
  readonly clock?: Clock;
  readonly newUuid?: NewUuid;
  readonly openStore?: OpenStore;
}

/** Everything that has a key, built and wired. */
type Parts = { readonly [Name in keyof typeof keys]: (typeof keys)[Name] extends Key<infer T> ? T : never };

export interface Composition extends Parts {
  readonly store: Store;
  /** Closes the newest first. */
  readonly close: () => Promise<void>;
}

/**
 * Opens what the settings name and wires the use cases to it, or says which settings turned out to be wrong. Whatever was
 * opened is closed again where it does not end well.
 */
export async function compose(
  settings: Settings,
  options: ComposeOptions = {},
): Promise<Result<Composition, readonly SettingFault[]>> {
  const [secret, isCommon] = await Promise.all([
    settings.TOKEN_SECRET === undefined ? keptTokenSecret(settings.DATA_DIR) : ok(settings.TOKEN_SECRET),
    commonPasswords(settings.COMMON_PASSWORDS_FILE),
  ]);
  if (!secret.ok || !isCommon.ok) return err([secret, isCommon].flatMap((read) => (read.ok ? [] : [read.error])));
  const ring = { signing: await secretKey(new TextEncoder().encode(secret.value)), verifying: [] };

  const opened = openedResources();
  try {
    const store = opened.keep(await (options.openStore ?? openStore)(settings));
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

    const { bind, get } = createContainer();
    bind(keys.clock, () => options.clock ?? (() => instant(Date.now())));
    bind(keys.newUuid, () => options.newUuid ?? randomUUID);
    bind(keys.users, () => store.users);
    bind(keys.revokedTokens, () => store.revokedTokens);
    bind(keys.widgets, () => store.widgets);
    bind(keys.hasher, () => hasher);
    bind(keys.codec, () =>
      joseAccessTokenCodec({
        keyRing: () => ring,
        issuer: settings.TOKEN_ISSUER,
        audience: settings.TOKEN_AUDIENCE,
      }),
    );
    bind(keys.passwordPolicy, () => ({
      minimumLength: settings.PASSWORD_MIN_LENGTH,
      maximumLength: PASSWORD_MAX_LENGTH,
      isCommon: isCommon.value,
    }));
    bind(keys.tokenPolicy, () => ({ accessTokenLifetimeSeconds: settings.ACCESS_TOKEN_LIFETIME_SECONDS }));

    bind(keys.issueAccessToken, (get) =>
      issueAccessToken({
        codec: get(keys.codec),
        clock: get(keys.clock),
        newUuid: get(keys.newUuid),
        policy: get(keys.tokenPolicy),
      }),
    );
    bind(keys.addUser, (get) =>
      addUser({
        users: get(keys.users),
        hasher: get(keys.hasher),
        clock: get(keys.clock),
        newUuid: get(keys.newUuid),
      }),
    );
    bind(keys.register, (get) =>
      register({ addUser: get(keys.addUser), issueAccessToken: get(keys.issueAccessToken) }),
    );
    bind(keys.logIn, (get) =>
      logIn({ users: get(keys.users), hasher: get(keys.hasher), issueAccessToken: get(keys.issueAccessToken) }),
    );
    bind(keys.logOut, (get) => logOut({ revokedTokens: get(keys.revokedTokens), clock: get(keys.clock) }));
    bind(keys.authenticate, (get) =>
      authenticate({
        codec: get(keys.codec),
        revokedTokens: get(keys.revokedTokens),
        users: get(keys.users),
        clock: get(keys.clock),
      }),
    );
    bind(keys.sweepRevokedTokens, (get) =>
      sweepRevokedTokens({ revokedTokens: get(keys.revokedTokens), clock: get(keys.clock) }),
    );
    bind(keys.changeAccess, (get) => changeAccess({ users: get(keys.users) }));
    bind(keys.removeUser, (get) => removeUser({ users: get(keys.users) }));

    const widgetDeps = (): WidgetDeps => ({
      widgets: get(keys.widgets),
      users: get(keys.users),
      clock: get(keys.clock),
    });
    bind(keys.createWidget, () => createWidget(widgetDeps()));
    bind(keys.getWidget, () => getWidget(widgetDeps()));
    bind(keys.listWidgets, () => listWidgets(widgetDeps()));
    bind(keys.putWidget, () => putWidget(widgetDeps()));
    bind(keys.removeWidget, () => removeWidget(widgetDeps()));

    // All at once, so that what is not bound fails the start and not a request.
    const parts = Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, get(key as Key<unknown>)]));
    return ok({ ...(parts as Parts), store, close: opened.close });
  } catch (fault) {
    // The first fault is the one to tell; one of closing would hide it.
    await opened.close().catch(() => undefined);
    throw fault;
  }
}
