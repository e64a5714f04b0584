import { collection } from '../collection/collection-definition.ts';
import { field, ownText } from '../collection/field.ts';

/** What a store keeps of a counter. */
export interface Counter {
  readonly name: string;
  /** The last number that was given out. */
  readonly last: number;
}

/** From it the stores derive how they keep counters. */
export const counterRecords = collection<Counter, 'name'>('counters', {
  fields: { name: ownText, last: field.integer },
  key: 'name',
});

/**
 * Counts, by name. What a counter gave out it never gives again, however many callers, nodes and restarts there are.
 * Every method throws `Unavailable` where the store cannot answer.
 */
export interface Counters {
  /** The next number, from 1 on; each is given to one caller only, and may be lost with them. */
  next(name: string): Promise<number>;
  /** The last number given out, 0 where there is none yet. */
  last(name: string): Promise<number>;
  /** Counts everything up to `number` as given out; a counter that is there already stays. */
  advance(name: string, number: number): Promise<void>;
}

/**
 * Puts the entries that a service begins with, numbered from 1 on, into a store that has none yet. Several processes may do so at
 * once, and one that dies half-way leaves the rest to the next: that the counter stands at zero says that all are still to be
 * added, and only when they are it is moved past them.
 *
 * @param add must leave an entry alone that is there already.
 */
export async function seedOnce<T>(
  { counters, name }: { readonly counters: Counters; readonly name: string },
  entries: readonly T[],
  add: (entry: T, number: number) => Promise<unknown>,
): Promise<void> {
  if ((await counters.last(name)) > 0) return;
  for (const [index, entry] of entries.entries()) await add(entry, index + 1);
  await counters.advance(name, entries.length);
}
