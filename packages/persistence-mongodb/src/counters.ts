import type { Counters } from '@portcullis/domain';
import type { Connection } from './connection.ts';
import { counterDocuments } from './documents.ts';
import { isDuplicate } from './faults.ts';
import { equalText, text, whole } from './values.ts';

/**
 * A number is given out once a majority has it; one whose write is asked for again, since the answer was lost, is the same one,
 * which the server remembers by the write's own number. On a server without replication it is lost.
 */
export function mongoCounters(connection: Connection): Counters {
  const { counters } = connection.collections;

  /** Undefined where somebody else has begun the counter at the same moment. */
  async function unlessBegun<T>(upsert: () => Promise<T>): Promise<T | undefined> {
    try {
      return await upsert();
    } catch (fault) {
      if (isDuplicate(fault, '_id')) return undefined;
      throw fault;
    }
  }

  return {
    next: (name) =>
      connection.retryUntilDecided(() =>
        unlessBegun(async () => {
          const counted = await counters.findOneAndUpdate(
            { _id: { $eq: text(name) } },
            { $inc: { last: 1 } },
            { ...connection.bounded, upsert: true, returnDocument: 'after' },
          );
          if (!counted) throw new Error('the counter was not counted');
          return counterDocuments.read(counted).last;
        }),
      ),

    last: (name) =>
      connection.answer(async () => {
        const counter = await connection.read(() => counters.findOne({ _id: equalText(name) }, connection.bounded));
        return counter ? counterDocuments.read(counter).last : 0;
      }),

    async advance(name, number) {
      if (whole(number) < 0) throw new TypeError('not a whole number from 0 on');
      // The server answers also where the counter is there already once a majority has it.
      await connection.retryUntilDecided(() =>
        unlessBegun(async () => {
          // By nothing it would not be advanced, and yet be there.
          if (number === 0) return true;
          const advance = { $setOnInsert: { last: number } };
          await counters.updateOne({ _id: { $eq: text(name) } }, advance, { ...connection.bounded, upsert: true });
          return true;
        }),
      );
    },
  };
}
