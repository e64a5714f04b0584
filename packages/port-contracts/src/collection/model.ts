import type { AnyCollection, SortBy } from '@portcullis/domain';
import type { Row } from './subject.ts';

// What a collection does, computed from plain lists of records in the order of their arrival.

type Order = readonly SortBy<Row>[];
export type Where = Readonly<Record<string, unknown>>;

/** Null first; text by code points; false before true. */
function compared(one: unknown, other: unknown): number {
  if (one === null || other === null) return Number(other === null) - Number(one === null);
  if (typeof one === 'string' && typeof other === 'string') return Buffer.compare(Buffer.from(one), Buffer.from(other));
  return Number(one) - Number(other);
}

/** @param arrived in the order of arrival */
export function ordered(
  { key, fields, order }: AnyCollection,
  arrived: readonly Row[],
  sort: Order = order.map((field) => ({ field })),
): readonly Row[] {
  const byKey = fields[key]?.kind === 'integer';
  const way = (descending: boolean | undefined) => (descending ? -1 : 1);
  const tieWay = way(sort.at(-1)?.descending);
  return arrived
    .map((row, index) => ({ row, tie: byKey ? Number(row[key]) : index }))
    .sort((one, other) => {
      for (const { field, descending } of sort) {
        const difference = compared(one.row[field], other.row[field]) * way(descending);
        if (difference !== 0) return difference;
      }
      return (one.tie - other.tie) * tieWay;
    })
    .map(({ row }) => row);
}

const isRange = (condition: unknown): condition is { from?: unknown; before?: unknown } =>
  typeof condition === 'object' && condition !== null;

export const matching = (rows: readonly Row[], where: Where): readonly Row[] =>
  rows.filter((row) =>
    Object.entries(where).every(([field, condition]) => {
      const value = row[field];
      if (condition === undefined) return true;
      if (!isRange(condition)) return value === condition;
      const { from, before } = condition;
      if (value === null) return from === undefined && before === undefined;
      return (
        (from === undefined || compared(value, from) >= 0) && (before === undefined || compared(value, before) < 0)
      );
    }),
  );

/** What is stored after `next` has replaced `stored`. */
export const replacedBy = ({ key, kept }: AnyCollection, stored: Row, next: Row): Row => ({
  ...next,
  ...Object.fromEntries([key, ...kept].map((field) => [field, stored[field]])),
});

/** The groups of fields, the key among them, in which `next` has what one of the rows has. */
export const takenBy = ({ key, unique }: AnyCollection, rows: readonly Row[], next: Row): readonly string[][] =>
  [[key], ...unique]
    .filter((group) => rows.some((row) => group.every((field) => row[field] === next[field])))
    .map((group) => [...group]);
