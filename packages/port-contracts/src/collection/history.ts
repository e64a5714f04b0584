import assert from 'node:assert/strict';
import type { Version } from '@portcullis/domain';
import { ABSENT, assertTaken, CHANGED, type Frame, granted } from './frame.ts';
import { replacedBy } from './model.ts';
import type { Row } from './subject.ts';

const STEPS = 300;
const CHECKED_EVERY = 50;

/** A series of numbers below the one that is asked for, the same in every run. */
function series(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
}

/** Changes of all kinds with few keys and values, so that they meet; each answer is the one that a plain list would give. */
export const history = (frame: Frame) => {
  const { definition, sample, keyOf } = frame;
  const { key, fields } = definition;
  return frame.contract('contract', {
    'answers every change of a long history as a plain list would': async ({ here, there, takenBy, assertHolds }) => {
      const pick = series(20_261_128);
      let stored: { readonly record: Row; readonly version: Version }[] = [];
      const seen = new Set<Version>();
      const isNew = (version: Version) => {
        assert.ok(!seen.has(version), 'a version that was there before');
        seen.add(version);
        return version;
      };
      const rows = (without?: unknown) => stored.map((each) => each.record).filter((row) => keyOf(row) !== without);

      for (let step = 0; step < STEPS; step += 1) {
        const node = pick(2) === 0 ? here : there;
        const record: Row = Object.fromEntries(Object.keys(fields).map((name) => [name, sample(pick(6))[name]]));
        const current = stored.find((each) => keyOf(each.record) === record[key]);
        const versions = [...seen];
        const version = [undefined, current?.version, versions[pick(versions.length)]][pick(3)];
        const missed = !current ? ABSENT : version !== undefined && version !== current.version ? CHANGED : undefined;
        const next = current ? replacedBy(definition, current.record, record) : record;
        const taken = takenBy(rows(record[key]), next);
        const put = (changed: Version) => {
          const entry = { record: next, version: isNew(changed) };
          stored = current ? stored.map((each) => (each === current ? entry : each)) : [...stored, entry];
        };
        switch (pick(4)) {
          case 0: {
            const told = await node.add(record);
            const inTheWay = takenBy(rows(), record);
            if (inTheWay.length > 0) assertTaken(told, inTheWay);
            else put(granted(told));
            break;
          }
          case 1: {
            const told = await node.put(record);
            if (taken.length > 0) assertTaken(told, taken);
            else {
              assert.equal(granted(told).created, current === undefined);
              put(granted(told).version);
            }
            break;
          }
          case 2: {
            const told = await node.replace(record, version);
            if (missed && taken.length > 0 && !told.ok && told.error.kind === 'taken') assertTaken(told, taken);
            else if (missed) assert.deepEqual(told, missed);
            else if (taken.length > 0) assertTaken(told, taken);
            else put(granted(told));
            break;
          }
          default: {
            const told = await node.remove(record[key], version);
            if (missed) assert.deepEqual(told, missed);
            else {
              granted(told);
              stored = stored.filter((each) => each !== current);
            }
          }
        }
        const found = await (node === here ? there : here).byKey(record[key]);
        assert.deepEqual(
          found,
          stored.find((each) => keyOf(each.record) === record[key]),
          `step ${step}`,
        );
        if (step % CHECKED_EVERY === 0) await assertHolds(rows());
      }
      await assertHolds(rows());
    },
  });
};
