import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A Python that can import what is required, by its environment; or why there is none. */
export type Python = { readonly environment: NodeJS.ProcessEnv } | { readonly missing: string };

/** @param requirements as pip takes them, each pinned; fetched once, into a cache outside of the checkout. */
export function pythonWith(...requirements: readonly string[]): Python {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'portcullis');
  const folder = join(cache, `python-${requirements.join('-').replaceAll(/[^\w.-]/g, '_')}`);
  const environment = { ...process.env, PYTHONPATH: folder };
  if (existsSync(folder)) return { environment };
  mkdirSync(cache, { recursive: true });
  const scratch = mkdtempSync(`${folder}-`);
  try {
    const { status, stderr, error } = spawnSync(
      'python3',
      ['-m', 'pip', 'install', '--quiet', '--only-binary=:all:', '--target', scratch, ...requirements],
      { encoding: 'utf8', timeout: 120_000 },
    );
    if (status !== 0)
      return {
        missing: `there is no ${requirements.join(' ')}: ${error?.message ?? stderr.trim().split('\n').at(-1)}`,
      };
    // Of several processes at once any may win.
    if (!existsSync(folder)) renameSync(scratch, folder);
    return { environment };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
