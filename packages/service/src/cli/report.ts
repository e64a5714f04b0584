import { Unavailable } from '@portcullis/domain';
import { StoreRefused } from '../composition/store.ts';
import { isSystemError } from '../system-error.ts';
import { type Io, type Style, styleFor } from './io.ts';

/** What a command found or did: for machines, and for people. */
export interface Report {
  readonly data: unknown;
  readonly text: (style: Style) => string;
  /** Where what was found is no success. */
  readonly exitCode?: number;
}

/** Why a command did nothing. */
export interface Refusal {
  readonly kind: string;
  readonly message: string;
  /** Every wrong field or variable, and why. */
  readonly fields?: Readonly<Record<string, string>>;
}

export const exitCodes = { done: 0, refused: 1, usage: 2 } as const;

export function printReport({ stdout, environment }: Io, json: boolean, { data, text, exitCode }: Report): number {
  stdout.write(`${json ? JSON.stringify(data) : text(styleFor(stdout, environment))}\n`);
  return exitCode ?? exitCodes.done;
}

export function printRefusal({ stderr, environment }: Io, json: boolean, refusal: Refusal): number {
  const style = styleFor(stderr, environment);
  const fields = Object.entries(refusal.fields ?? {}).map(([name, reason]) => `  ${name}: ${reason}`);
  const lines = [style(['red', 'bold'], `Error: ${refusal.message}`), ...fields, '', ''];
  stderr.write(json ? `${JSON.stringify({ error: refusal })}\n` : lines.join('\n'));
  return exitCodes.refused;
}

/** What a person can do something about, in one line; undefined for a bug, which needs its stack. */
export function refusalOf(fault: unknown): Refusal | undefined {
  if (fault instanceof Unavailable) {
    const because = fault.cause instanceof Error ? `: ${fault.cause.message}` : '';
    return { kind: 'unavailable', message: `${fault.message}${because}` };
  }
  if (fault instanceof StoreRefused) return { kind: 'store-refused', message: fault.message };
  // Of the operating system: a port in use, a file that may not be read.
  return isSystemError(fault) ? { kind: fault.code, message: fault.message } : undefined;
}
