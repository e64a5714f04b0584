/** How often what no node can need any more is forgotten. It costs a few bytes each until then. */
const EVERY_MS = 5 * 60 * 1000;

/** The log's part in it. */
export interface SweepLog {
  swept(count: number): void;
  failed(fault: unknown): void;
}

/** Sweeps now and every few minutes. A sweep that fails is told and tried again: it is housekeeping, and keeps nobody from work. */
export function startSweeping(sweep: () => Promise<number>, log: SweepLog): { close(): Promise<void> } {
  let running: Promise<void> | undefined;
  async function run(): Promise<void> {
    try {
      log.swept(await sweep());
    } catch (fault) {
      log.failed(fault);
    }
  }
  const runOnce = (): void => {
    running ??= run().finally(() => {
      running = undefined;
    });
  };
  runOnce();
  const timer = setInterval(runOnce, EVERY_MS);
  timer.unref();
  return {
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}
