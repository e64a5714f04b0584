import assert from 'node:assert/strict';
import { cases } from '../contract-case.ts';
import { orRefused, quoted, upTo } from '../expect.ts';
import { hostileNumbers, hostileTexts, hostileValues } from '../hostile-text.ts';
import type { CountersSubject } from './records.ts';

export const hostile = cases<CountersSubject>('hostile', {
  'keeps every name to itself or refuses it': async ({ stores: { counters } }) => {
    const accepted: string[] = [];
    for (const name of hostileTexts()) {
      assert.equal((await orRefused(() => counters.last(name))) ?? 0, 0, quoted(name));
      const number = await orRefused(() => counters.next(name));
      if (number !== undefined) assert.equal(number, 1, quoted(name));
      if (number !== undefined) accepted.push(name);
    }
    for (const name of accepted) assert.equal(await counters.last(name), 1, quoted(name));
    for (const name of accepted) assert.equal(await counters.next(name), 2, quoted(name));
  },

  'counts nothing of ours by a value that is no text': async ({ stores: { counters } }) => {
    for (const number of upTo(3)) assert.equal(await counters.next('a'), number);
    for (const value of hostileValues('a')) {
      const name = value as string;
      assert.equal((await orRefused(() => counters.last(name))) ?? 0, 0, quoted(value));
      await orRefused(() => counters.next(name));
      await orRefused(() => counters.advance(name, 9));
      assert.equal(await counters.last('a'), 3, quoted(value));
    }
  },

  'is not advanced to what is no whole number from 1 on': async ({ stores: { counters } }) => {
    for (const [n, value] of [...hostileNumbers(), -1, -15].entries()) {
      await orRefused(() => counters.advance(`${n}`, value as number));
      assert.equal(await counters.last(`${n}`), 0, String(value));
      assert.equal(await counters.next(`${n}`), 1, String(value));
    }
  },

  'ends sooner than it gives out what numbers cannot tell apart': async ({ stores: { counters } }) => {
    await counters.advance('a', Number.MAX_SAFE_INTEGER - 1);
    const numbers = [];
    for (let n = 0; n < 3; n += 1) numbers.push(await orRefused(() => counters.next('a')));
    assert.deepEqual(numbers, [Number.MAX_SAFE_INTEGER, undefined, undefined]);
  },
});
