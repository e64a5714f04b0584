import type {
  AnyCollection,
  AuditRecord,
  AuditRecordId,
  Instant,
  MailPurpose,
  MailToken,
  SessionId,
  SessionRecord,
  StoredKey,
  TokenId,
  User,
  UserId,
  Versioned,
} from '@portcullis/domain';
import type { Disposable, NotApplicable } from './contract-case.ts';

/** A store under test, with what a case needs to take it apart. */
export interface StoreSubject<Stores> extends Disposable {
  readonly stores: Stores;
  /** The same data as another node sees it: over a connection of its own where the technology has such a thing. */
  readonly peer: Stores;
  /** Ends `stores` and `peer`; what is asked of them afterwards is refused. */
  close(): Promise<unknown>;
  /** After `close`: opens what was stored once more. */
  reopen(): Promise<Stores>;
}

/** What is stored, read past the adapter: over a raw connection, say, with no line of the adapter's code in between. */
export interface Probe {
  user?(id: UserId): Promise<User | undefined>;
  /** With its tokens' hashes. */
  session?(userId: UserId, id: SessionId): Promise<SessionRecord | undefined>;
  /** The `expiresAt` of the entry. */
  revoked?(id: TokenId): Promise<Instant | undefined>;
  /** The record of a collection with this key, and its version. */
  record?(definition: AnyCollection, key: unknown): Promise<Versioned<Readonly<Record<string, unknown>>> | undefined>;
  /** By its number. */
  key?(number: number): Promise<StoredKey | undefined>;
  mailToken?(purpose: MailPurpose, userId: UserId): Promise<MailToken | undefined>;
  auditRecord?(id: AuditRecordId): Promise<AuditRecord | undefined>;
  /** The last number that was given out under the name. */
  counter?(name: string): Promise<number | undefined>;
}

/** For a store that forgets by itself, by an index or a task that goes by a clock of its own. */
export interface OwnExpiry {
  /**
   * Resolves once the store has forgotten whatever it forgets at this time. Where its clock cannot be moved, move what is
   * stored by as much in the other direction, past the adapter, and back again afterwards: that comes to the same.
   */
  runAt(now: Instant): Promise<void>;
}

/**
 * How a store behind a network is away. `cut`: connections are refused and end. `slow`: there is no answer, or long after
 * anyone waits for it. `half`: a connection ends in the middle of an answer, so that nobody knows what was done.
 */
export const OUTAGES = ['cut', 'slow', 'half'] as const;
export type OutageKind = (typeof OUTAGES)[number];

/** Takes the store away from `stores` and `peer`, which stay open, and gives it back. */
export interface Outage {
  begin(kind: OutageKind): Promise<void>;
  end(): Promise<void>;
  /** Kinds that this store cannot have, each with the reason. */
  readonly without?: Readonly<Partial<Record<OutageKind, string>>>;
  /** Whether only writes are refused, as with a lock that another process holds: reads then have to tell the truth. */
  readonly sparesReads?: boolean;
}

/** The same data, as a newer release of the service opens it beside the nodes of this one. */
export interface NewerRelease<Stores> {
  /** A node more, with these definitions; `close` ends it with the others. */
  open(collections: readonly AnyCollection[]): Promise<Stores>;
}

/** A store under test, with all that it takes to certify it. What there cannot be is refused by its reason, never left out. */
export interface CertifiableSubject<Stores> extends StoreSubject<Stores> {
  readonly probe: Probe | NotApplicable;
  readonly ownExpiry: OwnExpiry | NotApplicable;
  readonly outage: Outage | NotApplicable;
  /** Where collections are certified. */
  readonly newerRelease?: NewerRelease<Stores> | NotApplicable;
}

/**
 * What `make` gives under this name, or why it gives nothing.
 * @throws TypeError where it says neither, since a section must not be passed by silence.
 */
export function given<T extends object>(
  name: string,
  value: T | NotApplicable | undefined,
): { readonly value: T } | NotApplicable {
  if (value === undefined) throw new TypeError(`make gives no ${name}, nor { notApplicable: reason }`);
  if (!('notApplicable' in value)) return { value };
  return excuse(value.notApplicable);
}

/** @throws TypeError where there is no reason in it. */
export function excuse(reason: string): NotApplicable {
  if (typeof reason !== 'string' || reason.trim() === '') throw new TypeError('not applicable, but for no reason');
  return { notApplicable: reason };
}

/** The part of the probe that reads `what`, or why there is none. @throws TypeError as `given` does. */
export function lookPast<What extends keyof Probe>(
  { probe }: Pick<CertifiableSubject<unknown>, 'probe'>,
  what: What,
): { readonly look: NonNullable<Probe[What]> } | NotApplicable {
  const whole = given('probe', probe);
  if ('notApplicable' in whole) return whole;
  const look = whole.value[what];
  if (look === undefined) throw new TypeError(`make gives a probe without ${what}`);
  return { look };
}

/** Calls in one turn of the event loop, by turns over both nodes. */
export const atOnce = <Stores, T>(
  { stores, peer }: StoreSubject<Stores>,
  count: number,
  call: (stores: Stores, index: number) => Promise<T>,
): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => call(index % 2 === 0 ? stores : peer, index)));
