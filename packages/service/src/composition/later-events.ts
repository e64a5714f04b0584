import { randomInt } from 'node:crypto';
import type { Emit, Occurred } from '@portcullis/domain';
import type { Closable } from './closing.ts';

const DELAY_AT_MOST_MS = 100;
/** With as many, they are told at once. */
const WAITING_AT_MOST = 10_000;

export interface LaterEventsOptions {
  /** After how many milliseconds events are told; by default a random time up to 100. */
  readonly delayMs?: () => number;
}

/**
 * Tells events in their order, at a time that no caller knows. What an event costs depends on what it says: a wrong password of a user is
 * written, and the next unknown login only counted. So nothing of it is done before the request is answered, and as much for every event.
 * Closed, it tells what waits, and at once what comes after; a process that is killed loses that.
 */
export function laterEvents(
  tell: Emit,
  { delayMs = () => randomInt(DELAY_AT_MOST_MS) }: LaterEventsOptions = {},
): Closable & { readonly emit: Emit } {
  let waiting: Occurred[] = [];
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function tellAll(): void {
    clearTimeout(timer);
    timer = undefined;
    const due = waiting;
    waiting = [];
    for (const occurred of due) tell(occurred);
  }

  return {
    emit(occurred) {
      if (closed) return tell(occurred);
      waiting.push(occurred);
      if (waiting.length >= WAITING_AT_MOST) tellAll();
      else timer ??= setTimeout(tellAll, delayMs()).unref();
      return undefined;
    },
    async close() {
      closed = true;
      tellAll();
    },
  };
}
