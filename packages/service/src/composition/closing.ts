export interface Closable {
  close(): Promise<void>;
}

/** What has been opened so far. tsyringe closes nothing that a factory built. */
export interface Opened {
  readonly keep: <T extends Closable>(opened: T) => T;
  /** Closes the newest first, and all of them even where one fails. A second call waits for the first. */
  readonly close: () => Promise<void>;
}

export function openedResources(): Opened {
  const opened: Closable[] = [];
  let closing: Promise<void> | undefined;
  async function closeAll(): Promise<void> {
    const faults: unknown[] = [];
    for (const resource of opened.reverse()) {
      try {
        await resource.close();
      } catch (fault) {
        faults.push(fault);
      }
    }
    if (faults.length > 0) throw new AggregateError(faults, 'not everything could be closed');
  }
  return {
    keep: (resource) => {
      opened.push(resource);
      return resource;
    },
    close: () => {
      closing ??= closeAll();
      return closing;
    },
  };
}
