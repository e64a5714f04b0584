import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type BackgroundWork, type RunInBackground, Unavailable } from '@portcullis/domain';
import type { Closable } from './closing.ts';

/** Work that is accepted; where there is as much, a caller is told to come again. One key counts once. */
const ACCEPTED_AT_MOST = 1000;
/** Work of which nothing comes; more of it is left out. */
const DECOYS_AT_MOST = 100;
const AT_ONCE = 10;
const TRIES = 3;
const PAUSE_MS = 1000;
/** How long is waited at the end for what is under way. */
const PATIENCE_MS = 5000;
const DELAY_AT_MOST_MS = 1000;

export interface BackgroundOptions {
  /** After how many milliseconds work begins; by default a random time up to a second. */
  readonly delayMs?: () => number;
}

/**
 * Does work after its caller was answered, at a time that the caller cannot know: the next request on the same connection is not the
 * one that waits for it. What is unavailable is tried again a few times; what fails is told. Closed, it does at once what still
 * waits, but not for ever: what is lost then is told, too.
 */
export function background(
  failed: (what: string, fault: unknown) => void,
  { delayMs = () => randomInt(DELAY_AT_MOST_MS) }: BackgroundOptions = {},
): Closable & { readonly runInBackground: RunInBackground } {
  /** Everything that is accepted and not done, by its key. */
  const accepted = new Map<string, BackgroundWork>();
  const delayed = new Map<BackgroundWork, NodeJS.Timeout>();
  const waiting: BackgroundWork[] = [];
  const underWay = new Set<Promise<void>>();
  let closed = false;

  const count = (decoy: boolean): number => [...accepted.values()].filter((each) => each.decoy === decoy).length;

  async function attempt({ what, work }: BackgroundWork): Promise<void> {
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
    while (underWay.size < AT_ONCE && waiting.length > 0) {
      const first = waiting.findIndex(({ decoy }) => !decoy);
      const [job] = waiting.splice(Math.max(0, first), 1);
      if (!job) return;
      const running: Promise<void> = attempt(job).finally(() => {
        accepted.delete(job.key);
        underWay.delete(running);
        next();
      });
      underWay.add(running);
    }
  }

  function due(job: BackgroundWork): void {
    delayed.delete(job);
    waiting.push(job);
    next();
  }

  return {
    runInBackground(job) {
      // Before anything tells what the job is: whoever is refused learns nothing of it.
      if (closed || count(false) >= ACCEPTED_AT_MOST) throw new Unavailable(job.what);
      if (accepted.has(job.key) || (job.decoy && count(true) >= DECOYS_AT_MOST)) return;
      accepted.set(job.key, job);
      delayed.set(job, setTimeout(() => due(job), delayMs()).unref());
    },
    async close() {
      closed = true;
      for (const timer of delayed.values()) clearTimeout(timer);
      waiting.push(...delayed.keys());
      delayed.clear();
      for (const job of waiting.splice(0)) {
        if (job.decoy) accepted.delete(job.key);
        else waiting.push(job);
      }
      next();
      const over = new AbortController();
      const patience = delay(PATIENCE_MS, undefined, { signal: over.signal }).catch(() => undefined);
      const settled = async () => {
        while (underWay.size > 0) await Promise.all(underWay);
      };
      await Promise.race([settled(), patience]);
      over.abort();
      const left = count(false);
      if (left > 0) failed('background', new Error(`${left} tasks were not finished`));
    },
  };
}
