import type { Served } from './cli/serve.ts';

/** The program of a service: what its `main.ts` calls and nothing else. */
export async function runService(served: Served): Promise<void> {
  const { runProgram } = await import('./cli/program.ts');
  // Not `process.exit`: what was written to a pipe may still be on its way.
  process.exitCode = await runProgram(served, process.argv.slice(2), {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    folder: process.cwd(),
    exit: (code) => process.exit(code),
  });
}
