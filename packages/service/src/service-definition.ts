import type {
  AnyCollection,
  LoginPolicy,
  NewUserId,
  Occurred,
  OwnEvent,
  OwnEvents,
  PasswordPolicy,
  Result,
  StoreAdapter,
  StoreUse,
} from '@portcullis/domain';
import type { Command } from 'commander';
import type { ApiDescription } from './api.ts';
import type { FirstSteps } from './cli/first-steps.ts';
import type { Io } from './cli/io.ts';
import type { Refusal, Report } from './cli/report.ts';
import type { Opened } from './composition/closing.ts';
import type { Composition, Warning } from './composition/composition.ts';
import type { Container } from './composition/container.ts';
import type { CommonParts, OwnParts, OwnPort, Parts } from './composition/parts.ts';
import type { SettingFault } from './settings/fault.ts';
import type { OwnSettings, ServiceSettings } from './settings/read.ts';
import type { Settings } from './settings/schema.ts';
import type { Task } from './tasks.ts';

type Outcome = Promise<Result<Report, Refusal>>;

/** A command of the service's own. */
export interface OwnCommand<Composed> {
  /** For its arguments, its options and its action. */
  readonly command: Command;
  /** For the action: runs it, and prints what comes of it. */
  readonly answers: (run: () => Outcome) => Promise<void>;
  /** The same on everything that the settings name. @param use what it may do to the store; `read` by default */
  readonly answersOn: (run: (composition: Composed) => Outcome, use?: StoreUse) => Promise<void>;
}

/** Adds a command of the service's own. */
export type Leaf<Composed> = (parent: Command, name: string, description: string) => OwnCommand<Composed>;

export interface Wiring {
  readonly get: Container['get'];
  /** Closes it when the service ends. */
  readonly keep: Opened['keep'];
  /** Whether requests will be answered; if not, a command runs, and nothing may be made or changed but what it says. */
  readonly serves: boolean;
  /** Tells an operator. */
  readonly warn: (warning: Warning) => void;
}

/** The common parts with the ports that the service names, and the stores of its own that each of its adapters opens. */
export type StoringParts<Port extends OwnPort, Ours> = CommonParts<Port> & { readonly ownStores: Ours };

/** What a service has of its own, beside its settings. */
interface ServiceParts<
  S extends Settings,
  Own extends OwnParts<Own>,
  Fault extends { readonly kind: string },
  E extends { readonly kind: string },
  Event extends OwnEvent,
  Port extends OwnPort,
  Ours,
> {
  /** In lower case: the program, the file in `DATA_DIR`, the database. */
  readonly name: string;
  readonly version: string;
  /** For people. */
  readonly title: string;
  readonly description: string;
  /**
   * The ports that it stores by beside users, revocations and the audit trail. Its store has no table of any other, and its parts have
   * none of them.
   */
  readonly ports?: readonly Port[];
  /** What the service keeps beside users and what belongs to them. */
  readonly collections?: readonly AnyCollection[];
  /** What it can be kept in. The settings of each are settings of the service, and choose one of them. */
  readonly stores: readonly StoreAdapter<string, Ours>[];
  readonly logins: LoginPolicy<Fault>;
  /** What the contract calls a login: `email`, `username`. */
  readonly loginField: string;
  /** What a new password must be. A list to compare with may have to be read first. */
  readonly passwordPolicy: (settings: S) => PasswordPolicy | Promise<Result<PasswordPolicy, SettingFault>>;
  /** Why a login or a new password was refused, in the words of the contract. */
  readonly explain: (fault: Fault | { readonly kind: string }, field: string) => string;
  /** A random UUID where it is left out. */
  readonly newUserId?: (parts: Pick<CommonParts<NoInfer<Port>>, NoInfer<Port>>) => NewUserId;
  /** Adds to the container what has a lifetime or an alternative, or puts another one in the place of what is there. */
  readonly bind?: (container: Container & Pick<Opened, 'keep'>, settings: S) => void;
  /** The use cases that the service adds to the common ones, or puts in their place, and what else its routes and commands need. */
  readonly useCases: (
    parts: StoringParts<NoInfer<Port>, NoInfer<Ours>>,
    settings: S,
    wiring: Wiring,
  ) => Own | Promise<Own>;
  /** Its own events, beside ours in the log and on record. */
  readonly events?: OwnEvents<Event>;
  /**
   * Is told each event soon after it happened, ours and its own, one call for each. Nothing waits for it; what it throws is logged. Told at
   * most once: not at all where the process is killed before, or a thousand calls are under way. What it emits is told to it, too.
   */
  readonly onEvent?: (occurred: Occurred<NoInfer<Event>>, parts: Parts<Own>) => void | Promise<void>;
  /** Puts what the service begins with into an empty store, where it serves. Nothing is answered before it is done. */
  readonly seed?: (
    parts: StoringParts<NoInfer<Port>, NoInfer<Ours>>,
    settings: S,
    warn: (warning: Warning) => void,
  ) => Promise<void>;
  /** What is done from time to time while it serves, by its name for the log; revocations are swept anyway. */
  readonly tasks?: (parts: Parts<Own>, sweepEverySeconds: number) => Readonly<Record<string, Task>>;
  readonly api: (parts: Parts<Own>, settings: S) => ApiDescription<E>;
  /** What to do with a service that has no user yet. */
  readonly firstSteps?: (steps: FirstSteps) => string;
  /** Commands of its own. */
  readonly commands?: (program: Command, leaf: Leaf<Composition<S, Own>>, io: Io) => void;
}

/** A service: what it has of its own. All the rest, from settings to the command line, is the same for every one. */
export interface ServiceDefinition<
  S extends Settings,
  Own extends OwnParts<Own>,
  Fault extends { readonly kind: string },
  E extends { readonly kind: string },
  Event extends OwnEvent = never,
  // biome-ignore lint/suspicious/noExplicitAny: which stores of its own a service has is seen to by `defineService`
> extends ServiceParts<S, Own, Fault, E, Event, OwnPort, any> {
  readonly settings: ServiceSettings<S>;
}

// biome-ignore lint/suspicious/noExplicitAny: a service of any settings and parts
export type AnyService = ServiceDefinition<any, any, any, any>;

/**
 * Writes a service down; the types of its settings and parts are inferred.
 * @throws TypeError where its adapters or settings do not go together
 */
export const defineService = <
  S extends Settings,
  Own extends OwnParts<Own>,
  Fault extends { readonly kind: string },
  E extends { readonly kind: string },
  Event extends OwnEvent = never,
  const Port extends OwnPort = never,
  Ours = unknown,
>(
  definition: ServiceParts<S, Own, Fault, E, Event, Port, Ours> & { readonly settings: OwnSettings<S> },
): ServiceDefinition<S, Own, Fault, E, Event> => ({
  ...definition,
  settings: definition.settings.withThoseOf(definition.stores),
});
