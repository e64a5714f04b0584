import assert from 'node:assert/strict';
import { type AnyCollection, field } from '@portcullis/domain';
import { upTo } from '../expect.ts';
import { type CertifiableSubject, given } from '../store-subject.ts';
import { ABSENT, assertTaken, CHANGED, DONE, type Frame, granted, recordsOf, type Trial } from './frame.ts';
import { ordered, replacedBy } from './model.ts';
import { byNumber, byPosition } from './reading.ts';
import { type CollectionStores, type Row, type Rows, rowsOf } from './subject.ts';

const [NOTE, COUNT, MARK] = ['laterNote', 'laterCount', 'laterMark'];

/** What records of before have as the field that may not be null. */
const markOf = (key: unknown): string => `of ${JSON.stringify(key)}`;

/**
 * The definition as a later release has it: two fields more that may be null, and what they bring indexes for; and one that may not, with
 * the migration that says what it is in the records of before.
 */
function later(definition: AnyCollection): AnyCollection {
  return {
    ...definition,
    fields: {
      ...definition.fields,
      ...{ [NOTE]: field.optional(field.text(100)), [COUNT]: field.optional(field.integer), [MARK]: field.text(1000) },
    },
    filters: [...definition.filters, NOTE],
    sorts: [...definition.sorts, COUNT],
    migrations: [...definition.migrations, { field: MARK, value: (stored: Row) => markOf(stored[definition.key]) }],
  };
}
const without = ({ [NOTE]: _note, [COUNT]: _count, [MARK]: _mark, ...row }: Row): Row => row;

/** What an older release and a newer one of a service do on the same data, one after the other and beside each other. */
export const releases = (frame: Frame) => {
  const { definition, sample, keyOf, groups, siblings } = frame;
  const { key } = definition;
  const unfilled = (row: Row): Row => ({ ...row, [NOTE]: null, [COUNT]: null, [MARK]: markOf(row[key]) });
  const newer = later(definition);
  const at = (n: number, place: number): Row => sample(n, { [key]: keyOf(sample(place)) });

  /** The collection as a newer release has it, while those of before are still there. */
  async function released({ subject }: Trial<CertifiableSubject<CollectionStores>>) {
    const releasing = given('newerRelease', subject.newerRelease);
    if ('notApplicable' in releasing) return releasing;
    const others = siblings.map((each) => each.definition);
    const stores: CollectionStores = await releasing.value.open([newer, ...others]);
    return { rows: rowsOf(stores, newer) };
  }

  async function assertBoth(older: readonly Rows[], rows: Rows, stored: readonly Row[]): Promise<void> {
    const expected = ordered(newer, stored);
    const { items, total } = await rows.list({ number: 1, size: 1000 });
    assert.deepEqual(recordsOf(items), expected);
    assert.equal(total, expected.length);
    for (const node of older) {
      assert.deepEqual(await byNumber(node, {}, 1000), expected.map(without));
      for (const each of items) {
        assert.deepEqual(await rows.byKey(each.record[key]), each);
        assert.deepEqual(await node.byKey(each.record[key]), { ...each, record: without(each.record) });
      }
    }
  }

  return frame.trial('restart', {
    'shows a newer release, with one field more, what an older one stored': async (trial) => {
      const { here, there, bystanders } = trial;
      const [one, two] = [granted(await here.add(sample(1))), granted(await there.put(sample(2))).version];
      const release = await released(trial);
      if ('notApplicable' in release) return release;
      const { rows } = release;
      assert.deepEqual(await rows.byKey(keyOf(sample(1))), { record: unfilled(sample(1)), version: one });
      const stored = [...bystanders, sample(1), sample(2)].map(unfilled);
      await assertBoth([here, there], rows, stored);
      for (const where of [{ [NOTE]: null }, {}]) {
        assert.deepEqual(await byNumber(rows, { where }, 2), ordered(newer, stored));
      }
      for (const descending of [false, true]) {
        const sort = [{ field: COUNT, descending }];
        assert.deepEqual(await byPosition([rows], { sort }, 2), ordered(newer, stored, sort));
      }
      const filled = { ...at(3, 2), [NOTE]: 'a note', [COUNT]: -7, [MARK]: 'another mark' };
      granted(await rows.replace(filled, two));
      await assertBoth([here, there], rows, [...stored.slice(0, -1), replacedBy(newer, unfilled(sample(2)), filled)]);
      return undefined;
    },

    'lets an older release go on beside a newer one, and loses no field that it does not know': async (trial) => {
      const { here, there, bystanders } = trial;
      granted(await here.add(sample(1)));
      const release = await released(trial);
      if ('notApplicable' in release) return release;
      const { rows } = release;
      const own = upTo(5).map((n) => ({ ...sample(n), [NOTE]: `note ${n}`, [COUNT]: n, [MARK]: `mark ${n}` }));
      const [, second = {}, third = {}, fourth = {}, fifth = {}] = own;
      for (const each of [second, third, fourth, fifth]) granted(await rows.add(each));
      granted(await there.add(sample(6)));
      const before = [...bystanders, sample(1)].map(unfilled);
      await assertBoth([here, there], rows, [...before, second, third, fourth, fifth, unfilled(sample(6))]);

      const seen = (await rows.byKey(keyOf(second)))?.version;
      const next = granted(await there.replace(at(12, 2), seen));
      assert.deepEqual(await rows.replace(second, seen), CHANGED);
      assert.equal((await rows.byKey(keyOf(second)))?.version, next);
      assert.equal(granted(await here.put(at(13, 3))).created, false);
      assert.deepEqual(await here.remove(keyOf(fourth)), DONE);
      assert.deepEqual(await rows.replace(fourth), ABSENT);
      assert.deepEqual(await rows.remove(keyOf(sample(6))), DONE);
      const stored = [
        ...before,
        { ...second, ...replacedBy(definition, sample(2), at(12, 2)) },
        { ...third, ...replacedBy(definition, sample(3), at(13, 3)) },
        fifth,
      ];
      await assertBoth([here, there], rows, stored);

      for (const group of groups) {
        const like = Object.fromEntries(group.map((name) => [name, fifth[name]]));
        assertTaken(await here.add(sample(20, like)), trial.takenBy([sample(5)], sample(20, like)));
        assertTaken(await rows.add(unfilled(sample(20, like))), trial.takenBy([sample(5)], sample(20, like)));
      }
      assertTaken(await there.add(sample(5)), [[key], ...definition.unique]);
      return assertBoth([here, there], rows, stored);
    },

    'opens as an older release again, and as a newer one once more': async (trial) => {
      const { here, subject, bystanders } = trial;
      const release = await released(trial);
      if ('notApplicable' in release) return release;
      const filled = { ...sample(1), [NOTE]: 'a note', [COUNT]: 7, [MARK]: 'a mark' };
      granted(await release.rows.add(filled));
      granted(await here.add(sample(2)));
      await subject.close();
      const older = rowsOf(await subject.reopen(), definition);
      const again = await released(trial);
      if ('notApplicable' in again) return again;
      await assertBoth([older], again.rows, [...bystanders.map(unfilled), filled, unfilled(sample(2))]);
      return undefined;
    },
  });
};
