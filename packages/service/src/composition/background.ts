import { setTimeout as delay } from 'node:timers/promises';
import { type Afterwards, Unavailable } from '@portcullis/domain';
import type { Closable } from './closing.ts';

/** What may wait; whoever comes when there is as much is told to come again. */
const WAITING_AT_MOST = 1000;
const AT_ONCE = 10;
const TRIES = 3;
const PAUSE_MS = 1000;
/** How long is waited at the end for what is under way. */
const PATIENCE_MS = 5000;

interface Job {
  readonly what: string;
  readonly work: () => Promise<void>;
}

/**
 * Does work after its caller was answered. What is unavailable is tried again a few times; what fails is told. Closed, it waits for what
 * is under way, but not for ever: what is lost then is told, too.
 */
export function background(
  failed: (what: string, fault: unknown) => void,
): Closable & { readonly afterwards: Afterwards } {
  const waiting: Job[] = [];
  const underWay = new Set<Promise<void>>();
  let closed = false;

  async function attempt({ what, work }: Job): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        await work();
        return;
      } catch (fault) {
        if (closed || tries === TRIES || !(fault instanceof Unavailable)) {
          failed(what, fault);
          return;
        }
      }
      await delay(PAUSE_MS * tries, undefined, { ref: false });
    }
  }

  function next(): void {
    while (underWay.size < AT_ONCE) {
      const job = waiting.shift();
      if (!job) return;
      const running: Promise<void> = attempt(job).finally(() => {
        underWay.delete(running);
        next();
      });
      underWay.add(running);
    }
  }

  return {
    afterwards(what, work) {
      if (closed || waiting.length >= WAITING_AT_MOST) throw new Unavailable(what);
      waiting.push({ what, work });
      // Not before the caller is through: how long the work takes must not show in how long the answer takes.
      setImmediate(next);
    },
    async close() {
      closed = true;
      next();
      const over = new AbortController();
      const patience = delay(PATIENCE_MS, undefined, { signal: over.signal }).catch(() => undefined);
      const settled = async () => {
        while (underWay.size > 0) await Promise.all(underWay);
      };
      await Promise.race([settled(), patience]);
      over.abort();
      const left = underWay.size + waiting.length;
      if (left > 0) failed('background', new Error(`${left} tasks were not finished`));
    },
  };
}
