import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { isSystemError } from '../system-error.ts';
import type { Environment } from './read.ts';

/** The variables of this process, over those of the file `.env` in `folder`, where there is one. */
export async function environmentIn(folder: string, own: Environment): Promise<Environment> {
  try {
    return { ...parseEnv(await readFile(join(folder, '.env'), 'utf8')), ...own };
  } catch (fault) {
    if (isSystemError(fault, 'ENOENT')) return own;
    throw fault;
  }
}
