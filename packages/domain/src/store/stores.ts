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

/** What a service stores in. */
export interface Stores extends Ports {
  /** The records of a definition. @throws TypeError for a definition that the store was not opened with. */
  collection<T extends object, K extends keyof T & string>(definition: CollectionDefinition<T, K>): Collection<T, K>;
}

/** Stores that an adapter has opened. */
export interface OpenStores extends Stores {
  /** @throws Unavailable where the store cannot answer now. */
  check(): Promise<void>;
  /** Brings what is stored, and its indexes, to this release. @throws Unavailable where the store cannot answer now. */
  migrate(): Promise<void>;
  /** What an operator wants to know, by name: which store it is, and how much is in it. Fit for printing. */
  status(): Promise<Readonly<Record<string, string | number>>>;
  /** Every call after it throws `Unavailable`. */
  close(): Promise<void>;
}

/** How an adapter makes each port. One that is forgotten does not compile. */
export type PortMakers<Context> = { readonly [Name in PortName]: (context: Context) => Ports[Name] };

/** Every port, made by its maker. */
export const makePorts = <Context>(makers: PortMakers<Context>, context: Context): Ports =>
  Object.fromEntries(PORT_NAMES.map((name) => [name, makers[name](context)])) as unknown as Ports;

/** The stores with something around each port and each collection. */
export const aroundEach = <S extends Stores>(stores: S, around: <T extends object>(port: T) => T): S => ({
  ...stores,
  ...Object.fromEntries(PORT_NAMES.map((name) => [name, around(stores[name])])),
  collection: (definition: never) => around(stores.collection(definition)),
});
