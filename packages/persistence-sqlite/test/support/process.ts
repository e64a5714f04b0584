import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

const support = dirname(fileURLToPath(import.meta.url));

/** A real process that runs a script of this folder; killed with the test if it is still there. */
export interface Script {
  readonly process: ChildProcessWithoutNullStreams;
  readonly lines: AsyncIterator<string>;
  /** The next line that it prints. @throws Error with its standard error where it ended instead. */
  line(): Promise<string>;
  /** Its exit code, null where a signal ended it. */
  ended(): Promise<number | null>;
}

export function start(t: TestContext, script: string, args: readonly string[], shell?: string): Script {
  const command = [process.execPath, '--conditions=source', '--import', 'tsx', join(support, script), ...args];
  const [program = '', ...rest] = shell === undefined ? command : ['sh', '-c', `${shell}; exec "$@"`, 'sh', ...command];
  const child = spawn(program, rest, { cwd: dirname(support) });
  t.after(() => child.kill('SIGKILL'));
  const exit = once(child, 'close');
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    process: child,
    lines,
    async line() {
      const next = await lines.next();
      if (next.done) throw new Error(`${script} ended: ${errors}`);
      return next.value;
    },
    async ended() {
      const [code] = await exit;
      if (code !== 0 && code !== null) throw new Error(`${script} failed: ${errors}`);
      return code;
    },
  };
}
