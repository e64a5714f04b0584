import { offsetOf, type PageRequest, type Slice } from '@portcullis/domain';

/** Records in the order of a time of theirs, ties in the order of arrival. */
export interface ByTime<T> {
  insert(record: T): void;
  /** Puts `next` in the place of `record`; both have the same time. */
  replace(record: T, next: T): void;
  remove(record: T): void;
  page(request: PageRequest): Slice<T>;
  all(): readonly T[];
}

export function byTime<T>(timeOf: (record: T) => number): ByTime<T> {
  const records: T[] = [];

  /** How many records come before one of this time that arrives now. Most arrive last. */
  const placeOf = (time: number): number => {
    let place = records.length;
    for (let last = records[place - 1]; last !== undefined && timeOf(last) > time; last = records[place - 1])
      place -= 1;
    return place;
  };

  return {
    insert(record) {
      records.splice(placeOf(timeOf(record)), 0, record);
    },
    replace(record, next) {
      records[records.indexOf(record)] = next;
    },
    remove(record) {
      records.splice(records.indexOf(record), 1);
    },
    page(request) {
      const offset = offsetOf(request);
      return { items: records.slice(offset, offset + request.size), total: records.length };
    },
    all: () => [...records],
  };
}
