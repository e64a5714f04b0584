import type { Branded } from '../shared/branded.ts';
import type { PageRequest } from '../shared/page.ts';
import type { Refusal, Result } from '../shared/result.ts';
import type { ListPosition } from './list-position.ts';

/** Names one state of a record. Every change gives another version, and so does a removal followed by an addition. Opaque. */
export type Version = Branded<string, 'Version'>;

/** Of a record that was stored before there were versions, until it is changed. */
export const FIRST_VERSION = '0' as Version;

export interface Versioned<T> {
  readonly record: T;
  readonly version: Version;
}

/** Another record has the same values in these fields: the key, or a unique group. If there are several such groups, one is named. */
export interface Taken {
  readonly kind: 'taken';
  readonly fields: readonly string[];
}

/** `absent`: there is no record with the key. `changed`: it is not in the state that the caller saw. */
export type Missed = Refusal<'absent' | 'changed'>;

/** One field of an order. Null comes before everything else, and text goes by code points. */
export interface SortBy<T> {
  readonly field: keyof T & string;
  readonly descending?: boolean;
}

/** Equal to a value; or from one on (inclusive), before another (exclusive), or both. Null is in no range. */
export type Condition<V> = V | { readonly from?: NonNullable<V>; readonly before?: NonNullable<V> };

/** Which records, in which order. */
export interface ListRequest<T> {
  /**
   * The definition's order if left out. Records that tie follow in the order of arrival, or of the key where that is a number, in the
   * direction of the last field.
   */
  readonly sort?: readonly SortBy<T>[];
  readonly where?: { readonly [F in keyof T]?: Condition<T[F]> };
}

/** A part of a list: by its number, or what comes after a position. */
export type PartRequest = PageRequest | { readonly size: number; readonly after: ListPosition | undefined };

/** Items, total and position of one moment. */
export interface Part<T> {
  readonly items: readonly Versioned<T>[];
  /** How many records there are in the list. */
  readonly total: number;
  /** Where the next part begins; undefined where this is the last. */
  readonly next: ListPosition | undefined;
}

/**
 * Records of one definition. Each method is one atomic operation, whatever number of callers and nodes there is; every method
 * throws `Unavailable` where the store cannot answer. Texts are compared as they are, letter case and all.
 */
export interface Collection<T, K extends keyof T = keyof T> {
  /** Of any number of concurrent callers with one key, or one value of what is unique, exactly one succeeds. */
  add(record: T): Promise<Result<Version, Taken>>;
  byKey(key: T[K]): Promise<Versioned<T> | undefined>;
  /**
   * Adds the record, or replaces the one with its key except for what is kept. Of any number of concurrent callers for a new key
   * exactly one is told that it created it.
   */
  put(record: T): Promise<Result<{ readonly created: boolean; readonly version: Version }, Taken>>;
  /**
   * Replaces the record with this key except for what is kept.
   * @param seen if given, only where the record still has this version: of any number of concurrent callers who saw it, exactly one succeeds.
   */
  replace(record: T, seen?: Version): Promise<Result<Version, Missed | Taken>>;
  /** @param seen as in `replace`. */
  remove(key: T[K], seen?: Version): Promise<Result<void, Missed>>;
  /** Beyond the end there are no items. A record that stays is in its place, whatever comes and goes between two parts. */
  list(request: PartRequest & ListRequest<T>): Promise<Part<T>>;
}
