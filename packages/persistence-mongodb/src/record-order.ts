import type { ListPlan, ListPosition, ListValue } from '@portcullis/domain';
import { type Document, Long, Timestamp } from 'mongodb';
import type { ListedDocuments } from './record-documents.ts';

/** An index by its fields, in their order. */
export type IndexKey = Readonly<Record<string, 1>>;

/** One field of an order. */
interface Place {
  readonly name: string;
  readonly descending: boolean;
  readonly optional: boolean;
  readonly least: unknown;
}

type Range = Readonly<Record<string, object>>;

/** How a list goes by the fields of its documents. */
export interface RecordOrder {
  readonly sort: Readonly<Record<string, 1 | -1>>;
  /** What is in the list after these values of the fields of `sort`, or of as many as there are: one range of an index each. */
  readonly rangesAfter: (values: readonly unknown[]) => readonly Range[];
  /** What is in the list before them, or has them. */
  readonly rangesUpTo: (values: readonly unknown[]) => readonly Range[];
  /** What the document has in the fields of `sort`. */
  readonly valuesOf: (document: Document) => readonly unknown[];
  readonly positionOf: (document: Document) => ListPosition;
  /** The values of a position, without the key where it does not have that. */
  readonly placeOf: (position: ListPosition) => readonly unknown[];
}

/**
 * Fields by which records follow each other, and the tie; without what comes after a field that differs between any two records.
 * The usual order ends with the key, as in earlier releases: the index that they made for widgets is the one of today.
 */
function completed(documents: ListedDocuments, fields: readonly string[]): readonly string[] {
  const { key, unique, order } = documents.definition;
  const isAlone = (field: string) => unique.some((group) => group.length === 1 && group[0] === field);
  const last = fields.findIndex((field) => field === key || isAlone(field));
  const names = fields.map((field) => documents.fieldOf(field).name);
  if (last >= 0) return names.slice(0, last + 1);
  const isUsual = fields.join() === order.join();
  return [...new Set([...names, documents.tie, ...(isUsual ? ['_id'] : [])])];
}

/** The index for a list that is sorted by some fields and filtered by others. */
export const indexKeyFor = (
  documents: ListedDocuments,
  filters: readonly string[],
  sorts: readonly string[],
): IndexKey => ascending(completed(documents, [...filters, ...sorts]));

export const ascending = (names: readonly string[]): IndexKey => Object.fromEntries(names.map((name) => [name, 1]));

export function recordOrder(
  documents: ListedDocuments,
  { sort, tieDescending }: Pick<ListPlan, 'sort' | 'tieDescending'>,
): RecordOrder {
  const { tie, fieldOf } = documents;
  const fields = sort.map(({ field }) => fieldOf(field));
  const places = completed(
    documents,
    sort.map(({ field }) => field),
  ).map((name): Place => {
    const index = fields.findIndex((field) => field.name === name);
    const { optional = false, least } = fields[index] ?? {};
    return { name, optional, least, descending: sort[index]?.descending ?? tieDescending };
  });
  const flipped = places.map((place) => ({ ...place, descending: !place.descending }));
  return {
    sort: Object.fromEntries(places.map(({ name, descending }) => [name, descending ? -1 : 1])),
    rangesAfter: (values) => rangesBeyond(places, values),
    rangesUpTo: (values) => [...rangesBeyond(flipped, values), equal(places, values)],
    valuesOf: (document) => places.map(({ name }) => document[name] ?? null),
    positionOf(document) {
      const record = new Map(Object.entries(documents.read(document)));
      return { values: sort.map(({ field }) => record.get(field) as ListValue), tie: tieOf(document[tie]) };
    },
    placeOf: (position) => {
      const values = new Map<string, unknown>([[tie, storedTie(tie, position.tie)]]);
      for (const [index, { name, toStored }] of fields.entries()) values.set(name, toStored(position.values[index]));
      return places.filter(({ name }) => values.has(name)).map(({ name }) => values.get(name));
    },
  };
}

function rangesBeyond(places: readonly Place[], values: readonly unknown[]): readonly Range[] {
  return places
    .slice(0, values.length)
    .flatMap((place, index) =>
      beyond(place, values[index]).map((range) => ({ ...equal(places, values.slice(0, index)), [place.name]: range })),
    );
}

const equal = (places: readonly Place[], values: readonly unknown[]): Range =>
  Object.fromEntries(values.map((value, index) => [places[index]?.name, { $eq: value }]));

/** Null, and a field that is missing, comes first, and so last where the order goes down. To `$gt` and `$lt` it is in no range. */
function beyond({ descending, optional, least }: Place, value: unknown): readonly object[] {
  if (value === null) return descending ? [] : [{ $gte: least }];
  if (!descending) return [{ $gt: value }];
  return optional ? [{ $lt: value }, { $eq: null }] : [{ $lt: value }];
}

/** The server's time has 64 bits without a sign, a position's tie one with it. */
const tieOf = (value: unknown): string =>
  value instanceof Timestamp ? String(BigInt.asIntN(64, value.toBigInt())) : String(value);

const storedTie = (name: ListedDocuments['tie'], tie: string): unknown =>
  name === 'arrival' ? new Timestamp(BigInt.asUintN(64, BigInt(tie))) : Long.fromString(tie);
