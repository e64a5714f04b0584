import type { DestinationStream } from 'pino';
import { type Output, wholeText } from './whole-text.ts';

/** About 20,000 lines: more than a reader is behind that still reads. */
const WAITING_LIMIT_BYTES = 4 * 1024 * 1024;
/** How often an output that failed is tried again where there is nothing to write. */
const RETRY_MS = 1000;
const STALLED = 'its reader does not read';

export interface LineSinkOptions {
  /** The line that says how many were lost. */
  readonly notice: (lost: number) => string;
  /** Is told once, when lines begin to be lost, and why. */
  readonly losing?: (reason: string) => void;
  readonly waitingLimitBytes?: number;
  readonly retryMs?: number;
}

export interface LineSink extends DestinationStream {
  /** Writes a line with its line feed, or counts it as lost. Never throws and does not wait for the reader. */
  write(line: string): void;
  /** Tries once more to say what was lost, and no more after that. */
  end(): void;
}

/**
 * Lines to an output that may fail or stall: the disk is full, the reader has gone or does not read. Such lines are lost and counted,
 * and the first that can be written again comes after a notice of how many. What waits for the reader is bounded.
 */
export function lineSink(
  output: Output,
  { notice, losing, waitingLimitBytes = WAITING_LIMIT_BYTES, retryMs = RETRY_MS }: LineSinkOptions,
): LineSink {
  const put = wholeText(output);
  let lost = 0;
  let complained = false;
  /** Half a line may have been written: the next one begins a line of its own. */
  let torn = false;
  let ended = false;
  let retry: NodeJS.Timeout | undefined;

  function lose(count: number, reason: string): void {
    lost += count;
    if (!complained) {
      complained = true;
      losing?.(reason);
    }
    if (ended) return;
    retry ??= setTimeout(() => {
      retry = undefined;
      tell();
    }, retryMs).unref();
  }

  /** Half of what may wait must be read before a reader that fell behind counts as reading again: one notice then tells of many lines. */
  const room = (): number => (lost > 0 ? waitingLimitBytes / 2 : waitingLimitBytes) - output.writableLength;

  /** @param worth how many lines are lost where it fails */
  function attempt(text: string, worth: number, written?: () => void): void {
    const whole = torn ? `\n${text}` : text;
    torn = false;
    put(whole, (fault) => {
      if (fault) {
        torn = true;
        lose(worth, 'code' in fault && typeof fault.code === 'string' ? fault.code : fault.message);
      } else written?.();
    });
  }

  function tell(): void {
    if (lost === 0) return;
    if (room() < 0) {
      lose(0, STALLED);
      return;
    }
    const telling = lost;
    // What is lost from here on is told the next time.
    lost = 0;
    attempt(notice(telling), telling, () => {
      complained = lost > 0;
    });
  }

  return {
    write(line) {
      if (room() < line.length) lose(1, STALLED);
      else {
        tell();
        attempt(line, 1);
      }
    },
    end() {
      ended = true;
      clearTimeout(retry);
      tell();
    },
  };
}
