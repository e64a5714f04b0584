import type { Counters } from '@portcullis/domain';
import type { Memory } from './memory.ts';

export function memoryCounters(open: () => Memory): Counters {
  return {
    async next(name) {
      const { counters } = open();
      const number = (counters.get(name) ?? 0) + 1;
      // From there on two numbers would be one.
      if (!Number.isSafeInteger(number)) throw new RangeError('the counter is at its end');
      counters.set(name, number);
      return number;
    },

    async last(name) {
      return open().counters.get(name) ?? 0;
    },

    async advance(name, number) {
      const { counters } = open();
      if (!Number.isSafeInteger(number) || number < 0) throw new TypeError('not a whole number from 0 on');
      if (number > 0 && !counters.has(name)) counters.set(name, number);
    },
  };
}
