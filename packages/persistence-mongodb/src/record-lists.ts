import { type ListPlan, type ListPosition, listPlan, type PlannedCondition, type Slice } from '@portcullis/domain';
import type { Document } from 'mongodb';
import type { Connection, Moment } from './connection.ts';
import type { Index } from './indexes.ts';
import type { ListedDocuments, RecordDocument } from './record-documents.ts';
import { indexKeyFor, type RecordOrder, recordOrder } from './record-order.ts';

/** A part of a list. */
interface Listed<T> extends Slice<T> {
  /** Where the next part begins; undefined where this is the last. */
  readonly next: ListPosition | undefined;
}

type Filter = Readonly<Record<string, unknown>>;

/** So many come in one answer of the server at most; more, and what is more than it can hold, in several. */
const BATCH = 1000;

/**
 * The parts of a collection's lists. The total is what comes before the part, and the part, and what comes after its last item:
 * so it agrees with the items even where they cannot be read in one moment.
 */
export function recordLists<T>(
  connection: Connection,
  documents: ListedDocuments,
  indexes: readonly Index[],
  shown: (document: Document) => T,
): (request: Parameters<typeof listPlan>[1]) => Promise<Listed<T>> {
  const { definition } = documents;
  const collection = connection.database.collection<RecordDocument>(definition.name);
  const made = new Set(indexes.map(({ key }) => Object.keys(key).join()));
  const projection = { ...documents.projection, [documents.tie]: 1 } as const;

  /**
   * An index that has exactly the documents of the list next to each other and in their order, if we have made one. The list is
   * sorted by all of its fields then, since to the server those that are null, or missing, are not all the same.
   */
  function served({ sort, tieDescending, where }: ListPlan) {
    const [condition, ...others] = where;
    const isOneWay = others.length === 0 && sort.every(({ descending }) => descending === tieDescending);
    if (!isOneWay || (condition && !('equals' in condition))) return undefined;
    const filters = condition ? [condition.field] : [];
    const sorts = sort.map(({ field }) => field);
    const hint = indexKeyFor(documents, filters, sorts);
    const names = Object.keys(hint);
    if (!made.has(names.join())) return undefined;
    return { hint, sort: Object.fromEntries(names.map((name) => [name, tieDescending ? -1 : 1] as const)) };
  }

  async function count(ranges: Readonly<Record<'before' | 'after', readonly Filter[]>>, moment: Moment) {
    const [first, ...others] = (['before', 'after'] as const).flatMap((side) =>
      ranges[side].map((range) => [{ $match: range }, { $count: side }]),
    );
    const counts = { before: 0, after: 0 };
    if (!first) return counts;
    // One range of an index each: what `$or` finds is not counted by keys alone, and takes four times as long.
    const pipelines = others.map((pipeline) => ({ $unionWith: { coll: definition.name, pipeline } }));
    const found = await collection.aggregate([...first, ...pipelines], { ...connection.bounded, ...moment }).toArray();
    for (const { before = 0, after = 0 } of found) {
      counts.before += Number(before);
      counts.after += Number(after);
    }
    return counts;
  }

  async function part(plan: ListPlan, order: RecordOrder, moment: Moment): Promise<Listed<T> | undefined> {
    const { size, start } = plan;
    const where = plan.where.map((condition) => filterOf(documents, condition));
    const both = (range: Filter): Filter => together([...where, range]);
    const [skip, place] = 'skip' in start ? [start.skip, undefined] : [0, order.placeOf(start.after)];
    const index = served(plan);

    const found = await collection
      .find(place ? { $or: order.rangesAfter(place).map(both) } : together(where), {
        ...{ ...connection.bounded, ...moment, projection, ...(index ?? { sort: order.sort, allowDiskUse: true }) },
        ...{ skip: Math.min(skip, Number.MAX_SAFE_INTEGER), limit: size, batchSize: Math.min(size, BATCH) },
      })
      .toArray();
    // One that moved in the order while it was read.
    if (new Set(found.map(({ _id }) => _id)).size < found.length) return undefined;

    const last = found.at(-1);
    if (!last && !place) {
      const counted = [...(where.length > 0 ? [{ $match: together(where) }] : []), { $count: 'count' }];
      const [all] = await collection
        .aggregate(counted, { ...connection.bounded, ...moment, ...(index && { hint: index.hint }) })
        .toArray();
      const total = Number(all?.count ?? 0);
      // More than there were when the part was past the end.
      return total > skip ? undefined : { items: [], total, next: undefined };
    }
    const { before, after } = await count(
      {
        before: place ? order.rangesUpTo(place).map(both) : [],
        after: last && found.length === size ? order.rangesAfter(order.valuesOf(last)).map(both) : [],
      },
      moment,
    );
    return {
      items: found.map(shown),
      total: skip + before + found.length + after,
      next: last && after > 0 ? order.positionOf(last) : undefined,
    };
  }

  return (request) =>
    connection.retryUntilDecided(async () => {
      const plan = listPlan(definition, request);
      const order = recordOrder(documents, plan);
      return connection.readTogether((moment) => part(plan, order, moment));
    });
}

const together = (filters: readonly Filter[]): Document => (filters.length > 1 ? { $and: filters } : { ...filters[0] });

/** A value is always what an operator goes by, and never stands where one could. */
function filterOf({ fieldOf }: ListedDocuments, condition: PlannedCondition): Filter {
  const { name, toLookup, toBound, least } = fieldOf(condition.field);
  if ('equals' in condition) {
    const value = toLookup(condition.equals);
    return { [name]: value === undefined ? { $in: [] } : { $eq: value } };
  }
  const { from, before } = condition;
  // Null is in no range, and in none of `$gte` and `$lt` either.
  return {
    [name]: {
      ...((from !== undefined || before === undefined) && { $gte: from === undefined ? least : toBound(from) }),
      ...(before !== undefined && { $lt: toBound(before) }),
    },
  };
}
