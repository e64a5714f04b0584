import type { AnyCollection, Collection, CollectionDefinition, UserStore } from '@portcullis/domain';
import type { StoreSubject } from '../store-subject.ts';

/** A record of whatever definition. */
export type Row = Readonly<Record<string, unknown>>;
/** A collection of whatever definition. */
export type Rows = Collection<Row, string>;

export interface CollectionStores {
  collection<T extends object, K extends keyof T & string>(definition: CollectionDefinition<T, K>): Collection<T, K>;
  /** Where there are users, a record outlives the user whose id it holds. */
  readonly users?: UserStore;
}
export type CollectionSubject = StoreSubject<CollectionStores>;

/** The collection of this definition among the stores. */
export const rowsOf = (stores: CollectionStores, definition: AnyCollection): Rows =>
  (stores.collection as (given: AnyCollection) => Rows).call(stores, definition);
