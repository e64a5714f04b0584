import { setTimeout as delay } from 'node:timers/promises';
import { Unavailable } from '@portcullis/domain';

/** Longer than any call takes, however busy the machine is: for what is not about the limit. */
export const UNHURRIED = { timeoutMilliseconds: 60_000 } as const;

/** Asks again while the store is unavailable, for as long as `UNHURRIED` says. */
export async function persistently<T>(call: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + UNHURRIED.timeoutMilliseconds;
  for (;;) {
    try {
      return await call();
    } catch (fault) {
      if (!(fault instanceof Unavailable) || performance.now() > deadline) throw fault;
    }
    await delay(10);
  }
}
