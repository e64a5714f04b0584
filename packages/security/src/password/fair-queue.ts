import { Unavailable } from '@portcullis/domain';
import { fairLine, type Turn } from './fair-line.ts';

export interface FairQueueOptions {
  /** How many are done at a time. */
  readonly slots: number;
  /** How many are done or wait at a time at most. */
  readonly maximumPending: number;
  /** A job that would wait longer than this, by the estimated cost of all jobs before it, is refused. */
  readonly maximumWaitMs: number;
  /** In milliseconds from any origin. */
  readonly now: () => number;
  /** How long this machine takes for a millisecond of estimated cost. */
  readonly slowness: () => number;
}

export interface Job<A> extends Turn {
  readonly run: () => Promise<A>;
}

export interface FairQueue {
  /** Runs the job when its turn comes. @throws Unavailable where it would have to wait too long, and whatever `run` throws. */
  run<A>(job: Job<A>): Promise<A>;
  /** Resolves once nothing runs or waits. */
  settled(): Promise<void>;
}

interface Waiting extends Turn {
  readonly arrivedAt: number;
  readonly start: () => void;
  readonly refuse: (waitMs: number) => void;
}

interface Running {
  readonly startedAt: number;
  readonly costMs: number;
}

/**
 * A bounded queue in fair turns (`fairLine`). A new job takes its fair place in the line, not the end. Then every job from that place on that
 * would wait too long is refused, the new one included; so callers who ask for most are refused first. The first in the line is never
 * refused, however long the running jobs take.
 */
export function fairQueue({ slots, maximumPending, maximumWaitMs, now, slowness }: FairQueueOptions): FairQueue {
  const line = fairLine<Waiting>(now);
  const running = new Set<Running>();
  const pending = new Set<Promise<unknown>>();

  function startNext(): void {
    while (running.size < slots) {
      const next = line.take();
      if (!next) return;
      next.start();
    }
  }

  /** @param newcomer has just come, and is in the line */
  function refuseLate(newcomer: Waiting): void {
    const [at, slow] = [now(), slowness()];
    // When each slot is free, from now on.
    const freeIn = [...running].map(({ startedAt, costMs }) => Math.max(0, costMs * slow - (at - startedAt)));
    let isBehind = false;
    let count = running.size;
    for (const [place, turn] of line.inOrder().entries()) {
      isBehind ||= turn === newcomer;
      const waitMs = Math.min(...freeIn);
      const isLate = count >= maximumPending || at + waitMs > turn.arrivedAt + maximumWaitMs;
      if (place > 0 && isBehind && isLate) {
        line.refuse(turn);
        turn.refuse(waitMs);
        continue;
      }
      count += 1;
      freeIn[freeIn.indexOf(waitMs)] = waitMs + turn.costMs * slow;
    }
  }

  async function pended<A>(promise: Promise<A>): Promise<A> {
    pending.add(promise);
    try {
      return await promise;
    } finally {
      pending.delete(promise);
    }
  }

  return {
    run: <A>({ path, costMs, run }: Job<A>) =>
      pended(
        new Promise<A>((resolve, reject) => {
          const started = async (): Promise<void> => {
            const own = { startedAt: now(), costMs };
            running.add(own);
            try {
              resolve(await run());
            } catch (fault) {
              reject(fault);
            } finally {
              running.delete(own);
              startNext();
            }
          };
          const waiting: Waiting = {
            ...{ path, costMs, arrivedAt: now() },
            start: () => void started(),
            refuse: (waitMs) => {
              const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
              reject(new Unavailable('password-hasher', { retryAfterSeconds }));
            },
          };
          line.add(waiting);
          startNext();
          if (line.size > 0) refuseLate(waiting);
        }),
      ),

    async settled() {
      while (pending.size > 0) await Promise.allSettled(pending);
    },
  };
}
