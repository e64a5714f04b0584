import { offsetOf, type PageRequest, RECORDS_AT_ONCE, type Slice } from '@portcullis/domain';
import type { Collection, Document, WithId } from 'mongodb';
import type { Connection, Moment } from './connection.ts';

/**
 * Pages of a collection in the order of an index, whose keys are counted and skipped; only the page's documents are fetched.
 *
 * The total is what was skipped, and the page, and what comes after its last item. So the index is walked once, however deep
 * the page is, and the total agrees with the items even where both cannot be read in one moment.
 *
 * @param order the fields of the index; together they differ between any two documents.
 */
export function pagesOf<Stored extends Document, T>(
  connection: Connection,
  collection: Collection<Stored>,
  order: readonly string[],
  toEntity: (document: WithId<Stored>) => T,
  fields: Fields,
): (request: PageRequest) => Promise<Slice<T>> {
  const sort = Object.fromEntries(order.map((field) => [field, 1 as const]));

  async function countAfter(last: Document, moment: Moment): Promise<number> {
    const [first, ...ties] = order.map((field, index) => {
      const before = order.slice(0, index).map((equal) => [equal, { $eq: last[equal] }]);
      return [{ $match: { ...Object.fromEntries(before), [field]: { $gt: last[field] } } }, { $count: 'count' }];
    });
    const counts = [
      ...(first ?? []),
      // One range of the index each: what `$or` finds is not counted by keys alone, and takes four times as long.
      ...ties.map((pipeline) => ({ $unionWith: { coll: collection.collectionName, pipeline } })),
    ];
    return sum(await collection.aggregate(counts, { ...connection.bounded, ...moment }).toArray());
  }

  const countAll = async (moment: Moment): Promise<number> =>
    sum(await collection.aggregate([{ $count: 'count' }], { ...connection.bounded, ...moment, hint: sort }).toArray());

  async function slice({ number, size }: PageRequest, moment: Moment): Promise<Slice<T> | undefined> {
    const before = offsetOf({ number, size });
    const found = await collection
      .find(
        {},
        {
          ...{ ...connection.bounded, ...moment, ...projectionOf(fields) },
          ...{ sort, hint: sort, skip: before, limit: size, batchSize: size, singleBatch: true },
        },
      )
      .toArray();
    const items = found.map(toEntity);
    const last = found.at(-1);
    if (last)
      return { items, total: before + items.length + (items.length < size ? 0 : await countAfter(last, moment)) };
    const total = await countAll(moment);
    // More than there were when the page was past the end.
    return total > before ? undefined : { items, total };
  }

  return (request) => connection.retryUntilDecided(() => connection.readTogether((moment) => slice(request, moment)));
}

/**
 * All documents of a collection in the order of an index, read in parts. What is there throughout is there once, and in its place: no
 * field of the order ever changes.
 */
export function allOf<Stored extends Document, T>(
  connection: Connection,
  collection: Collection<Stored>,
  order: readonly string[],
  toEntity: (document: WithId<Stored>) => T,
  fields: Fields,
): (admit?: (entity: T) => void) => Promise<readonly T[]> {
  const sort = Object.fromEntries(order.map((field) => [field, 1 as const]));
  /** @param from a document that may have gone; the part begins with it where it has not */
  function part(from: Document | undefined): Promise<WithId<Stored>[]> {
    const min = from && Object.fromEntries(order.map((field) => [field, from[field]]));
    const options = {
      ...{ ...connection.bounded, ...projectionOf(fields), ...(min && { min }) },
      ...{ sort, hint: sort, limit: RECORDS_AT_ONCE, batchSize: RECORDS_AT_ONCE, singleBatch: true },
    };
    return connection.answer(() => connection.read(() => collection.find({}, options).toArray()));
  }

  return async (admit = () => {}) => {
    const all: T[] = [];
    let last: Document | undefined;
    for (;;) {
      const found = await part(last);
      for (const document of found) {
        if (document._id === last?._id) continue;
        const entity = toEntity(document);
        admit(entity);
        all.push(entity);
      }
      if (found.length < RECORDS_AT_ONCE) return all;
      last = found.at(-1);
    }
  };
}

/** What is read of each document: the fields that `toEntity` needs, those of the order among them, or all of it where it needs all. */
type Fields = Readonly<Record<string, 1>> | 'all';

const projectionOf = (fields: Fields) => (fields === 'all' ? {} : { projection: fields });

const sum = (counts: readonly Document[]): number => counts.reduce((total, { count }) => total + Number(count), 0);
