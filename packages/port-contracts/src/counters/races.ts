import assert from 'node:assert/strict';
import { cases } from '../contract-case.ts';
import { upTo } from '../expect.ts';
import { atOnce } from '../store-subject.ts';
import type { CountersStores, CountersSubject } from './records.ts';

const CALLERS = 20;
const inOrder = (numbers: readonly number[]): readonly number[] => numbers.toSorted((a, b) => a - b);

export const races = cases<CountersSubject>('races', {
  'gives every number to one of many callers': async (subject) => {
    const numbers = await atOnce(subject, CALLERS * 10, ({ counters }) => counters.next('a'));
    assert.deepEqual(inOrder(numbers), upTo(CALLERS * 10));
    assert.equal(await subject.peer.counters.last('a'), CALLERS * 10);
  },

  'begins once, whoever comes first': async (subject) => {
    for (let round = 0; round < 10; round += 1) {
      const numbers = await atOnce(subject, 4, ({ counters }) => counters.next(`round ${round}`));
      assert.deepEqual(inOrder(numbers), upTo(4));
    }
  },

  'gives no caller a number that another one had before they asked': async (subject) => {
    const pairs = await atOnce(subject, CALLERS, async ({ counters }) => [
      await counters.next('a'),
      await counters.next('a'),
    ]);
    for (const [first = 0, second = 0] of pairs) assert.ok(second > first);
    assert.deepEqual(inOrder(pairs.flat()), upTo(CALLERS * 2));
  },

  'is advanced once, and gives out nothing twice, where many advance it and count': async (subject) => {
    for (let round = 0; round < 10; round += 1) {
      const name = `round ${round}`;
      const told = await atOnce<CountersStores, number | undefined>(subject, CALLERS, async ({ counters }, n) => {
        if ((n + round) % 4 < 2) return counters.next(name);
        await counters.advance(name, 100);
        return undefined;
      });
      const numbers = inOrder(told.filter((each) => each !== undefined));
      const [first = 0] = numbers;
      assert.ok(first === 1 || first === 101, `${first}`);
      assert.deepEqual(
        numbers,
        upTo(CALLERS / 2).map((number) => number + first - 1),
      );
      assert.equal(await subject.stores.counters.last(name), numbers.at(-1));
    }
  },
});
