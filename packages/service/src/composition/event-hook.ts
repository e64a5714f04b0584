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
  let closed = false;
  const run = async (occurred: Occurred): Promise<void> => {
    try {
      await onEvent(occurred);
    } catch (fault) {
      failed(fault);
    }
  };
  return {
    emit(occurred) {
      if (closed) return;
      if (running.size >= RUNNING_AT_MOST) {
        failed(new Error(`${occurred.event.kind} was not told: ${RUNNING_AT_MOST} events are under way`));
        return;
      }
      const done = run(occurred).finally(() => running.delete(done));
      running.add(done);
    },
    async close() {
      closed = true;
      await Promise.all(running);
    },
  };
}
