import type { CollectionDefinition } from '../collection/collection-definition.ts';
import type { Collection } from '../collection/collection-store.ts';
import type { AuditStore } from '../event/audit-store.ts';
import type { KeyStore } from '../key/key-store.ts';
import type { MailTokenStore } from '../mail/mail-token-store.ts';
import type { SessionStore } from '../session/session-store.ts';
import type { Counters } from '../shared/counters.ts';
import type { RevokedTokenStore } from '../token/revoked-token-store.ts';
import type { UserStore } from '../user/user-store.ts';

/** Everything that can be stored and is not a collection, each by a port of its own. */
export interface Ports {
  readonly users: UserStore;
  readonly sessions: SessionStore;
  readonly revokedTokens: RevokedTokenStore;
  readonly counters: Counters;
  readonly keys: KeyStore;
  readonly mailTokens: MailTokenStore;
  readonly audit: AuditStore;
}

export type PortName = keyof Ports;

const NAMES = {
  users: true,
  sessions: true,
  revokedTokens: true,
  counters: true,
  keys: true,
  mailTokens: true,
  audit: true,
} satisfies Record<PortName, true>;

export const PORT_NAMES = Object.keys(NAMES) as readonly PortName[];

/** What no service can do without: whose tokens are good, and what happened. */
export const COMMON_PORTS = ['users', 'revokedTokens', 'audit'] as const satisfies readonly PortName[];
export type CommonPort = (typeof COMMON_PORTS)[number];

interface Collections {
  /** The records of a definition. @throws TypeError for a definition that the store was not opened with. */
  collection<T extends object, K extends keyof T & string>(definition: CollectionDefinition<T, K>): Collection<T, K>;
}

/** What a service stores in: the ports of these names, all of them by default, and its collections. */
export type Stores<Name extends PortName = PortName> = Pick<Ports, Name> & Collections;

interface Opened {
  /** @throws Unavailable where the store cannot answer now. */
  check(): Promise<void>;
  /** Brings what is stored, and its indexes, to this release. @throws Unavailable where the store cannot answer now. */
  migrate(): Promise<void>;
  /** What an operator wants to know, by name: which store it is, and how much is in it. Fit for printing. */
  status(): Promise<Readonly<Record<string, string | number>>>;
  /** Every call after it throws `Unavailable`. */
  close(): Promise<void>;
}

/** Stores that an adapter has opened. */
export type OpenStores<Name extends PortName = PortName> = Stores<Name> & Opened;

/** How an adapter makes each port. One that is forgotten does not compile. */
export type PortMakers<Context> = { readonly [Name in PortName]: (context: Context) => Ports[Name] };

/** The ports of these names, each made by its maker. */
export const makePorts = <Context, Name extends PortName>(
  makers: PortMakers<Context>,
  context: Context,
  names: readonly Name[],
): Pick<Ports, Name> =>
  Object.fromEntries(names.map((name) => [name, makers[name](context)])) as unknown as Pick<Ports, Name>;

/** The stores with something around each port and each collection. */
export const aroundEach = <S extends Stores<CommonPort>>(stores: S, around: <T extends object>(port: T) => T): S => ({
  ...stores,
  ...Object.fromEntries(Object.entries(stores).map(([name, part]) => [name, name in NAMES ? around(part) : part])),
  collection: (definition: never) => around(stores.collection(definition)),
});
