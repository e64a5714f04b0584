import assert from 'node:assert/strict';
import type { Version } from '@portcullis/domain';
import { quoted } from '../expect.ts';
import { hostileValues } from '../hostile-text.ts';
import { ABSENT, assertTaken, asVersion, CHANGED, DONE, type Frame, granted, type Trial, where } from './frame.ts';
import { replacedBy } from './model.ts';
import type { Row } from './subject.ts';

/** The text with another character in this place. */
const withOther = (text: string, place: number): string =>
  `${text.slice(0, place)}${text[place] === 'a' ? 'b' : 'a'}${text.slice(place + 1)}`;

/** What is no version of any record, and what one could be taken for if it were cut, folded or left out. */
const wrongVersions = (version: Version): readonly unknown[] => [
  ...['', ' ', '*', '0', '1', 'null', 'undefined', `${version} `, ` ${version}`, `"${version}"`, `${version}\0`],
  ...[
    withOther(version, version.length - 1),
    withOther(version, 0),
    withOther(version, Math.floor(version.length / 2)),
  ],
  ...[version.slice(0, -1), version.slice(1), `${version}0`, `0${version}`, version.repeat(2), 'x'.repeat(10_000)],
  ...hostileValues(version).filter((each) => each !== undefined),
];

export const versions = (frame: Frame) => {
  const { definition, sample, keyOf, groups } = frame;
  const { key } = definition;
  const at1 = (n: number): Row => sample(n, { [key]: keyOf(sample(1)) });

  /** The version that both nodes show, by key and in a list, as often as they are asked. */
  const versionOf = async ({ here, there }: Trial, row: Row): Promise<Version> => {
    const seen = new Set<Version | undefined>();
    for (const node of [here, there, here]) {
      seen.add((await node.byKey(keyOf(row)))?.version);
      const { items } = await node.list({ number: 1, size: 100 });
      seen.add(items.find(({ record }) => keyOf(record) === keyOf(row))?.version);
    }
    const [version] = seen;
    assert.equal(seen.size, 1, 'one version, wherever it is read');
    assert.ok(typeof version === 'string' && version !== '', 'a version is a text');
    return version;
  };

  return frame.contract('contract', {
    'has a version that every node shows, and that no look changes': async (trial) => {
      const { here, there } = trial;
      assert.equal(granted(await here.add(sample(1))), await versionOf(trial, sample(1)));
      assert.equal(granted(await there.put(sample(2))).version, await versionOf(trial, sample(2)));
      assert.equal(granted(await there.put(at1(3))).version, await versionOf(trial, sample(1)));
      assert.equal(granted(await here.replace(at1(4))), await versionOf(trial, sample(1)));
    },

    'has another version after every change': async (trial) => {
      const { here, there } = trial;
      const seen: Version[] = [granted(await here.add(sample(1)))];
      const told = async (change: Promise<Version>) => {
        seen.push(await change);
        assert.equal(await versionOf(trial, sample(1)), seen.at(-1));
      };
      for (const node of [here, there]) {
        for (const n of [2, 1, 1, 3, 1]) {
          await told(node.put(at1(n)).then((each) => granted(each).version));
          await told(node.replace(at1(n)).then(granted));
          await told(node.replace(at1(n), seen.at(-1)).then(granted));
        }
        await node.remove(keyOf(sample(1)));
        await told(there.add(sample(1)).then(granted));
        assert.deepEqual(await here.remove(keyOf(sample(1)), seen.at(-1)), DONE);
        await told(node.put(sample(1)).then((each) => granted(each).version));
      }
      assert.equal(new Set(seen).size, seen.length, 'no version comes back');
    },

    'has another version than every other record': async ({ here, there }) => {
      const seen: Version[] = [];
      for (const n of [1, 2, 3, 4]) seen.push(granted(await (n % 2 === 0 ? here : there).add(sample(n))));
      assert.equal(new Set(seen).size, seen.length);
    },

    'has the same version after a change of another record': async (trial) => {
      const { here, there } = trial;
      const version = granted(await here.add(sample(1)));
      granted(await there.add(sample(2)));
      granted(await here.replace(sample(3, { [key]: keyOf(sample(2)) })));
      await here.remove(keyOf(sample(2)));
      assert.equal(await versionOf(trial, sample(1)), version);
    },

    'has the same version after a change that was refused': async (trial) => {
      const { here, there, takenBy, assertHolds } = trial;
      const version = granted(await here.add(sample(1)));
      const other = granted(await there.add(sample(2)));
      assertTaken(await there.add(at1(3)), [[key]]);
      assert.deepEqual(await there.replace(at1(3), other), CHANGED);
      assert.deepEqual(await there.remove(keyOf(sample(1)), other), CHANGED);
      assert.deepEqual(await there.replace(sample(4)), ABSENT);
      for (const group of groups) {
        const wrong = { ...sample(1), ...Object.fromEntries(group.map((name) => [name, sample(2)[name]])) };
        const next = replacedBy(definition, sample(1), wrong);
        const taken = takenBy([sample(2)], next);
        if (taken.length === 0) continue;
        assertTaken(await here.replace(wrong), taken);
        assertTaken(await here.replace(wrong, version), taken);
        assertTaken(await there.put(wrong), taken);
      }
      assert.equal(await versionOf(trial, sample(1)), version);
      await assertHolds([sample(1), sample(2)]);
    },

    'replaces a record that is as the caller saw it': async ({ here, there, assertHolds }) => {
      for (const n of [1, 2, 3]) granted(await here.add(sample(n)));
      const seen = (await there.byKey(keyOf(sample(1))))?.version;
      const next = granted(await here.replace(at1(4), seen));
      await assertHolds([replacedBy(definition, sample(1), at1(4)), sample(2), sample(3)]);
      granted(await there.replace(at1(5), next));
      await assertHolds([replacedBy(definition, sample(1), at1(5)), sample(2), sample(3)]);
    },

    'replaces nothing that has changed, gone, or come back': async ({ here, there, assertHolds }) => {
      granted(await here.add(sample(2)));
      const first = granted(await here.add(sample(1)));
      const second = granted(await there.replace(at1(3)));
      for (const node of [here, there]) assert.deepEqual(await node.replace(at1(4), first), CHANGED);
      await assertHolds([sample(2), replacedBy(definition, sample(1), at1(3))]);
      await there.remove(keyOf(sample(1)));
      for (const version of [first, second]) assert.deepEqual(await here.replace(at1(4), version), ABSENT);
      await assertHolds([sample(2)]);
      granted(await here.add(sample(1)));
      for (const version of [first, second]) assert.deepEqual(await there.replace(at1(4), version), CHANGED);
      await assertHolds([sample(2), sample(1)]);
    },

    'removes a record that is as the caller saw it': async ({ here, there, assertHolds }) => {
      for (const n of [1, 2, 3]) granted(await here.add(sample(n)));
      const seen = (await there.byKey(keyOf(sample(2))))?.version;
      assert.deepEqual(await there.remove(keyOf(sample(2)), seen), DONE);
      assert.deepEqual(await here.remove(keyOf(sample(2)), seen), ABSENT);
      await assertHolds([sample(1), sample(3)]);
    },

    'removes nothing that has changed or come back': async ({ here, there, assertHolds }) => {
      granted(await here.add(sample(2)));
      const first = granted(await here.add(sample(1)));
      granted(await there.put(at1(3)));
      for (const node of [here, there]) assert.deepEqual(await node.remove(keyOf(sample(1)), first), CHANGED);
      await assertHolds([sample(2), replacedBy(definition, sample(1), at1(3))]);
      await there.remove(keyOf(sample(1)));
      granted(await there.add(sample(1)));
      assert.deepEqual(await here.remove(keyOf(sample(1)), first), CHANGED);
      await assertHolds([sample(2), sample(1)]);
    },

    'takes no version of another record, and none that is made up': async ({ here, there, assertHolds }) => {
      const own = granted(await here.add(sample(1)));
      const other = granted(await here.add(sample(2)));
      for (const value of [other, ...wrongVersions(own)]) {
        for (const change of [
          (): Promise<unknown> => here.replace(at1(3), asVersion(value)),
          () => there.remove(keyOf(sample(1)), asVersion(value)),
        ]) {
          const told = await Promise.resolve()
            .then(change)
            .catch((fault: unknown) => (fault instanceof TypeError ? CHANGED : fault));
          assert.deepEqual(told, CHANGED, quoted(value));
        }
      }
      await assertHolds([sample(1), sample(2)]);
      granted(await there.replace(at1(3), own));
      await assertHolds([replacedBy(definition, sample(1), at1(3)), sample(2)]);
    },

    ...where(groups.length > 0, {
      'tells that a record has changed, or what is taken, where both hold': async ({ here, there, assertHolds }) => {
        const first = granted(await here.add(sample(1)));
        granted(await here.add(sample(2)));
        granted(await there.replace(sample(1)));
        const [group = []] = groups;
        const wrong = { ...sample(1), ...Object.fromEntries(group.map((name) => [name, sample(2)[name]])) };
        assert.equal((await here.replace(wrong, first)).ok, false);
        await assertHolds([sample(1), sample(2)]);
      },
    }),
  });
};
