import { PassThrough } from 'node:stream';
import type { Environment, Io } from '@portcullis/service';

export interface Terminal extends Io {
  readonly stdin: PassThrough & { isTTY: boolean };
  /** What has been written so far. */
  readonly written: () => { readonly stdout: string; readonly stderr: string };
  /** Resolves as soon as standard error ends with `text`. */
  readonly prompted: (text: string) => Promise<void>;
}

/** Streams that say they are a terminal, or that they are none. */
export function fakeTerminal(isTTY: boolean, environment: Environment = {}, folder = '.'): Terminal {
  const stream = () => Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY });
  const [stdout, stderr] = [stream(), stream()];
  const written = { stdout: '', stderr: '' };
  stdout.on('data', (text) => {
    written.stdout += text;
  });
  stderr.on('data', (text) => {
    written.stderr += text;
  });
  return {
    stdin: Object.assign(new PassThrough(), { isTTY }),
    stdout,
    stderr,
    environment,
    folder,
    exit: () => undefined,
    written: () => written,
    prompted: (text) =>
      new Promise((resolve) => {
        const look = () => {
          if (!written.stderr.endsWith(text)) return;
          stderr.off('data', look);
          resolve();
        };
        stderr.on('data', look);
        look();
      }),
  };
}
