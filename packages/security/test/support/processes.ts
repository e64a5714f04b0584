import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));

export interface Ended {
  /** Null where it did not end by itself and was killed. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Hashes passwords in a process of its own, those of a batch at once; a line tells of each. Killed after a minute. */
export const hashElsewhere = (
  batches: readonly (readonly string[])[],
  options: { readonly nodeOptions: readonly string[]; readonly env?: Readonly<Record<string, string>> },
): Promise<Ended> =>
  new Promise((resolve) => {
    const args = [...options.nodeOptions, 'test/support/hash-passwords.mjs', JSON.stringify(batches)];
    const env = { ...process.env, ...options.env };
    const child = execFile(process.execPath, args, { cwd: PACKAGE, env, timeout: 60_000 }, (_, stdout, stderr) => {
      resolve({ exitCode: child.exitCode, stdout, stderr });
    });
  });
