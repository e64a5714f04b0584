import { fstatSync, writeSync } from 'node:fs';
import type { Writable } from 'node:stream';

/** A stream of this process, or one of a test. */
export type Output = Writable & { readonly isTTY?: boolean; readonly fd?: number };

/**
 * Writes a text to an output. Never throws.
 * @param done is called once, with what kept the text, or a part of it, from being written
 */
export type PutText = (text: string, done: (fault?: Error | null) => void) => void;

/**
 * Writes whole texts to `output`, and lets no fault of it end the process: each is told to the one who wrote.
 *
 * Of a file Node's own stream writes once and takes no notice of how much was taken, so that a text which only partly fits on the disk
 * counts as written. Files are therefore written to here. Pipes are written to by libuv, which does not block.
 */
export function wholeText(output: Output): PutText {
  // A stream without a listener throws its errors; here each write is told of its own.
  output.on('error', () => undefined);
  const file = fileOf(output);
  if (file === undefined) return (text, done) => void output.write(text, done);
  return (text, done) => {
    try {
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    } catch (fault) {
      done(fault instanceof Error ? fault : new Error(String(fault)));
      return;
    }
    done();
  };
}

/** The descriptor of a file or a device that takes bytes at once; undefined for pipes, sockets, terminals. */
function fileOf({ fd, isTTY }: Output): number | undefined {
  if (fd === undefined || isTTY === true) return undefined;
  try {
    // As bigint on purpose: Node's `realpathSync` reads the numbers of the last `fstatSync`, and resolves no symbolic link of a package
    // after one that found a pipe, so that the next `import` fails.
    const found = fstatSync(fd, { bigint: true });
    return found.isFile() || found.isCharacterDevice() ? fd : undefined;
  } catch {
    return undefined;
  }
}
