import assert from 'node:assert/strict';
import type { ListPosition, Version } from '@portcullis/domain';
import { upTo } from '../expect.ts';
import { atOnce } from '../store-subject.ts';
import {
  ABSENT,
  assertTaken,
  asVersion,
  CHANGED,
  DONE,
  type Frame,
  granted,
  recordsOf,
  type Trial,
  where,
} from './frame.ts';
import { replacedBy } from './model.ts';
import { type CollectionStores, type Row, rowsOf } from './subject.ts';
import { isFree } from './unique.ts';

const CALLERS = 20;
/** Of those who have seen one and the same version. */
const WITNESSES = 40;
const ROUNDS = 20;
/** Of races that are much the same. */
const FEW_ROUNDS = 5;

export const races = (frame: Frame) => {
  const { definition, sample, keyOf, groups, replaced } = frame;
  const { key, kept, fields } = definition;
  const CONTESTED = keyOf(sample(0));
  /** A record of the contested key that shows in every field who sent it. */
  const by = (n: number): Row => sample(n, { [key]: CONTESTED });
  const callers = <T>(
    { subject }: Trial,
    count: number,
    call: (node: ReturnType<typeof rowsOf>, n: number) => Promise<T>,
  ) => atOnce<CollectionStores, T>(subject, count, (stores, n) => call(rowsOf(stores, definition), n));
  const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);
  const free = groups.filter((group) => group.some(isFree(frame)));
  const has = (row: Row, group: readonly string[], like: Row): Row => ({
    ...row,
    ...Object.fromEntries(group.map((name) => [name, like[name]])),
  });
  const counter = replaced.find((name) => fields[name]?.kind === 'integer' && !definition.unique.flat().includes(name));

  return frame.contract('races', {
    'adds one key for exactly one of many callers': async (trial) => {
      const results = await callers(trial, CALLERS, (node, n) => node.add(by(n)));
      const winner = results.findIndex((each) => each.ok);
      for (const [n, each] of results.entries()) if (n !== winner) assertTaken(each, [[key]]);
      await trial.assertHolds([by(winner)]);
      const [result] = results.slice(winner);
      assert.equal((await trial.there.byKey(CONTESTED))?.version, result && granted(result));
    },

    'adds many keys at once, each for its caller': async (trial) => {
      const results = await callers(trial, CALLERS, (node, n) => node.add(sample(n)));
      const versions = results.map((each) => granted(each));
      assert.equal(new Set(versions).size, CALLERS);
      for (const n of numbers(CALLERS)) {
        assert.deepEqual(await trial.there.byKey(keyOf(sample(n))), { record: sample(n), version: versions[n] });
      }
      assert.equal((await trial.here.list({ number: 1, size: 100 })).total, CALLERS + trial.bystanders.length);
    },

    'creates one key for exactly one of many who put it': async (trial) => {
      const told = (await callers(trial, CALLERS, (node, n) => node.put(by(n)))).map((each) => granted(each));
      const creators = told.flatMap(({ created }, n) => (created ? [n] : []));
      const [creator = -1] = creators;
      assert.equal(creators.length, 1);
      assert.equal(new Set(told.map(({ version }) => version)).size, CALLERS);
      const stored = await trial.there.byKey(CONTESTED);
      const last = told.findIndex(({ version }) => version === stored?.version);
      assert.deepEqual(stored?.record, replacedBy(definition, by(creator), by(last)));
      await trial.assertHolds([replacedBy(definition, by(creator), by(last))]);
    },

    'creates one key once among those who add it and those who put it': async (trial) => {
      const created = await callers(trial, CALLERS, async (node, n) =>
        n % 4 < 2 ? (await node.add(by(n))).ok : granted(await node.put(by(n))).created,
      );
      assert.equal(created.filter(Boolean).length, 1);
      const stored = (await trial.here.byKey(CONTESTED))?.record;
      for (const name of kept) assert.deepEqual(stored?.[name], by(created.indexOf(true))[name]);
      assert.equal((await trial.here.list({ number: 1, size: 100 })).total, 1 + trial.bystanders.length);
    },

    'removes a record for exactly one of many callers': async (trial) => {
      const version = granted(await trial.here.add(by(0)));
      const told = await callers(trial, CALLERS, (node, n) => node.remove(CONTESTED, n % 4 < 2 ? version : undefined));
      assert.equal(told.filter((each) => each.ok).length, 1);
      for (const each of told) if (!each.ok) assert.deepEqual(each, ABSENT);
      await trial.assertHolds([]);
    },

    'creates as often as it removes when both meet': async (trial) => {
      const steps = await callers(trial, CALLERS * 2, async (node, n) => {
        if (n % 4 < 2) return granted(await node.put(by(n))).created ? 1 : 0;
        return (await node.remove(CONTESTED)).ok ? -1 : 0;
      });
      const left = (await trial.here.byKey(CONTESTED)) ? 1 : 0;
      assert.equal(
        steps.reduce<number>((sum, step) => sum + step, 0),
        left,
      );
      assert.equal((await trial.there.list({ number: 1, size: 100 })).total, left + trial.bystanders.length);
    },

    'leaves every field of one and the same caller': async (trial) => {
      granted(await trial.here.add(by(100)));
      const told = await callers(trial, CALLERS, (node, n) => node.replace(by(n)));
      const versions = told.map((each) => granted(each));
      const stored = await trial.there.byKey(CONTESTED);
      const last = versions.indexOf(asVersion(stored?.version));
      assert.deepEqual(stored?.record, replacedBy(definition, by(100), by(last)));
      await trial.assertHolds([replacedBy(definition, by(100), by(last))]);
    },

    'brings no record back that is removed while it is replaced': async (trial) => {
      const { here, there } = trial;
      for (const n of upTo(CALLERS)) granted(await here.add(sample(n)));
      await Promise.all(
        upTo(CALLERS).flatMap((n) => [
          here.replace(sample(100 + n, { [key]: keyOf(sample(n)) })),
          there.remove(keyOf(sample(n))),
          here.replace(sample(200 + n, { [key]: keyOf(sample(n)) })),
        ]),
      );
      await trial.assertHolds([]);
    },

    'replaces a record for exactly one of those who saw the same version': async (trial) => {
      let seen: Version = granted(await trial.here.add(by(0)));
      let stored = by(0);
      for (let round = 0; round < ROUNDS; round += 1) {
        const told = await callers(trial, WITNESSES, (node, n) => node.replace(by(round * WITNESSES + n), seen));
        const winners = told.flatMap((each, n) => (each.ok ? [n] : []));
        assert.equal(winners.length, 1, 'how many were told that it is done');
        for (const each of told) if (!each.ok) assert.deepEqual(each, CHANGED);
        const [winner = -1] = winners;
        stored = replacedBy(definition, stored, by(round * WITNESSES + winner));
        const [done] = told.slice(winner);
        assert.ok(done);
        seen = granted(done);
        assert.deepEqual(await trial.there.byKey(CONTESTED), { record: stored, version: seen });
      }
      await trial.assertHolds([stored]);
    },

    'replaces a record for exactly one of those who saw the same version and would change nothing': async (trial) => {
      let seen: Version = granted(await trial.here.add(by(0)));
      for (let round = 0; round < FEW_ROUNDS; round += 1) {
        const told = await callers(trial, WITNESSES, (node) => node.replace(by(0), seen));
        assert.equal(told.filter((each) => each.ok).length, 1, 'how many were told that it is done');
        const [done] = told.filter((each) => each.ok);
        if (done) seen = granted(done);
      }
      await trial.assertHolds([by(0)]);
    },

    'replaces or removes a record for exactly one of those who saw the same version': async (trial) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const seen = granted(await trial.here.add(by(round)));
        const told = await callers<{ readonly ok: boolean }>(trial, WITNESSES, (node, n) =>
          (n + round) % 4 < 2 ? node.remove(CONTESTED, seen) : node.replace(by(100 + n), seen),
        );
        const winners = told.flatMap((each, n) => (each.ok ? [n] : []));
        const [winner = -1] = winners;
        assert.equal(winners.length, 1, 'how many were told that it is done');
        const removed = (winner + round) % 4 < 2;
        for (const each of told) if (!each.ok) assert.deepEqual(each, removed ? ABSENT : CHANGED);
        await trial.assertHolds(removed ? [] : [replacedBy(definition, by(round), by(100 + winner))]);
        await trial.there.remove(CONTESTED);
      }
    },

    'replaces by a version seen before others replace without one, at most once': async (trial) => {
      const seen = granted(await trial.here.add(by(0)));
      const told = await callers(trial, CALLERS, (node, n) => node.replace(by(n), n % 4 < 2 ? seen : undefined));
      const witnesses = told.filter((_, n) => n % 4 < 2);
      assert.ok(witnesses.filter((each) => each.ok).length <= 1);
      for (const each of witnesses) if (!each.ok) assert.deepEqual(each, CHANGED);
      for (const [n, each] of told.entries()) if (n % 4 >= 2) granted(each);
      const stored = await trial.there.byKey(CONTESTED);
      const last = told.findIndex((each) => each.ok && each.value === stored?.version);
      assert.deepEqual(stored?.record, replacedBy(definition, by(0), by(last)));
    },

    'takes no version for seen that a removal and an addition leave behind': async (trial) => {
      for (let round = 0; round < FEW_ROUNDS; round += 1) {
        const seen = granted(await trial.here.add(by(0)));
        const [first, second, ...late] = await callers<{ readonly ok: boolean }>(trial, CALLERS, async (node, n) => {
          if (n === 0) return node.remove(CONTESTED);
          if (n === 1) return node.put(by(0));
          return node.replace(by(n), seen);
        });
        assert.ok(first?.ok && second?.ok);
        assert.ok(late.filter((each) => each.ok).length <= 1);
        await trial.there.remove(CONTESTED);
      }
    },

    ...where(counter !== undefined, {
      'loses no change of those who look, and change what they saw': async (trial) => {
        const name = counter ?? '';
        const [each, steps] = [8, 5];
        granted(await trial.here.add({ ...by(0), [name]: 0 }));
        await callers(trial, each, async (node) => {
          for (let done = 0; done < steps; ) {
            const seen = await node.byKey(CONTESTED);
            assert.ok(seen);
            const next = { ...seen.record, [name]: Number(seen.record[name]) + 1 };
            if ((await node.replace(next, seen.version)).ok) done += 1;
          }
        });
        await trial.assertHolds([{ ...by(0), [name]: each * steps }]);
      },
    }),

    ...where(groups.length > 0, {
      'gives what is unique to exactly one of many who add and put it': async (trial) => {
        for (const [index, group] of groups.entries()) {
          const claim = (n: number) => has(sample(100 * (index + 1) + n), group, sample(0));
          const told = await callers<{ readonly ok: boolean }>(trial, CALLERS, (node, n) =>
            n % 4 < 2 ? node.add(claim(n)) : node.put(claim(n)),
          );
          const winners = told.flatMap((each, n) => (each.ok ? [n] : []));
          const [winner = -1] = winners;
          assert.equal(winners.length, 1, `how many have ${group.join(', ')}`);
          for (const [n, each] of told.entries()) {
            if (n !== winner) assertTaken(each as never, trial.takenBy([claim(winner)], claim(n)));
          }
          await trial.assertHolds([claim(winner)]);
          assert.deepEqual(await trial.there.remove(keyOf(claim(winner))), DONE);
        }
      },

      'frees what is unique for at most one of those who wait for it': async (trial) => {
        for (const [index, group] of groups.entries()) {
          const claim = (n: number) => has(sample(100 * (index + 1) + n), group, sample(0));
          granted(await trial.here.add(claim(0)));
          const told = await callers<{ readonly ok: boolean }>(trial, CALLERS, (node, n) =>
            n === 0 ? node.remove(keyOf(claim(0))) : node.add(claim(n)),
          );
          assert.equal(told[0]?.ok, true);
          const winners = told.flatMap((each, n) => (each.ok && n > 0 ? [n] : []));
          assert.ok(winners.length <= 1);
          await trial.assertHolds(winners.map(claim));
          for (const n of winners) assert.deepEqual(await trial.there.remove(keyOf(claim(n))), DONE);
        }
      },
    }),

    ...where(free.length > 0, {
      'gives what is unique to exactly one of many records that are replaced': async (trial) => {
        for (const [index, group] of free.entries()) {
          const common = group.filter((name) => kept.includes(name));
          const own = (n: number) => has(sample(100 * (index + 1) + n), common, sample(0));
          const claim = (n: number) => has(own(n), group, sample(0));
          const versions: Version[] = [];
          for (const n of numbers(CALLERS)) versions.push(granted(await trial.here.add(own(n))));
          const told = await callers<{ readonly ok: boolean }>(trial, CALLERS, (node, n) =>
            n % 4 < 2 ? node.replace(claim(n), n % 4 === 0 ? versions[n] : undefined) : node.put(claim(n)),
          );
          const winners = told.flatMap((each, n) => (each.ok ? [n] : []));
          assert.equal(winners.length, 1, `how many have ${group.join(', ')}`);
          const rows = numbers(CALLERS).map((n) => (winners.includes(n) ? claim(n) : own(n)));
          for (const [n, each] of told.entries()) {
            const others = rows.filter((_, other) => other !== n);
            if (!winners.includes(n)) assertTaken(each as never, trial.takenBy(others, claim(n)));
          }
          await trial.assertHolds(rows);
          for (const row of rows) assert.deepEqual(await trial.there.remove(keyOf(row)), DONE);
        }
      },
    }),

    'answers items, total and what is next of one moment while records come and go': async (trial) => {
      await callers(trial, CALLERS * 4, async (node, n) => {
        if (n % 4 < 2) return granted(await node.put(sample(n)));
        if (n % 4 === 2) return node.remove(keyOf(sample(n - 2)));
        const after = { size: 100, after: undefined };
        for (const request of [{ number: 1, size: 100 }, after, { number: 1, size: 4 }, { number: 2, size: 3 }]) {
          const { items, total, next } = await node.list(request);
          const skipped = 'number' in request ? (request.number - 1) * request.size : 0;
          const left = Math.max(0, total - skipped);
          assert.equal(items.length, Math.min(left, request.size));
          assert.equal(next !== undefined, left > request.size);
        }
        return undefined;
      });
    },

    'shows each record that stays exactly once, whatever comes and goes around it': async (trial) => {
      const { here, there } = trial;
      const staying = upTo(30).map((n) => sample(2 * n));
      for (const each of staying) granted(await here.add(each));
      const expected = recordsOf((await there.list({ number: 1, size: 100 })).items);
      let done = false;
      const comeAndGo = async () => {
        // What comes to the end of a list by arrival is the next to be seen: not for ever, where both keep step.
        for (let turn = 0; !done && turn < 500; turn += 1) {
          const n = turn % 30;
          await there.put(sample(2 * n + 1));
          await there.remove(keyOf(sample(2 * ((n + 20) % 30) + 1)));
        }
      };
      const look = async () => {
        for (const size of [1, 3, 7]) {
          const seen: Row[] = [];
          for (let after: ListPosition | undefined, more = true; more; ) {
            const { items, next } = await here.list({ size, after });
            seen.push(...recordsOf(items));
            [after, more] = [next, next !== undefined];
          }
          const stayed = seen.filter((row) => expected.some((each) => keyOf(each) === keyOf(row)));
          assert.deepEqual(stayed, expected);
        }
      };
      await Promise.all([
        comeAndGo(),
        look().finally(() => {
          done = true;
        }),
      ]);
    },
  });
};
