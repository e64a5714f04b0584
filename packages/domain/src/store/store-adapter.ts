import type { AnyCollection } from '../collection/collection-definition.ts';
import type { OpenStores, PortName } from './stores.ts';

/** A setting that an adapter has of its own: one variable of the environment. */
export interface AdapterSetting {
  readonly description: string;
  /** What a value must be, in words that end the sentence "expected …". */
  readonly expected: string;
  readonly default?: string;
  /** What happens where there is no value and no default. */
  readonly unset?: string;
  /** Whether the text can be a value. What takes a connection or the driver to find out is left to `open`. */
  readonly is: (text: string) => boolean;
}

/**
 * What a command may do to a store that is not as this release has it. `prepare` makes it, or brings it to this release. `write` makes
 * one that is not there, and refuses one of an earlier release. `read` changes nothing: a store that is not there is an empty one.
 */
export type StoreUse = 'read' | 'write' | 'prepare';

/** Whose data it is, and where it may lie. Each service has a file, or a database, of its own. */
export interface StoreOwner<Name extends PortName = PortName> {
  /** In lower case, of at most 16 characters. */
  readonly name: string;
  readonly collections: readonly AnyCollection[];
  /** The ports that it stores by. There need be no table, and nothing else, of any other. */
  readonly ports: readonly Name[];
  /** The folder of the service. It may not be there yet. */
  readonly folder: string;
  /** How long a call waits for the store before it throws `Unavailable`. */
  readonly timeoutMilliseconds: number;
}

/** Stores of a service's own, beside ports and collections: an object of stores, each an object of functions that answer promises. */
export interface WithOwnStores<Ours> {
  readonly ownStores?: Ours;
}

/** A technology to store in, as a service names it in `stores`. */
export interface StoreAdapter<Variable extends string = string, Ours = unknown> {
  readonly name: string;
  /** What it keeps data in, for the table of settings: "a SQLite file in `DATA_DIR`". */
  readonly keepsIn: string;
  readonly settings: Readonly<Record<Variable, AdapterSetting>>;
  /** The setting that chooses it where it has a value. An adapter without one is taken where no other is chosen. */
  readonly chosenBy?: Variable;
  /**
   * Opens what these settings name. What an operator has to see to is refused at once; a store that is away is none of it.
   * @throws StoreRefused, StoreSettingRefused
   * @throws Unavailable where it cannot be opened now
   */
  open<Name extends PortName>(
    settings: Readonly<Partial<Record<Variable, string>>>,
    owner: StoreOwner<Name>,
    use: StoreUse,
  ): Promise<OpenStores<Name> & WithOwnStores<Ours>>;
}

/** What is there must not be used as it is: it is another program's, say, or a newer release's. The message says so. */
export class StoreRefused extends Error {
  constructor(message: string, options?: { readonly cause: unknown }) {
    super(message, options);
    this.name = 'StoreRefused';
  }
}

/** A setting turned out to be wrong as the store was opened. */
export class StoreSettingRefused extends Error {
  readonly variable: string;
  /** As in `AdapterSetting`. It repeats no part of the value, which may hold a password. */
  readonly expected: string;

  constructor(variable: string, expected: string) {
    super(`${variable} cannot be used`);
    this.name = 'StoreSettingRefused';
    this.variable = variable;
    this.expected = expected;
  }
}
