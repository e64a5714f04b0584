import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { PATIENT } from './patient.ts';

/** Nothing is measured by it: it ends a test whose server hangs. */
const START_LIMIT_MS = 120_000;

type Variables = Readonly<Record<string, string>>;

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Somewhere else than here, where a developer's own `.env` may lie. */
const launch = (main: URL, args: readonly string[], environment: Variables, folder = tmpdir()): ChildProcess =>
  spawn(process.execPath, [fileURLToPath(main), ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...PATIENT, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });

/** Runs one command of the program to its end. */
async function runCli(
  main: URL,
  args: readonly string[],
  environment: Variables,
  {
    input = '',
    folder,
    readsOn = true,
  }: { readonly input?: string; readonly folder?: string; readonly readsOn?: boolean } = {},
): Promise<Finished> {
  const child = launch(main, args, environment, folder);
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdin?.end(input);
  if (!readsOn) child.stdout?.destroy();
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

export interface ServerProcess {
  readonly url: string;
  readonly output: () => string;
  /** What `pattern` finds in the output, as soon as it does. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  /** Sends the signal and waits for the end; answers the exit code, null where a signal ended it. */
  stop(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<number | null>;
}

/** Starts `portcullis serve` on a free port and waits until it says where it listens. */
async function startServerProcess(main: URL, environment: Variables): Promise<ServerProcess> {
  const child = launch(main, ['serve'], { PORT: '0', ...environment });
  const ended = once(child, 'close');
  let output = '';
  const collect = (chunk: unknown): void => {
    output += String(chunk);
    child.emit('said');
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);

  const said = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const settle = (why?: string): void => {
        const found = pattern.exec(output);
        if (!found && why === undefined) return;
        clearTimeout(limit);
        child.off('said', look).off('close', end);
        if (found) resolve(found);
        else reject(new Error(`${why} without ${pattern}:\n${output}`));
      };
      const look = (): void => settle();
      const end = (code: number | null): void => settle(`the server ended with ${code}`);
      const limit = setTimeout(() => settle(`${START_LIMIT_MS} ms went by`), START_LIMIT_MS);
      child.on('said', look).on('close', end);
      look();
    });

  return {
    url: (await said(/http:\/\/127\.0\.0\.1:\d+/))[0],
    output: () => output,
    said,
    async stop(signal) {
      child.kill(signal);
      const [code] = await ended;
      return code;
    },
  };
}

/** The program of a service as it ships: `npm test` has built it before any test runs. @param main its `dist/main.js` */
export const programAt = (main: URL) => ({
  runCli: (...given: Parameters<typeof runCli> extends [URL, ...infer Rest] ? Rest : never) => runCli(main, ...given),
  startServerProcess: (environment: Variables) => startServerProcess(main, environment),
});
