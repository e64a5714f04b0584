import assert from 'node:assert/strict';
import { type AnyCollection, ok, type Part, type Version, type Versioned } from '@portcullis/domain';
import { type OutageScript, read } from '../outages.ts';
import { ABSENT, assertTaken, type Frame, granted, recordsOf } from './frame.ts';
import { ordered, replacedBy } from './model.ts';
import { type CollectionStores, type Row, rowsOf } from './subject.ts';

const UNDER_WAY = 100;

/** 1, 2 and 7 stay as they are, 3 and 5 are to be replaced, 4 and 6 to be removed. */
const STAYING = [1, 2, 7];
const PLANTED = [1, 2, 3, 4, 5, 6, 7];

/** A script for one subject at a time: it remembers the versions that `plant` was told. */
export function outage({ definition, sample, keyOf }: Frame): OutageScript<CollectionStores> {
  const { key } = definition;
  const at = (n: number, place: number): Row => sample(n, { [key]: keyOf(sample(place)) });
  const replaced = (place: number): Row => replacedBy(definition, sample(place), at(place + 30, place));
  const rows = (stores: CollectionStores) => rowsOf(stores, definition);
  /** By the stores that were planted in, and for all that come after them. */
  let versions = new Map<number, Version>();

  const isStored = (n: number) => (found: Versioned<Row> | undefined) => {
    assert.deepEqual(found, { record: sample(n), version: versions.get(n) });
  };
  const hasThem = ({ items, total, next }: Part<Row>) => {
    assert.equal(items.length, total);
    assert.equal(next, undefined);
    assertInOrder(
      definition,
      recordsOf(items),
      STAYING.map((n) => sample(n)),
    );
  };

  return {
    async plant(stores) {
      versions = new Map();
      for (const n of PLANTED) versions.set(n, granted(await rows(stores).add(sample(n))));
    },
    reads: (stores) => ({
      byKey: read(() => rows(stores).byKey(keyOf(sample(1))), isStored(1)),
      'byKey of none': read(
        () => rows(stores).byKey(keyOf(sample(50))),
        (found) => assert.equal(found, undefined),
      ),
      'list by number': read(() => rows(stores).list({ number: 1, size: 1000 }), hasThem),
      'list from the beginning': read(() => rows(stores).list({ size: 1000, after: undefined }), hasThem),
      'list beyond the end': read(
        () => rows(stores).list({ number: 1000, size: 1000 }),
        ({ items, total }) => {
          assert.deepEqual(items, []);
          assert.ok(total >= STAYING.length);
        },
      ),
    }),
    writes: (stores) => ({
      add: () => rows(stores).add(sample(20)),
      'add of a taken key': () => rows(stores).add(at(9, 1)),
      'put of a new record': () => rows(stores).put(sample(21)),
      'put of a record that is there': () => rows(stores).put(at(33, 3)),
      replace: () => rows(stores).replace(at(33, 3)),
      'replace of a version that was seen': () => rows(stores).replace(at(35, 5), versions.get(5)),
      'replace of another version': () => rows(stores).replace(at(9, 1), versions.get(2)),
      'replace of none': () => rows(stores).replace(sample(50)),
      remove: () => rows(stores).remove(keyOf(sample(4))),
      'remove of a version that was seen': () => rows(stores).remove(keyOf(sample(6)), versions.get(6)),
      'remove of another version': () => rows(stores).remove(keyOf(sample(1)), versions.get(2)),
      'remove of none': () => rows(stores).remove(keyOf(sample(50))),
    }),
    async write(stores, n) {
      const next = sample(UNDER_WAY + n);
      if (n % 4 < 2) granted(await rows(stores).add(next));
      else assert.equal(granted(await rows(stores).put(next)).created, true);
    },
    async assertWritten(stores, n) {
      const next = sample(UNDER_WAY + n);
      assert.deepEqual((await rows(stores).byKey(keyOf(next)))?.record, next);
    },
    async assertWhole(stores) {
      const store = rows(stores);
      // Refused where it has happened before, by the very record.
      const again = await store.add(sample(20));
      if (!again.ok) assertTaken(again, [[key], ...definition.unique]);
      granted(await store.put(sample(21)));
      for (const n of [3, 5]) granted(await store.replace(at(n + 30, n)));
      for (const n of [4, 6]) await store.remove(keyOf(sample(n)));
      for (const n of STAYING) isStored(n)(await store.byKey(keyOf(sample(n))));
      for (const each of [sample(20), sample(21), replaced(3), replaced(5)]) {
        assert.deepEqual((await store.byKey(keyOf(each)))?.record, each);
      }
      for (const n of [4, 6]) assert.equal(await store.byKey(keyOf(sample(n))), undefined);
      granted(await store.add(sample(40)));
      assert.deepEqual(await store.remove(keyOf(sample(40))), ok(undefined));
      assert.deepEqual(await store.remove(keyOf(sample(40))), ABSENT);
    },
  };
}

/** These are among the records, in the order of the definition. Of those that tie by arrival they are the first. */
function assertInOrder(definition: AnyCollection, found: readonly Row[], staying: readonly Row[]): void {
  const { key } = definition;
  const own = found.filter((row) => staying.some((each) => each[key] === row[key]));
  assert.deepEqual(own, ordered(definition, staying));
}
