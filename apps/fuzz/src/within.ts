/** A signal that is never given. */
export const NEVER: AbortSignal = new AbortController().signal;

/**
 * Runs `work` with a signal that is given after so many milliseconds, or with `signal`. Not `AbortSignal.any` and `timeout`: Node 20
 * collects such signals as garbage while they are waited for, and then they are never given.
 */
export async function within<T>(
  milliseconds: number,
  signal: AbortSignal,
  work: (limited: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const end = (): void => controller.abort();
  const timer = setTimeout(end, milliseconds);
  if (signal.aborted) end();
  else signal.addEventListener('abort', end);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}
