/** What no service sees: the status that a request or connection was refused with before anything of it was routed. */
export interface RefusedRequests {
  /**
   * 400, 408, 413 or 431: a request that cannot be read, or came too late or too large; 405: CONNECT; 503: a connection, or requests,
   * too many.
   */
  readonly status: number;
  /** How many since the last line of the same status. */
  readonly count: number;
}

export interface ServerLog {
  /** Called at once for the first refusal, and then at most once in ten seconds for each status: nobody can flood a log with it. */
  refused(refused: RefusedRequests): void;
}

export interface Refusals {
  readonly note: (status: number) => void;
  /** Tells what was not told yet. */
  readonly end: () => void;
}

const EVERY_MS = 10_000;

export function refusalsTo(log: ServerLog | undefined): Refusals {
  const untold = new Map<number, number>();
  let timer: NodeJS.Timeout | undefined;

  function tell(): boolean {
    const told = [...untold];
    untold.clear();
    for (const [status, count] of told) log?.refused({ status, count });
    return told.length > 0;
  }

  function wait(): void {
    timer = setTimeout(() => {
      timer = undefined;
      if (tell()) wait();
    }, EVERY_MS).unref();
  }

  return {
    note(status) {
      untold.set(status, (untold.get(status) ?? 0) + 1);
      if (timer) return;
      tell();
      wait();
    },
    end() {
      clearTimeout(timer);
      tell();
    },
  };
}
