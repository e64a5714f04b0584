import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isSystemError } from './system-error.ts';

/**
 * Makes a folder, and those above it that are missing, for this user alone.
 *
 * It does not use Node's `recursive`, which never ends below /proc: there mkdir answers ENOENT although the folder above exists.
 * @throws NodeJS.ErrnoException
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (fault) {
    if (isSystemError(fault, 'EEXIST')) return;
    if (!isSystemError(fault, 'ENOENT') || dirname(path) === path) throw fault;
    await makeFolder(dirname(path));
    await mkdir(path, { mode: 0o700 }).catch((again: unknown) => {
      // Another process may have been faster.
      if (!isSystemError(again, 'EEXIST')) throw again;
    });
  }
}
