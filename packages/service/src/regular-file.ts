import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** What is there is no file with bytes of its own, or it is too large. */
export class NotRegularFile extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'NotRegularFile';
  }
}

/**
 * The bytes of a file. A pipe or a device is never read, since that may never end, nor waited for.
 * @throws NotRegularFile, or the system's error, such as ENOENT
 */
export async function readRegularFile(path: string, maximumBytes: number): Promise<Buffer> {
  // Without O_NONBLOCK to open a pipe waits until somebody writes. Windows has neither.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw new NotRegularFile(found.isDirectory() ? 'it is a folder' : 'it is a pipe or a device');
    if (found.size > maximumBytes) throw new NotRegularFile(`it has more than ${maximumBytes} bytes`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
