import assert from 'node:assert/strict';
import type { Counters } from '@portcullis/domain';
import { atOnce, type ContractCase, cases, type Make, type StoreSubject } from '../contract-case.ts';
import { assertUnavailable, orRefused, quoted } from '../expect.ts';
import { hostileNumbers, hostileTexts, hostileValues } from '../hostile-text.ts';

export interface CountersStores {
  readonly counters: Counters;
}
export type CountersSubject = StoreSubject<CountersStores>;

const CALLERS = 20;
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n + 1);
const inOrder = (numbers: readonly number[]): readonly number[] => numbers.toSorted((a, b) => a - b);

const contract = cases<CountersSubject>('contract', {
  'has given out nothing at first': async ({ stores: { counters } }) => {
    assert.equal(await counters.last('a'), 0);
  },

  'counts from 1 on, and remembers the last number': async ({ stores: { counters } }) => {
    for (const number of upTo(12)) {
      assert.equal(await counters.next('a'), number);
      assert.equal(await counters.last('a'), number);
    }
  },

  'goes on from what the other node gave out': async ({ stores, peer }) => {
    for (const number of upTo(12)) assert.equal(await (number % 2 === 0 ? stores : peer).counters.next('a'), number);
    assert.equal(await stores.counters.last('a'), 12);
    assert.equal(await peer.counters.last('a'), 12);
  },

  'keeps each name to itself': async ({ stores: { counters } }) => {
    for (const number of upTo(3)) assert.equal(await counters.next('a'), number);
    assert.equal(await counters.next('A'), 1);
    assert.equal(await counters.last('b'), 0);
    await counters.advance('b', 7);
    assert.deepEqual([await counters.last('a'), await counters.last('A'), await counters.last('b')], [3, 1, 7]);
  },

  'goes on from where it was advanced to': async ({ stores, peer }) => {
    await stores.counters.advance('a', 15);
    assert.equal(await peer.counters.last('a'), 15);
    assert.equal(await peer.counters.next('a'), 16);
    assert.equal(await stores.counters.next('a'), 17);
  },

  'is not advanced where it is there already, in neither direction': async ({ stores, peer }) => {
    await stores.counters.next('counted');
    await stores.counters.advance('advanced', 15);
    for (const number of [1, 5, 15, 16, 1000]) {
      await peer.counters.advance('counted', number);
      await peer.counters.advance('advanced', number);
    }
    assert.deepEqual([await stores.counters.last('counted'), await stores.counters.last('advanced')], [1, 15]);
    assert.deepEqual([await stores.counters.next('counted'), await stores.counters.next('advanced')], [2, 16]);
  },

  'is not there yet where it was advanced by nothing': async ({ stores: { counters } }) => {
    await counters.advance('a', 0);
    assert.equal(await counters.last('a'), 0);
    await counters.advance('a', 5);
    assert.equal(await counters.next('a'), 6);
  },

  'counts beyond 32 bits': async ({ stores: { counters } }) => {
    for (const number of [2 ** 31 - 2, 2 ** 32 - 2, 2 ** 52]) {
      const name = `from ${number}`;
      await counters.advance(name, number);
      assert.deepEqual(
        [await counters.next(name), await counters.next(name), await counters.next(name)],
        [number + 1, number + 2, number + 3],
      );
      assert.equal(await counters.last(name), number + 3);
    }
  },

  'is unavailable once it is closed': async ({ stores: { counters }, close }) => {
    await counters.next('a');
    await close();
    await assertUnavailable({
      next: () => counters.next('a'),
      'next of another': () => counters.next('b'),
      last: () => counters.last('a'),
      'last of none': () => counters.last('b'),
      advance: () => counters.advance('a', 5),
      'advance of another': () => counters.advance('b', 5),
    });
  },
});

const races = cases<CountersSubject>('races', {
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

const hostile = cases<CountersSubject>('hostile', {
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

const restart = cases<CountersSubject>('restart', {
  'goes on after a reopen with what was never given out': async ({ stores: { counters }, close, reopen }) => {
    for (const number of upTo(5)) assert.equal(await counters.next('counted'), number);
    await counters.advance('advanced', 15);
    await close();

    const again = (await reopen()).counters;
    assert.deepEqual([await again.last('counted'), await again.last('advanced')], [5, 15]);
    await again.advance('counted', 100);
    assert.ok((await again.next('counted')) > 5);
    assert.ok((await again.next('counted')) < 100);
    assert.ok((await again.next('advanced')) > 15);
  },
});

/** What all Counters must do. */
export const countersContract = ({ make }: { readonly make: Make<CountersSubject> }): readonly ContractCase[] =>
  [contract, races, hostile, restart].flatMap((section) => section(make));
