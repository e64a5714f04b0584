import assert from 'node:assert/strict';
import { quoted, tamper, upTo } from '../expect.ts';
import { administrator, userId } from '../samples.ts';
import { ABSENT, assertTaken, DONE, type Frame, granted, recordsOf, where } from './frame.ts';
import { ordered, replacedBy } from './model.ts';
import { type Row, rowsOf } from './subject.ts';
import { rangeOf } from './values.ts';

/** Keys that some store's own rules of comparison take for one, or cut. */
const DISTINCT_KEYS = [
  ...['abc', 'ABC', 'Abc', 'abc ', ' abc', 'ab', 'ab%', 'ab_', 'abç', 'abc\u0301', 'ß', 'ss', 'ı', 'i', 'İ', ' '],
  ...['__proto__', 'constructor', '_', '-', '--', '0', '00', '1', '1.0', '1e3', '0x10', 'null', 'select'],
];
/** As long as a key may be, and different in one place. */
const longKeys = (length: number): readonly string[] =>
  [undefined, 0, 1, 8, 12, 16, 32, length / 2, length - 13, length - 2, length - 1].flatMap((place) => {
    const letters = Array.from({ length }, (_, index) => (index === Math.floor(place ?? -1) ? 'y' : 'x'));
    return place === undefined || (place > 0 && place < length) || place === 0 ? [letters.join('')] : [];
  });

const DISTINCT_NUMBERS = [
  ...[1, 2, 9, 10, 11, 100, -1, -10, 0, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1, -(2 ** 53) + 1],
  999_999_999_999_999,
];

/** More than a store is likely to answer at once; added a batch at a time. */
const [MANY, BATCH] = [1100, 50];
/** Samples that no other number of a case comes near to. */
const FAR = 1000;

export const records = (frame: Frame) => {
  const { definition, sample, keyOf, replaced, groups, siblings } = frame;
  const { key, kept, fields, order } = definition;
  const keyField = fields[key];
  const distinct: readonly unknown[] =
    keyField?.kind === 'text'
      ? [
          ...new Set([
            ...DISTINCT_KEYS.filter((each) => each.length <= keyField.maxLength),
            ...longKeys(Math.min(keyField.maxLength, 64)),
          ]),
        ]
      : DISTINCT_NUMBERS;
  const texts = frame.named('text').filter((each) => each !== key && !groups.flat().includes(each));

  return frame.contract('contract', {
    'holds nothing of a key that was never added': async ({ here, there, assertHolds }) => {
      for (const node of [here, there]) {
        assert.equal(await node.byKey(keyOf(sample(1))), undefined);
        assert.deepEqual(await node.remove(keyOf(sample(1))), ABSENT);
        assert.deepEqual(await node.replace(sample(1)), ABSENT);
      }
      await assertHolds([]);
    },

    'holds nothing at all once everything is removed': async ({ here, there, bystanders }) => {
      for (const each of bystanders) assert.deepEqual(await there.remove(keyOf(each)), DONE);
      for (const node of [here, there]) {
        for (const request of [
          { number: 1, size: 10 },
          { number: 3, size: 1 },
          { size: 10, after: undefined },
        ]) {
          assert.deepEqual(await node.list(request), { items: [], total: 0, next: undefined });
        }
      }
      for (const each of bystanders) granted(await here.add(each));
    },

    'gives back every field as it was added, to every node': async ({ here, there, assertHolds }) => {
      const added = upTo(12).map((n) => sample(n));
      for (const [n, each] of added.entries()) granted(await (n % 2 === 0 ? here : there).add(each));
      await assertHolds(added);
    },

    'keeps each value that a field can hold, its bounds included': async ({ here, there, takenBy, assertHolds }) => {
      const added: Row[] = [];
      for (const name of Object.keys(fields)) {
        for (const value of rangeOf(definition, name)) {
          const next = sample(FAR + added.length, { [name]: value });
          if (takenBy(added, next).length > 0) continue;
          granted(await (added.length % 2 === 0 ? here : there).add(next));
          added.push(next);
        }
      }
      await assertHolds(added);
    },

    'tells keys apart, however much they look alike': async ({ here, there, assertHolds }) => {
      const added = distinct.map((each, n) => sample(n, { [key]: each }));
      for (const each of added) {
        assert.equal(await here.byKey(keyOf(each)), undefined, quoted(keyOf(each)));
        assert.deepEqual(await there.remove(keyOf(each)), ABSENT, quoted(keyOf(each)));
        assert.deepEqual(await there.replace(each), ABSENT, quoted(keyOf(each)));
        granted(await here.add(each));
      }
      await assertHolds(added);
      for (const each of added) assert.deepEqual(await there.remove(keyOf(each)), DONE, quoted(keyOf(each)));
      await assertHolds([]);
    },

    'adds nothing where the key is in use, and keeps the first': async ({ here, there, assertHolds }) => {
      const first = granted(await here.add(sample(1)));
      for (const node of [here, there]) {
        assertTaken(await node.add(sample(2, { [key]: keyOf(sample(1)) })), [[key]]);
      }
      assertTaken(await there.add(sample(1)), [[key], ...definition.unique]);
      assert.equal((await here.byKey(keyOf(sample(1))))?.version, first);
      await assertHolds([sample(1)]);
    },

    'puts a new record, then replaces it except for what is kept': async ({ here, there, assertHolds }) => {
      for (const n of [1, 2, 3]) {
        const node = n % 2 === 0 ? here : there;
        assert.equal(granted(await node.put(sample(n))).created, true);
      }
      await assertHolds([1, 2, 3].map((n) => sample(n)));
      for (const n of [9, 10, 2]) {
        const next = sample(n, { [key]: keyOf(sample(2)) });
        assert.equal(granted(await here.put(next)).created, false);
        await assertHolds([sample(1), replacedBy(definition, sample(2), next), sample(3)]);
      }
      assert.equal(granted(await there.put(sample(2))).created, false);
      await assertHolds([1, 2, 3].map((n) => sample(n)));
    },

    'replaces a record except for what is kept, and no other': async ({ here, there, assertHolds }) => {
      for (const n of [1, 2, 3]) granted(await here.add(sample(n)));
      for (const n of [9, 10, 14]) {
        const next = sample(n, { [key]: keyOf(sample(2)) });
        for (const node of [there, here]) {
          granted(await node.replace(next));
          await assertHolds([sample(1), replacedBy(definition, sample(2), next), sample(3)]);
        }
      }
      assert.deepEqual(await there.replace(sample(4)), ABSENT);
      granted(await there.replace(sample(2)));
      await assertHolds([1, 2, 3].map((n) => sample(n)));
    },

    ...where(replaced.length > 0, {
      'replaces each field by itself': async ({ here, there, assertHolds }) => {
        granted(await here.add(sample(1)));
        let stored = sample(1);
        for (const name of replaced) {
          for (const value of [sample(2)[name], ...(fields[name]?.optional ? [null] : []), sample(3)[name]]) {
            stored = { ...stored, [name]: value };
            granted(await there.replace(stored));
            assert.deepEqual((await here.byKey(keyOf(stored)))?.record, stored, name);
          }
        }
        await assertHolds([stored]);
      },
    }),

    ...where(kept.length > 0, {
      'takes what is kept from the caller where it is the first': async ({ here, there, assertHolds }) => {
        granted(await here.put(sample(1)));
        await here.remove(keyOf(sample(1)));
        const anew = sample(9, { [key]: keyOf(sample(1)) });
        assert.equal(granted(await there.put(anew)).created, true);
        await assertHolds([anew]);
        for (const name of kept) {
          granted(await here.replace({ ...anew, [name]: sample(2)[name] }));
          granted(await there.put({ ...anew, [name]: sample(3)[name] }));
          await assertHolds([anew]);
        }
      },
    }),

    'removes a record once, frees its key, and leaves the others': async ({ here, there, assertHolds }) => {
      for (const n of [1, 2, 3]) granted(await here.add(sample(n)));
      assert.deepEqual(await there.remove(keyOf(sample(2))), DONE);
      for (const node of [here, there]) {
        assert.deepEqual(await node.remove(keyOf(sample(2))), ABSENT);
        assert.deepEqual(await node.replace(sample(2)), ABSENT);
        assert.equal(await node.byKey(keyOf(sample(2))), undefined);
      }
      await assertHolds([sample(1), sample(3)]);
      const next = sample(4, { [key]: keyOf(sample(2)) });
      granted(await here.add(next));
      await assertHolds([sample(1), sample(3), next]);
      assert.deepEqual(await here.remove(keyOf(next)), DONE);
      assert.deepEqual(await there.put(sample(2)).then((told) => granted(told).created), true);
      await assertHolds([sample(1), sample(3), sample(2)]);
    },

    'stores the fields of the definition and no other': async ({ here, there, assertHolds }) => {
      const more = { more: 1, _id: 'other', version: 'mine', arrival: 0, rowid: 7 };
      granted(await here.add({ ...more, ...sample(1) }));
      granted(await here.put({ ...more, ...sample(2) }));
      granted(await there.replace({ ...more, ...sample(1) }));
      await assertHolds([sample(1), sample(2)]);
    },

    'keeps a record whose user is removed': async ({ here, subject, assertHolds }) => {
      const { users } = subject.stores;
      if (!users) return { notApplicable: 'there are no users beside the collections, so that none can be removed' };
      for (const n of [1, 2]) await users.add(administrator(n));
      const id = keyField?.kind === 'text' ? keyOf : undefined;
      const ids = Object.fromEntries(frame.named('text').map((name) => [name, userId(1)]));
      const record = sample(1, { ...ids, ...(id && { [key]: userId(1) }) });
      granted(await here.add(record));
      assert.equal((await users.remove(userId(1))).ok, true);
      return assertHolds([record]);
    },

    'is one collection, however often it is asked for': async ({ here, subject, assertHolds }) => {
      granted(await here.add(sample(1)));
      const again = rowsOf(subject.stores, definition);
      granted(await again.add(sample(2)));
      await assertHolds([sample(1), sample(2)], [here, again]);
    },

    ...where(siblings.length > 0, {
      'keeps its records apart from those of other collections': async ({ here, there, subject, assertHolds }) => {
        granted(await here.add(sample(1)));
        for (const { definition: other, sample: sampleOf } of siblings) {
          const beside = rowsOf(subject.peer, other);
          assert.equal((await beside.list({ number: 1, size: 10 })).total, 0);
          const alike = sampleOf(
            1,
            other.fields[other.key]?.kind === keyField?.kind && { [other.key]: keyOf(sample(1)) },
          );
          granted(await beside.add(alike));
          await assertHolds([sample(1)]);
          assert.deepEqual(await beside.remove(alike[other.key]), DONE);
        }
        await assertHolds([sample(1)], [there]);
      },
    }),

    'shares no state with its callers': async ({ here, there, assertHolds }) => {
      const [added, put, replacing] = [1, 2, 3].map((n) => structuredClone(sample(n)));
      assert.ok(added && put && replacing);
      granted(await here.add(added));
      granted(await here.put(put));
      granted(await here.add(sample(9, { [key]: keyOf(replacing) })));
      granted(await here.replace(replacing));
      const stored = replacedBy(definition, sample(9, { [key]: keyOf(replacing) }), sample(3));
      for (const each of [added, put, replacing]) tamper(each);
      await assertHolds([sample(1), sample(2), stored]);
      const { items } = await here.list({ number: 1, size: 10 });
      for (const answer of [await here.byKey(keyOf(sample(1))), await there.byKey(keyOf(sample(2))), ...items, items]) {
        assert.ok(answer);
        tamper(answer);
      }
      await assertHolds([sample(1), sample(2), stored]);
    },

    'lists more than a batch': async ({ here, there, bystanders }) => {
      const many = Array.from({ length: MANY }, (_, n) => sample(n));
      for (let n = 0; n < MANY; n += BATCH) {
        const batch = many.slice(n, n + BATCH);
        for (const told of await Promise.all(batch.map((each, at) => (at % 2 === 0 ? here : there).add(each))))
          granted(told);
      }
      const keys = new Set([...bystanders, ...many].map(keyOf));
      for (const request of [
        { number: 1, size: 2 ** 31 - 1 },
        { size: 2 ** 31 - 1, after: undefined },
      ]) {
        const { items, total, next } = await there.list(request);
        assert.equal(total, keys.size);
        assert.equal(items.length, keys.size);
        assert.equal(next, undefined);
        assert.deepEqual(new Set(recordsOf(items).map(keyOf)), keys);
        // Who came first is not known of those that were added at once.
        if (order.length > 0) assert.deepEqual(recordsOf(items), ordered(definition, recordsOf(items)));
      }
    },

    ...where(texts.length > 0, {
      'lists them, however much they are altogether': async ({ here, there, bystanders }) => {
        const [name = ''] = texts;
        const megabyte = 'x'.repeat(1024 * 1024);
        for (const n of upTo(20)) granted(await here.add(sample(n, { [name]: `${n} ${megabyte}` })));
        const expected = [...bystanders, ...upTo(20).map((n) => sample(n))];
        for (const request of [
          { number: 1, size: 2 ** 31 - 1 },
          { size: 2 ** 31 - 1, after: undefined },
        ]) {
          const { items, total, next } = await there.list(request);
          assert.equal(total, expected.length);
          assert.equal(next, undefined);
          const lengths = new Map(recordsOf(items).map((row) => [keyOf(row), String(row[name]).length]));
          for (const n of upTo(20)) {
            assert.equal(lengths.get(keyOf(sample(n))), `${n} `.length + megabyte.length, `record ${n}`);
          }
          assert.equal(lengths.size, expected.length);
        }
      },
    }),
  });
};
