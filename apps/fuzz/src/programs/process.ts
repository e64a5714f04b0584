import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Figures of a process in bytes. */
export interface MemoryUse {
  /** What is still referenced after a garbage collection: the JavaScript heap and the buffers outside of it. */
  readonly liveBytes: number;
  readonly residentBytes: number;
  /** The most that was ever resident. */
  readonly peakBytes: number;
}

export interface RunningProgram {
  readonly port: number;
  /** Resolves when the process has ended, with what ended it. */
  readonly ended: Promise<string>;
  readonly hasEnded: () => boolean;
  /** Undefined where the process has ended. */
  readonly memory: () => Promise<MemoryUse | undefined>;
  readonly stop: () => Promise<void>;
}

export interface StartOptions {
  readonly main: URL;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The working directory: one without an `.env`. */
  readonly folder: string;
  /** Every line of standard output and standard error, as soon as it is whole. */
  readonly onLine: (line: string) => void;
  /** Added to the priority; a higher one gives way to others (`nice`). */
  readonly niceness?: number;
}

/**
 * Runs inside the program, beside it: answers what memory is in use, and ends the program where we are gone. It changes
 * nothing that a request could see.
 */
const PROBE = `
import { isMainThread } from 'node:worker_threads';
if (isMainThread && process.channel) {
  process.on('message', () => {
    globalThis.gc?.();
    const { heapUsed, external, rss } = process.memoryUsage();
    process.send?.({ liveBytes: heapUsed + external, residentBytes: rss }, undefined, undefined, () => {});
  });
  process.on('disconnect', () => process.exit());
  process.channel.unref();
}`;

/** Generous: what is tested is not how fast a program starts. */
const START_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 20_000;

/** @throws Error with the program's output where it does not come up. */
export async function startProgram(options: StartOptions): Promise<RunningProgram> {
  const { main, args, environment, folder, onLine, niceness = 0 } = options;
  const child = spawn(
    process.execPath,
    ['--expose-gc', '--import', `data:text/javascript,${encodeURIComponent(PROBE)}`, fileURLToPath(main), ...args],
    {
      cwd: folder,
      env: { PATH: process.env.PATH, PORT: '0', ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  const ended = endOf(child);
  let over = false;
  void ended.then(() => {
    over = true;
  });
  if (niceness > 0 && child.pid !== undefined) setPriority(child.pid, niceness);

  const output: string[] = [];
  let collecting = true;
  const port = new Promise<number>((resolve) => {
    const take = (line: string): void => {
      if (collecting) {
        output.push(line);
        const found = /http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
        if (found !== undefined) resolve(Number(found));
      }
      onLine(line);
    };
    readLines(child.stdout, take);
    readLines(child.stderr, take);
  });
  const limit = setTimeout(() => child.kill('SIGKILL'), START_LIMIT_MS);
  const first = await Promise.race([port, ended]);
  clearTimeout(limit);
  collecting = false;
  if (typeof first === 'string')
    throw new Error(`${fileURLToPath(main)} did not start: ${first}\n${output.join('\n')}`);

  return {
    port: first,
    ended,
    hasEnded: () => over,
    async memory() {
      if (over || !child.connected) return undefined;
      const answer = once(child, 'message').then(([message]) => message as Omit<MemoryUse, 'peakBytes'>);
      child.send('memory', () => undefined);
      const use = await Promise.race([answer, ended]);
      if (typeof use === 'string') return undefined;
      return { ...use, peakBytes: peakOf(child.pid) ?? use.residentBytes };
    },
    async stop() {
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
      await ended;
      clearTimeout(force);
    },
  };
}

/** Runs one command of a program to its end. @throws Error with what it wrote where it fails */
export async function runCommand(
  { main, environment, folder }: Pick<StartOptions, 'main' | 'environment' | 'folder'>,
  args: readonly string[],
  input: string,
): Promise<void> {
  const child = spawn(process.execPath, [fileURLToPath(main), ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  readLines(child.stdout, (line) => output.push(line));
  readLines(child.stderr, (line) => output.push(line));
  child.stdin.on('error', () => undefined).end(input);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${args.join(' ')} failed: ${output.join('\n')}`);
}

async function endOf(child: ChildProcess): Promise<string> {
  const [code, signal] = await once(child, 'close');
  return signal === null ? `exit code ${code}` : `signal ${signal}`;
}

function readLines(stream: NodeJS.ReadableStream | null, take: (line: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
  });
  stream?.on('end', () => {
    if (rest !== '') take(rest);
  });
}

/** The high-water mark that Linux keeps; undefined elsewhere. */
function peakOf(pid: number | undefined): number | undefined {
  try {
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  } catch {
    return undefined;
  }
}
