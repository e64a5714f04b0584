import type { Served } from './cli/serve.ts';

/** What a shell says of a program that SIGPIPE ended, which Node never is. */
const BROKEN_PIPE = 128 + 13;

/** The program of a service: what its `main.ts` calls and nothing else. */
export async function runService(served: Served): Promise<void> {
  // `portcullis openapi | head -1`: whoever reads has seen enough.
  process.stdout.on('error', (fault: NodeJS.ErrnoException) => {
    if (fault.code === 'EPIPE') process.exit(BROKEN_PIPE);
    throw fault;
  });

  const { runProgram } = await import('./cli/program.ts');
  // Not `process.exit`: what was written to a pipe may still be on its way.
  process.exitCode = await runProgram(served, process.argv.slice(2), {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    folder: process.cwd(),
  });
}
