import type { ServerResponse } from 'node:http';
import { Unavailable } from '@portcullis/domain';

export interface AnswerLimits {
  /** How many bytes all large answers under way may take together, with what has been read for answers that are not written yet. */
  readonly maximumBytes: number;
  /** How long a client may take for any answer. Before that it is not ended to make room for another one. */
  readonly graceMs: number;
  /** How fast a client must read an answer that takes longer. */
  readonly minimumBytesPerSecond: number;
}

/** A list of 14 MB has five minutes. */
export const ANSWER_LIMITS: AnswerLimits = {
  maximumBytes: 64 * 1024 * 1024,
  graceMs: 60_000,
  minimumBytesPerSecond: 65_536,
};

/** An answer that is being read from the store. */
export interface Reading {
  /**
   * Counts an item of it.
   * @throws Unavailable if there is no room for it.
   */
  readonly admit: (item: unknown) => void;
  /** Its items are not needed any more. */
  readonly end: () => void;
}

/** The bytes of an answer, which any number of responses share. */
export interface SharedCopy {
  /** Undefined once no response needs them. */
  readonly bytes: () => Buffer | undefined;
  /** Counts one response more until it is sent or its client is gone. A client that reads too slowly loses its connection. */
  readonly sendWith: (response: ServerResponse) => void;
}

/** The bytes of large answers under way, in the whole process. */
export interface AnswerBudget {
  readonly usedBytes: () => number;
  readonly reading: () => Reading;
  /**
   * Counts bytes until the last response that shares them is done. At least one must be there by the end of the turn.
   * @throws Unavailable if there is no room for them.
   */
  readonly copyOf: (bytes: Buffer) => SharedCopy;
}

/** Node fires a timer of more at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** What an object, or the place of a value in one, costs beside its texts; about. */
const BYTES_OF_A_VALUE = 16;

/** Roughly how many bytes a value takes. A text counts one for each UTF-16 code unit, which is never more than in UTF-8. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return BYTES_OF_A_VALUE + value.length;
  if (typeof value !== 'object' || value === null) return BYTES_OF_A_VALUE;
  let bytes = BYTES_OF_A_VALUE;
  for (const part of Object.values(value)) bytes += sizeOf(part);
  return bytes;
}

/** Makes the budget of a process; services that share one share what it allows. */
export function answerBudget(limits: Partial<AnswerLimits> = {}): AnswerBudget {
  const { maximumBytes, graceMs, minimumBytesPerSecond } = { ...ANSWER_LIMITS, ...limits };
  // The oldest first.
  const copies = new Set<{ readonly endOlderThan: (time: number) => void }>();
  let used = 0;

  /** Ends the responses that have had their time if there is no room otherwise: slow readers must not keep a list from the others. */
  function take(bytes: number): void {
    const time = performance.now() - graceMs;
    for (const { endOlderThan } of copies) {
      if (used + bytes <= maximumBytes) break;
      endOlderThan(time);
    }
    if (used + bytes > maximumBytes) throw new Unavailable('room for answers');
    used += bytes;
  }

  return {
    usedBytes: () => used,

    reading() {
      let held = 0;
      return {
        admit(item) {
          const bytes = sizeOf(item);
          take(bytes);
          held += bytes;
        },
        end() {
          used -= held;
          held = 0;
        },
      };
    },

    copyOf(given) {
      take(given.length);
      let bytes: Buffer | undefined = given;
      const responses = new Map<ServerResponse, { readonly since: number; readonly done: () => void }>();
      const timeMs = Math.min(graceMs + (given.length / minimumBytesPerSecond) * 1_000, LONGEST_TIMER_MS);
      const copy = {
        endOlderThan(time: number) {
          for (const [response, { since, done }] of responses) {
            if (since > time) continue;
            done();
            response.destroy();
          }
        },
      };
      copies.add(copy);

      function release(): void {
        if (!bytes) return;
        used -= bytes.length;
        bytes = undefined;
        copies.delete(copy);
      }

      return {
        bytes: () => bytes,
        sendWith(response) {
          // A response that has no connection yet is told nothing when that ends.
          const { socket } = response.req;
          const timer = setTimeout(() => response.destroy(), timeMs).unref();
          const done = (): void => {
            clearTimeout(timer);
            response.off('close', done);
            socket.off('close', done);
            responses.delete(response);
            if (responses.size === 0) release();
          };
          responses.set(response, { since: performance.now(), done });
          response.once('close', done);
          socket.once('close', done);
          if (response.closed || socket.destroyed) done();
        },
      };
    },
  };
}
