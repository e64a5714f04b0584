import { StoreRefused, Unavailable } from '@portcullis/domain';
import { isSystemError } from '@portcullis/files';
import { type Io, type Style, styleFor, takesColour } from './io.ts';
import { printable, printableInColour, printableJson } from './printable.ts';

/** What a command found or did: for machines, and for people. */
export interface Report {
  readonly data: unknown;
  /** Lines. What a terminal would obey is taken out of each when it is printed, line ends included. */
  readonly text: (style: Style) => readonly string[];
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

/** The text of a report for standard output. */
export function reportText({ stdout, environment }: Io, json: boolean, { data, text }: Report): string {
  const line = takesColour(stdout, environment) ? printableInColour : printable;
  const lines = json ? [printableJson(data)] : text(styleFor(stdout, environment)).map(line);
  return `${lines.join('\n')}\n`;
}

/** The text of a refusal for standard error. */
export function refusalText({ stderr, environment }: Io, json: boolean, refusal: Refusal): string {
  const style = styleFor(stderr, environment);
  const fields = Object.entries(refusal.fields ?? {}).map(([name, reason]) => printable(`  ${name}: ${reason}`));
  const lines = [style(['red', 'bold'], printable(`Error: ${refusal.message}`)), ...fields, '', ''];
  return json ? `${printableJson({ error: refusal })}\n` : lines.join('\n');
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
