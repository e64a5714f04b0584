import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Unavailable } from '@portcullis/domain';
import { Piscina } from 'piscina';
import type * as worker from './worker.ts';

type Work = typeof worker;
type Task<Name extends keyof Work> = Parameters<Work[Name]>[0];
type Answer<Name extends keyof Work> = ReturnType<Work[Name]>['value'];

export interface HashingThreadsOptions {
  /** One core fewer than there are, so that one is left for the event loop. */
  readonly threads?: number;
  /** How many callers are served or wait at once at most. */
  readonly maximumPending?: number;
  /** Calls that would wait longer than this for their turn are refused, by the estimated cost of all that is queued. */
  readonly maximumWaitMs?: number;
}

/** What a task costs, for those who come after it. */
export interface TaskOptions {
  /** In milliseconds of processor time, by the cost model. */
  readonly costMs: number;
  /** Is called once the task is in the queue. */
  readonly onAccepted?: () => void;
}

export interface HashingThreads {
  /** @throws Unavailable where too much work waits already; any other fault where the work itself failed. */
  run<Name extends keyof Work>(name: Name, task: Task<Name>, options: TaskOptions): Promise<Answer<Name>>;
  /** Refuses new work, finishes what was accepted, and ends the threads. */
  close(): Promise<void>;
}

// The sources run as they are in development and tests, compiled in production.
const WORKER = new URL(`./worker${extname(import.meta.url)}`, import.meta.url).href;

/** How much of what was measured before is kept with each new measurement. */
const KEPT_OF_BEFORE = 0.75;

/** How long a new task waits until a thread is free: each of those before it goes to the thread that is free first. */
function waitFor(costsMs: Iterable<number>, threads: number): number {
  const busyMs = new Array<number>(threads).fill(0);
  for (const costMs of costsMs) {
    const first = busyMs.indexOf(Math.min(...busyMs));
    busyMs[first] = (busyMs[first] ?? 0) + costMs;
  }
  return Math.min(...busyMs);
}

/** The threads that are up, and what ended them where they could not go on. */
interface Crew {
  readonly pool: Piscina<unknown, unknown>;
  fault?: unknown;
}

/**
 * Threads of our own for hashing, behind a bounded queue. In libuv's pool, which is Node's default, every hash would stand
 * in the way of every signature, file and DNS look-up. They start with the first task and keep no process alive when idle.
 */
export function hashingThreads({
  threads = Math.max(1, availableParallelism() - 1),
  maximumPending = 64 * threads,
  maximumWaitMs = 2000,
}: HashingThreadsOptions): HashingThreads {
  /** What is queued or under way, in the order in which it came, and what each costs. */
  const pending = new Map<Promise<unknown>, number>();
  let crew: Crew | undefined;
  let closed = false;
  /** Of the tasks of late: what they took, and what the model had said. Their ratio is how slow this machine is just now. */
  const measured = { tookMs: 0, costMs: 0 };
  const slowness = (): number => (measured.costMs > 0 ? measured.tookMs / measured.costMs : 1);

  function start(): Crew {
    const pool = new Piscina<unknown, unknown>({
      filename: WORKER,
      name: 'hash' satisfies keyof Work,
      // Equal, or a thread that dies is not replaced and what waits behind it waits for ever.
      minThreads: threads,
      maxThreads: threads,
      // Linux gives each thread its own priority; elsewhere this would slow the whole process down.
      niceIncrement: process.platform === 'linux' ? 19 : 0,
      recordTiming: false,
    });
    const started: Crew = { pool };
    // Emitted where a thread fails without a task, as when it cannot start: nobody would come for the queue then.
    pool.on('error', (fault) => {
      if (crew !== started) return;
      crew = undefined;
      started.fault = fault;
      void pool.destroy();
    });
    return started;
  }

  return {
    async run(name, task, { costMs, onAccepted }) {
      if (closed) throw new Error('the password hasher is closed');
      const waitMs = waitFor(pending.values(), threads) * slowness();
      if (pending.size >= maximumPending || waitMs > maximumWaitMs) {
        throw new Unavailable('password-hasher', { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) });
      }
      crew ??= start();
      const own = crew;
      const work = own.pool.run(task, { name }) as Promise<ReturnType<Work[typeof name]>>;
      pending.set(work, costMs);
      onAccepted?.();
      try {
        const { value, tookMs } = await work;
        measured.tookMs = measured.tookMs * KEPT_OF_BEFORE + tookMs;
        measured.costMs = measured.costMs * KEPT_OF_BEFORE + costMs;
        return value as Answer<typeof name>;
      } catch (fault) {
        throw new Error('a password could not be hashed or verified', { cause: own.fault ?? fault });
      } finally {
        pending.delete(work);
      }
    },

    async close() {
      closed = true;
      // Not piscina's own close: with more than one thread it ends those that are still at work.
      await Promise.allSettled(pending.keys());
      await crew?.pool.destroy();
    },
  };
}
