import assert from 'node:assert/strict';
import { atOnce, lookPast } from '../store-subject.ts';
import { DONE, type Frame, granted } from './frame.ts';
import { replacedBy } from './model.ts';
import { rowsOf } from './subject.ts';

const CALLERS = 20;

export const probed = (frame: Frame) => {
  const { definition, sample, keyOf } = frame;
  const { key } = definition;
  return frame.trial('contract', {
    'has stored what it acknowledges, as a look past it shows': async ({ subject, here, there }) => {
      const probe = lookPast(subject, 'record');
      if ('notApplicable' in probe) return probe;
      const look = (row: Record<string, unknown>) => probe.look(definition, keyOf(row));
      const at = (n: number, place: number) => sample(n, { [key]: keyOf(sample(place)) });
      assert.equal(await look(sample(1)), undefined);
      for (const n of [1, 4]) {
        const version = granted(await here.add(sample(n)));
        assert.deepEqual(await look(sample(n)), { record: sample(n), version });
      }
      const put = granted(await there.put(sample(2)));
      assert.deepEqual(await look(sample(2)), { record: sample(2), version: put.version });
      const again = granted(await here.put(at(7, 2)));
      assert.deepEqual(await look(sample(2)), {
        record: replacedBy(definition, sample(2), at(7, 2)),
        version: again.version,
      });
      const replaced = granted(await there.replace(at(9, 1)));
      assert.deepEqual(await look(sample(1)), {
        record: replacedBy(definition, sample(1), at(9, 1)),
        version: replaced,
      });
      const once = granted(await here.replace(at(10, 1), replaced));
      assert.deepEqual(await look(sample(1)), { record: replacedBy(definition, sample(1), at(10, 1)), version: once });
      assert.deepEqual(await here.remove(keyOf(sample(2))), DONE);
      assert.equal(await look(sample(2)), undefined);
      assert.deepEqual(await there.remove(keyOf(sample(1)), once), DONE);
      assert.equal(await look(sample(1)), undefined);
      assert.deepEqual((await look(sample(4)))?.record, sample(4));
      await atOnce(subject, CALLERS, async (stores, n) => {
        const rows = rowsOf(stores, definition);
        const record = sample(100 + n);
        const version = n % 4 < 2 ? granted(await rows.add(record)) : granted(await rows.put(record)).version;
        assert.deepEqual(await look(record), { record, version });
      });
      return undefined;
    },
  });
};
