import { type PutText, wholeText } from '../whole-text.ts';
import type { Io } from './io.ts';
import { exitCodes, type Refusal, type Report, refusalText, reportText } from './report.ts';

/** What a shell says of a program that SIGPIPE ended; Node ignores that signal. */
const BROKEN_PIPE = 128 + 13;

/** Writes what a command answers, and knows whether it could be written. */
export interface Printer {
  /** Answers the exit code of the report. */
  readonly report: (report: Report) => number;
  readonly refusal: (refusal: Refusal) => number;
  /** For texts of the parser: help, versions, usage. */
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /**
   * Waits until the output has taken everything.
   * @returns `exitCode`, or that of a failure where a result could not be written
   */
  readonly end: (exitCode: number) => Promise<number>;
}

export function printerFor(io: Io, json: boolean): Printer {
  const [toOut, toErr] = [wholeText(io.stdout), wholeText(io.stderr)];
  const writing: Promise<void>[] = [];
  let fault: Error | undefined;

  const printed = (put: PutText, text: string): Promise<Error | undefined> =>
    new Promise((resolve) => put(text, (failed) => resolve(failed ?? undefined)));

  async function out(text: string): Promise<void> {
    const failed = await printed(toOut, text);
    if (!failed) return;
    // `portcullis openapi | head -1`: the reader has seen enough. The command ends without a message.
    if ('code' in failed && failed.code === 'EPIPE') io.exit(BROKEN_PIPE);
    fault ??= failed;
  }
  const err = async (text: string): Promise<void> => void (await printed(toErr, text));
  const keep = (written: Promise<void>): void => void writing.push(written);

  const refusal = (why: Refusal): number => {
    keep(err(refusalText(io, json, why)));
    return exitCodes.refused;
  };
  return {
    report(report) {
      keep(out(reportText(io, json, report)));
      return report.exitCode ?? exitCodes.done;
    },
    refusal,
    out: (text) => keep(out(text)),
    err: (text) => keep(err(text)),
    async end(exitCode) {
      await Promise.all(writing);
      if (!fault) return exitCode;
      refusal({ kind: 'output-failed', message: `the output could not be written: ${fault.message}` });
      await Promise.all(writing);
      return exitCode === exitCodes.done ? exitCodes.refused : exitCode;
    },
  };
}
