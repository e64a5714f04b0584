import type { Readable } from 'node:stream';
import { styleText } from 'node:util';
import type { Environment } from '../settings/read.ts';
import type { Output } from '../whole-text.ts';

interface MaybeTerminal {
  readonly isTTY?: boolean;
}

/** What a command line program is given by whoever starts it. */
export interface Io {
  readonly stdin: Readable & MaybeTerminal;
  /** For results, and nothing else. */
  readonly stdout: Output;
  /** For messages to a person, prompts included. */
  readonly stderr: Output;
  readonly environment: Environment;
  /** Where `.env` is looked for. */
  readonly folder: string;
  /** Ends the process at once, whatever is still to be written; without a code, with the one that it would end with. */
  readonly exit: (code?: number) => void;
}

/** Dresses text for a terminal; leaves it alone elsewhere. */
export type Style = (format: Parameters<typeof styleText>[0], text: string) => string;

/** On a terminal that can show colours, unless whoever sits there wants none (no-color.org). */
export const takesColour = ({ isTTY }: MaybeTerminal, { NO_COLOR, TERM }: Environment): boolean =>
  isTTY === true && !NO_COLOR && TERM !== 'dumb';

export const styleFor =
  (stream: MaybeTerminal, environment: Environment): Style =>
  (format, text) =>
    takesColour(stream, environment) ? styleText(format, text, { validateStream: false }) : text;
