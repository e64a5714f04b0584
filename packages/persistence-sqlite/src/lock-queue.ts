import { setTimeout as delay } from 'node:timers/promises';
import { isBusy, toFault } from './faults.ts';

const PAUSE_MILLISECONDS = 1;

/**
 * Runs work that answers at once, unless another process holds the lock that it needs.
 * @throws Unavailable where the lock does not come in time, or for any other fault that passes.
 */
export type InLockQueue = <T>(work: () => T) => Promise<T>;

/**
 * A line of those who wait for one lock. SQLite's own wait would hold up the event loop; here only the first in the line
 * asks, once a millisecond, and the others cost nothing. Whoever comes while there is a line goes to its end.
 * @param timeoutMilliseconds how long a caller waits for a lock that another process holds; a commit takes about half a millisecond on an SSD
 */
export function lockQueue(timeoutMilliseconds: number): InLockQueue {
  let waiting = 0;
  let lastInLine: Promise<void> = Promise.resolve();

  async function standInLine<T>(work: () => T): Promise<T> {
    const deadline = performance.now() + timeoutMilliseconds;
    const ahead = lastInLine;
    let leave = (): void => {};
    lastInLine = new Promise((resolve) => {
      leave = resolve;
    });
    waiting += 1;
    try {
      await ahead;
      for (;;) {
        try {
          return work();
        } catch (fault) {
          if (!isBusy(fault) || performance.now() >= deadline) throw toFault(fault);
        }
        await delay(PAUSE_MILLISECONDS);
      }
    } finally {
      waiting -= 1;
      leave();
    }
  }

  return async (work) => {
    if (waiting > 0) return standInLine(work);
    try {
      return work();
    } catch (fault) {
      if (!isBusy(fault)) throw toFault(fault);
    }
    return standInLine(work);
  };
}
