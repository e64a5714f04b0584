/** Housekeeping: what is done now and again, and keeps nobody from work. */
export interface Task {
  readonly everySeconds: number;
  /** May answer how much there was to do. */
  readonly run: () => Promise<unknown>;
}

/** The log's part in it. */
export interface TaskLog {
  done(count: unknown): void;
  failed(fault: unknown): void;
}

/** Runs it now and from time to time, one run after the other. One that fails is told and tried again. */
export function startTask({ everySeconds, run }: Task, log: TaskLog): { close(): Promise<void> } {
  let running: Promise<void> | undefined;
  async function attempt(): Promise<void> {
    try {
      log.done(await run());
    } catch (fault) {
      log.failed(fault);
    }
  }
  const runOnce = (): void => {
    running ??= attempt().finally(() => {
      running = undefined;
    });
  };
  runOnce();
  const timer = setInterval(runOnce, everySeconds * 1000);
  timer.unref();
  return {
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}
