import { type AnyCollection, isNumbered, type ListPlan, type ListPosition, type ListValue } from '@portcullis/domain';
import type { TableEntry } from './memory.ts';

/** How the entries of a list follow each other. */
export interface ListOrder {
  readonly compare: (one: TableEntry, other: TableEntry) => number;
  /** Below zero where the entry comes before the position, zero where it is the position's own. */
  readonly compareTo: (position: ListPosition) => (entry: TableEntry) => number;
  readonly positionOf: (entry: TableEntry) => ListPosition;
}

export function listOrder(
  definition: Pick<AnyCollection, 'key' | 'fields'>,
  { sort, tieDescending }: Pick<ListPlan, 'sort' | 'tieDescending'>,
): ListOrder {
  const numbered = isNumbered(definition);
  const tieOf = ({ record, arrival }: TableEntry) => (numbered ? (record[definition.key] as number) : arrival);
  const valuesOf = ({ record }: TableEntry) => sort.map(({ field }) => (record[field] ?? null) as ListValue);
  const compare = (one: readonly ListValue[], other: readonly ListValue[], ties: number): number => {
    for (const [index, { descending }] of sort.entries()) {
      const order = compareValues(one[index] ?? null, other[index] ?? null);
      if (order !== 0) return descending ? -order : order;
    }
    return tieDescending ? -ties : ties;
  };
  return {
    compare: (one, other) => compare(valuesOf(one), valuesOf(other), tieOf(one) - tieOf(other)),
    compareTo: ({ values, tie }) => {
      const end = Number(tie);
      return (entry) => compare(valuesOf(entry), values, tieOf(entry) - end);
    },
    positionOf: (entry) => ({ values: valuesOf(entry), tie: String(tieOf(entry)) }),
  };
}

/** Null first. Text by code points, as UTF-8 sorts in a database; JavaScript compares the units of UTF-16. */
export function compareValues(one: ListValue, other: ListValue): number {
  if (one === other) return 0;
  if (one === null) return -1;
  if (other === null) return 1;
  return typeof one === 'string' ? compareTexts(one, String(other)) : Number(one) - Number(other);
}

function compareTexts(one: string, other: string): number {
  let at = 0;
  while (at < one.length && at < other.length && one.charCodeAt(at) === other.charCodeAt(at)) at += 1;
  // Where two pairs of surrogates differ in their second half alone, those halves compare as their code points do.
  return (one.codePointAt(at) ?? -1) - (other.codePointAt(at) ?? -1);
}

/** How many entries come before this one in a list that is in order. */
export function placeIn(list: readonly TableEntry[], { compare }: ListOrder, entry: TableEntry): number {
  let [from, to] = [0, list.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    const other = list[middle];
    if (other && compare(other, entry) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
}
