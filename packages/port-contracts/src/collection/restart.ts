import assert from 'node:assert/strict';
import { assertTaken, CHANGED, DONE, type Frame, granted, recordsOf, where } from './frame.ts';
import { replacedBy } from './model.ts';
import { rowsOf } from './subject.ts';

export const restart = (frame: Frame) => {
  const { definition, sample, keyOf, groups } = frame;
  const { key } = definition;
  return frame.contract('restart', {
    'finds every acknowledged change after a reopen, in the same order': async ({
      here,
      there,
      subject,
      assertHolds,
    }) => {
      for (const n of [5, 3, 4, 1, 2]) granted(await (n % 2 === 0 ? here : there).add(sample(n)));
      granted(await here.put(sample(9, { [key]: keyOf(sample(3)) })));
      granted(await there.replace(sample(10, { [key]: keyOf(sample(5)) })));
      granted(await here.put(sample(6)));
      assert.deepEqual(await there.remove(keyOf(sample(4))), DONE);
      const before = await here.list({ number: 1, size: 100 });
      const { next } = await there.list({ number: 1, size: 4 });
      await subject.close();

      const again = rowsOf(await subject.reopen(), definition);
      assert.deepEqual(await again.list({ number: 1, size: 100 }), before);
      assert.deepEqual(
        recordsOf((await again.list({ size: 100, after: next })).items),
        recordsOf(before.items).slice(4),
      );
      const rows = [
        replacedBy(definition, sample(5), sample(10, { [key]: keyOf(sample(5)) })),
        replacedBy(definition, sample(3), sample(9, { [key]: keyOf(sample(3)) })),
        ...[1, 2, 6].map((n) => sample(n)),
      ];
      await assertHolds(rows, [again]);
      assert.equal(await again.byKey(keyOf(sample(4))), undefined);
      assert.equal((await again.add(sample(1))).ok, false);
      granted(await again.add(sample(7)));
      granted(await again.add(sample(4)));
      await assertHolds([...rows, sample(7), sample(4)], [again]);
    },

    'has the versions of before after a reopen, and gives out none of them again': async ({
      here,
      there,
      subject,
      assertHolds,
    }) => {
      const [first, second] = [granted(await here.add(sample(1))), granted(await there.add(sample(2)))];
      const last = granted(await there.replace(sample(3, { [key]: keyOf(sample(1)) })));
      await subject.close();

      const again = rowsOf(await subject.reopen(), definition);
      assert.equal((await again.byKey(keyOf(sample(1))))?.version, last);
      assert.equal((await again.byKey(keyOf(sample(2))))?.version, second);
      assert.deepEqual(await again.replace(sample(4, { [key]: keyOf(sample(1)) }), first), CHANGED);
      const seen = [first, second, last];
      for (const [n, version] of [
        [1, last],
        [2, second],
      ] as const) {
        const next = granted(await again.replace(sample(n), version));
        assert.deepEqual(await again.remove(keyOf(sample(n)), next), DONE);
        seen.push(next, granted(await again.add(sample(n))));
      }
      for (const n of [5, 6]) seen.push(granted(await again.put(sample(n))).version);
      assert.equal(new Set(seen).size, seen.length);
      await assertHolds(
        [1, 2, 5, 6].map((n) => sample(n)),
        [again],
      );
    },

    ...where(groups.length > 0, {
      'knows after a reopen what is taken and what is free': async ({ here, there, subject, takenBy, assertHolds }) => {
        for (const n of [1, 2]) granted(await here.add(sample(n)));
        assert.deepEqual(await there.remove(keyOf(sample(2))), DONE);
        await subject.close();

        const again = rowsOf(await subject.reopen(), definition);
        const like = (n: number, group: readonly string[]) =>
          Object.fromEntries(group.map((name) => [name, sample(n)[name]]));
        for (const group of groups) {
          const next = sample(3, like(1, group));
          assertTaken(await again.add(next), takenBy([sample(1)], next));
        }
        const heir = sample(4, like(2, groups.flat()));
        granted(await again.add(heir));
        await assertHolds([sample(1), heir], [again]);
      },
    }),
  });
};
