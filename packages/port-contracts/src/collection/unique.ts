import assert from 'node:assert/strict';
import { assertTaken, DONE, type Frame, granted, where } from './frame.ts';
import { replacedBy } from './model.ts';
import type { Row } from './subject.ts';
import { rangeOf } from './values.ts';

/** Texts that a database's own rules of comparison may take for one. */
const LOOK_ALIKES = ['Emma', 'emma', 'EMMA', 'Émma', 'E\u0301mma', 'Emma ', ' Emma', 'ss', 'ı', 'i', 'İ', '', ' '];
/** Samples that no other number of a case comes near to. */
const FAR = 1000;

/** Whether a replacement can give a field as many values as a case needs. */
export const isFree =
  ({ definition: { kept, fields } }: Frame) =>
  (name: string): boolean =>
    !kept.includes(name) && fields[name]?.kind !== 'boolean';

/** What no two records have in common. */
export const unique = (frame: Frame) => {
  const { definition, sample, keyOf, groups } = frame;
  const { key, kept, fields } = definition;
  const has = (row: Row, group: readonly string[], like: Row): Row => ({
    ...row,
    ...Object.fromEntries(group.map((name) => [name, like[name]])),
  });
  /** Groups that a replacement can bring to another record's values. */
  const changeable = groups.filter((group) => group.some(isFree(frame)));
  const severalFields = groups.filter(({ length }) => length > 1);
  const alike = (name: string): readonly string[] => {
    const field = fields[name];
    if (field?.kind !== 'text') return [];
    const length = Math.min(field.maxLength, 200) - 1;
    const long = [
      `${'x'.repeat(length)}1`,
      `${'x'.repeat(length)}2`,
      `1${'x'.repeat(length)}`,
      `2${'x'.repeat(length)}`,
    ];
    return [...LOOK_ALIKES, ...long].filter((each) => each.length <= field.maxLength);
  };
  /** Of these, the fields that a replacement cannot change; the records of a case have them in common. */
  const common = (group: readonly string[]) => group.filter((name) => kept.includes(name));
  const mixed = changeable.filter((group) => common(group).length > 0);
  /** The `n`-th sample, which differs from others of the case in what can be changed alone. */
  const peerOf = (group: readonly string[], n: number): Row => has(sample(n), common(group), sample(1));

  return frame.contract('contract', {
    ...where(groups.length > 0, {
      'adds and puts nothing whose values another record has': async ({ here, there, takenBy, assertHolds }) => {
        for (const n of [1, 2]) granted(await here.add(sample(n)));
        for (const group of groups) {
          const next = has(sample(3), group, sample(1));
          const taken = takenBy([sample(1), sample(2)], next);
          for (const node of [here, there]) {
            assertTaken(await node.add(next), taken);
            assertTaken(await node.put(next), taken);
          }
          await assertHolds([sample(1), sample(2)]);
        }
        granted(await there.add(sample(3)));
        await assertHolds([sample(1), sample(2), sample(3)]);
      },

      'tells values apart, however much they look alike': async ({ here, there, takenBy, assertHolds }) => {
        const rows: Row[] = [];
        for (const group of groups) {
          for (const name of group) {
            const others = group.filter((each) => each !== name);
            for (const value of [...rangeOf(definition, name), ...alike(name)]) {
              const next = has(sample(FAR + rows.length, { [name]: value }), others, sample(1));
              if (takenBy(rows, next).length > 0) continue;
              granted(await (rows.length % 2 === 0 ? here : there).add(next));
              rows.push(next);
            }
          }
        }
        assert.ok(rows.length > 0);
        await assertHolds(rows);
      },

      'frees what a removed record had': async ({ here, there, takenBy, assertHolds }) => {
        for (const n of [1, 2]) granted(await here.add(sample(n)));
        assert.deepEqual(await there.remove(keyOf(sample(1))), DONE);
        const next = has(sample(3), groups.flat(), sample(1));
        granted(await here.add(next));
        for (const group of groups) {
          const other = has(sample(4), group, next);
          assertTaken(await there.add(other), takenBy([sample(2), next], other));
        }
        await assertHolds([sample(2), next]);
      },
    }),

    ...where(severalFields.length > 0, {
      'takes a group for taken where all of its fields are, and not some': async ({ here, takenBy, assertHolds }) => {
        const rows = [sample(1)];
        granted(await here.add(sample(1)));
        for (const group of severalFields) {
          for (const name of group) {
            const others = group.filter((each) => each !== name);
            const next = has(sample(10 + 2 * rows.length), others, sample(1));
            if (takenBy(rows, next).length > 0) continue;
            granted(await here.add(next));
            rows.push(next);
          }
        }
        await assertHolds(rows);
      },
    }),

    ...where(changeable.length > 0, {
      'gives a record that is replaced no values of another': async ({ here, there, takenBy, assertHolds }) => {
        for (const group of changeable) {
          const [one, other] = [peerOf(group, 1), peerOf(group, 2)];
          for (const each of [one, other]) granted(await here.add(each));
          const wrong = has(one, group, other);
          const taken = takenBy([other], wrong);
          for (const node of [here, there]) {
            assertTaken(await node.replace(wrong), taken);
            assertTaken(await node.put(wrong), taken);
          }
          await assertHolds([one, other]);
          for (const each of [one, other]) assert.deepEqual(await there.remove(keyOf(each)), DONE);
        }
      },

      'lets a record that is replaced have what it has': async ({ here, there, assertHolds }) => {
        for (const n of [1, 2]) granted(await here.add(sample(n)));
        for (const node of [here, there]) {
          const same = has(sample(4, { [key]: keyOf(sample(1)) }), groups.flat(), sample(1));
          granted(await node.replace(same));
          granted(await node.put(same));
          granted(await node.replace(sample(1)));
          await assertHolds([sample(1), sample(2)]);
        }
      },

      'frees what a record had before it was replaced': async ({ here, there, takenBy, assertHolds }) => {
        for (const group of changeable) {
          const [first, second] = [peerOf(group, 1), peerOf(group, 2)];
          granted(await here.add(first));
          const moved = has(first, group, peerOf(group, 3));
          granted(await there.replace(moved));
          const heir = has(second, group, first);
          granted(await here.add(heir));
          await assertHolds([moved, heir]);
          assertTaken(await there.replace(first), takenBy([heir], first));
          assert.equal(granted(await here.put(has(heir, group, second))).created, false);
          granted(await there.put(first));
          await assertHolds([first, second]);
          for (const each of [first, second]) assert.deepEqual(await there.remove(keyOf(each)), DONE);
        }
      },
    }),

    ...where(mixed.length > 0, {
      'judges a replacement by what it leaves, with what is kept': async ({ here, there, takenBy, assertHolds }) => {
        for (const group of mixed) {
          const [mine, stranger] = [sample(1), sample(2)];
          const sibling = has(sample(3), common(group), mine);
          for (const each of [mine, stranger, sibling]) granted(await here.add(each));
          // The stranger's values altogether; but what is kept of them is not taken over.
          const free = has(mine, group, stranger);
          granted(await there.replace(free));
          const left = replacedBy(definition, mine, free);
          await assertHolds([left, stranger, sibling]);
          granted(await here.put(mine));
          // What is kept is the stranger's, so that they seem free; but mine is the sibling's.
          const wrong = has(has(mine, group, sibling), common(group), stranger);
          const taken = takenBy([stranger, sibling], replacedBy(definition, mine, wrong));
          for (const node of [here, there]) {
            assertTaken(await node.replace(wrong), taken);
            assertTaken(await node.put(wrong), taken);
          }
          await assertHolds([mine, stranger, sibling]);
          for (const each of [mine, stranger, sibling]) assert.deepEqual(await there.remove(keyOf(each)), DONE);
        }
      },
    }),
  });
};
