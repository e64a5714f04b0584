import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Piscina } from 'piscina';
import type { Turn } from './fair-line.ts';
import { fairQueue } from './fair-queue.ts';
import type * as worker from './worker.ts';

type Work = typeof worker;
type Task<Name extends keyof Work> = Parameters<Work[Name]>[0];
type Answer<Name extends keyof Work> = ReturnType<Work[Name]>['value'];

export interface HashingThreadsOptions {
  /** One core fewer than there are, so that one is left for the event loop. */
  readonly threads?: number;
  /** How many callers are served or wait at once at most. */
  readonly maximumPending?: number;
  /** Calls that would wait longer than this for their turn are refused, by the estimated cost of all that goes before. */
  readonly maximumWaitMs?: number;
}

export interface TaskOptions extends Turn {
  /** Is called when the task begins. */
  readonly onStart?: () => void;
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

/** The threads that are up, and what ended them where they could not go on. */
interface Crew {
  readonly pool: Piscina<unknown, unknown>;
  /** How many tasks they have. */
  tasks: number;
  fault?: unknown;
}

/**
 * Threads of our own for hashing, behind a bounded queue in fair turns. In libuv's pool, which is Node's default, every hash would stand
 * in the way of every signature, file and DNS look-up. They start with the first task and keep no process alive when idle.
 */
export function hashingThreads({
  threads = Math.max(1, availableParallelism() - 1),
  maximumPending = 64 * threads,
  maximumWaitMs = 2000,
}: HashingThreadsOptions): HashingThreads {
  let crew: Crew | undefined;
  let closed = false;
  /** Of the tasks of late: what they took, and what the model had said. Their ratio is how slow this machine is just now. */
  const measured = { tookMs: 0, costMs: 0 };
  const slowness = (): number => (measured.costMs > 0 ? measured.tookMs / measured.costMs : 1);
  // Piscina's own queue is never used: it knows no turns.
  const queue = fairQueue({ slots: threads, maximumPending, maximumWaitMs, slowness, now: () => performance.now() });

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
    const started: Crew = { pool, tasks: 0 };
    // Emitted where a thread fails without a task, as when it cannot start: nobody would come for the queue then.
    pool.on('error', (fault) => {
      if (crew !== started) return;
      crew = undefined;
      started.fault = fault;
      void pool.destroy();
    });
    return started;
  }

  async function work<Name extends keyof Work>(name: Name, task: Task<Name>, costMs: number): Promise<Answer<Name>> {
    crew ??= start();
    const own = crew;
    own.tasks += 1;
    try {
      const { value, tookMs } = (await own.pool.run(task, { name })) as ReturnType<Work[Name]>;
      measured.tookMs = measured.tookMs * KEPT_OF_BEFORE + tookMs;
      measured.costMs = measured.costMs * KEPT_OF_BEFORE + costMs;
      return value as Answer<Name>;
    } catch (fault) {
      // Where one thread could not start, the others of its crew cannot, and none is started in its place.
      if (crew === own) crew = undefined;
      throw new Error('a password could not be hashed or verified', { cause: own.fault ?? fault });
    } finally {
      own.tasks -= 1;
      if (crew !== own && own.tasks === 0) void own.pool.destroy();
    }
  }

  return {
    async run(name, task, { path, costMs, onStart }) {
      if (closed) throw new Error('the password hasher is closed');
      return queue.run({
        ...{ path, costMs },
        run() {
          onStart?.();
          return work(name, task, costMs);
        },
      });
    },

    async close() {
      closed = true;
      // Not piscina's own close: with more than one thread it ends those that are still at work.
      await queue.settled();
      await crew?.pool.destroy();
    },
  };
}
