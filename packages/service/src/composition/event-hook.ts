import type { Emit, Occurred } from '@portcullis/domain';
import type { Closable } from './closing.ts';

/** How many events may be with the hook at once. What comes when there are as many is not told to it. */
const RUNNING_AT_MOST = 1000;

/**
 * Tells a service each event, and waits for nothing. What the service does then may fail: `failed` is told. Closed, it waits for what is
 * under way.
 */
export function eventHook(
  onEvent: (occurred: Occurred) => void | Promise<void>,
  failed: (fault: unknown) => void,
): Closable & { readonly emit: Emit } {
  const running = new Set<Promise<void>>();
  let missed = 0;
  let closed = false;

  /** Once for as many as there were, so that a flood of events is none in the log. */
  function tellMissed(): void {
    if (missed > 0) failed(new Error(`${missed} events were not told: ${RUNNING_AT_MOST} were under way`));
    missed = 0;
  }

  async function run(occurred: Occurred): Promise<void> {
    try {
      await onEvent(occurred);
    } catch (fault) {
      failed(fault);
    }
  }

  return {
    emit(occurred) {
      if (closed) return;
      if (running.size >= RUNNING_AT_MOST) {
        missed += 1;
        return;
      }
      const done = run(occurred).finally(() => {
        running.delete(done);
        if (running.size <= RUNNING_AT_MOST / 2) tellMissed();
      });
      running.add(done);
    },
    async close() {
      closed = true;
      await Promise.all(running);
      tellMissed();
    },
  };
}
