import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { basename, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Report } from './certify.ts';
import { judged, type Outcome } from './outcomes.ts';
import { probeTable } from './probes.ts';
import { formatReport } from './report.ts';
import type { Named, Order, Told } from './subject-process.ts';

const USAGE = `Usage: portcullis-certify MODULE [--only TEXT] [--json]
       portcullis-certify --probes

Certifies the adapter whose subjects MODULE makes, a file of JavaScript or, where tsx is installed beside it, of TypeScript. It exports
\`make\`, and where need be \`adapter\` (its name), \`ports\` (the ports that it is for), \`collections\` (the definitions that its stores
are opened with), \`timeLimitMilliseconds\` (for each case) and \`timeFactor\` (by which all limits of time are multiplied).

  --only TEXT   runs the cases with TEXT in their names alone, which certifies nothing
  --json        prints the report for programs
  --probes      prints what a probe looks for, port by port

Exit status: 0 certified, or every chosen case passed; 1 not; 2 could not be tried.
`;

export interface Output {
  out(text: string): void;
  err(text: string): void;
}

/** Beyond the limit of a case: how long its process may be busy without a sign of life. */
const SIGN_OF_LIFE_MILLISECONDS = 5000;
/** Within which a process that has nothing left to do comes to its end. */
const END_MILLISECONDS = 5000;
const PROGRAM = fileURLToPath(new URL('../bin/portcullis-certify.js', import.meta.url));

/** What `portcullis-certify` does. Answers the exit status. */
export async function runCommand(args: readonly string[], { out, err }: Output): Promise<0 | 1 | 2> {
  const asked = argumentsOf(args);
  if (asked?.probes) {
    out(probeTable());
    return 0;
  }
  if (asked?.path === undefined) {
    err(USAGE);
    return 2;
  }
  const { path, only, json } = asked;
  const told = await certifyModule(resolve(path), only);
  if ('untried' in told) {
    err(`${path} ${told.untried}\n${told.untried.startsWith('exports no') ? `\n${USAGE}` : ''}`);
    return 2;
  }
  const { adapter = basename(path), ports, outcomes } = told;
  const { sections, certified } = judged(outcomes);
  const report: Report = {
    adapter,
    ports,
    sections,
    certified: certified && only === '',
    ...(only !== '' && { only }),
  };
  out(json ? `${JSON.stringify(report, null, 2)}\n` : formatReport(report));
  return sections.every(({ failed }) => failed.length === 0) && (certified || only !== '') ? 0 : 1;
}

function argumentsOf(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string', default: '' },
        json: { type: 'boolean', default: false },
        probes: { type: 'boolean' },
      },
      allowPositionals: true,
    });
    const [path, ...more] = positionals;
    return more.length > 0 ? undefined : { path, ...values };
  } catch {
    return undefined;
  }
}

type Certification = {
  readonly adapter?: string;
  readonly ports: Report['ports'];
  readonly outcomes: readonly Outcome[];
};
type Untried = { readonly untried: string };

/** Runs all cases, in another process each time that one has ended before its time. */
async function certifyModule(file: string, only: string): Promise<Certification | Untried> {
  const loader = loaderFor(file);
  if (loader === undefined) return { untried: 'is TypeScript: install tsx beside it (npm install --save-dev tsx)' };
  const outcomes: Outcome[] = [];
  for (;;) {
    const run = await runFrom({ file, only, from: outcomes.length }, loader);
    if ('untried' in run) return run;
    const { cases, ended } = run;
    outcomes.push(...run.outcomes);
    if (only !== '' && cases.names.length === 0)
      return { untried: `could not be tried: no case has ${JSON.stringify(only)} in its name` };
    const next: Named | undefined = cases.names[outcomes.length];
    if (next === undefined) return { ...cases, outcomes };
    outcomes.push({ ...next, verdict: 'failed', reason: ended });
  }
}

/** What node needs to read the file; undefined where there is nothing that reads it. */
function loaderFor(file: string): readonly string[] | undefined {
  if (
    !/\.[cm]?ts$/.test(file) ||
    Reflect.get(process.features, 'typescript') ||
    process.execArgv.some((each) => each.includes('tsx'))
  )
    return [];
  for (const beside of [file, resolve('package.json')]) {
    try {
      return [`--import=${pathToFileURL(createRequire(beside).resolve('tsx')).href}`];
    } catch {
      // Not there: perhaps at the other place.
    }
  }
  return undefined;
}

interface Run {
  readonly cases: Extract<Told, { kind: 'cases' }>;
  readonly outcomes: readonly Outcome[];
  /** How the process ended, where a case was under way. */
  readonly ended: string;
}

const runFrom = (order: Order, loader: readonly string[]): Promise<Run | Untried> =>
  new Promise((settle) => {
    // What a subject prints is no part of the report.
    const child = fork(PROGRAM, ['--subject', JSON.stringify(order)], {
      execArgv: [...process.execArgv, ...loader],
      stdio: ['ignore', 2, 2, 'ipc'],
    });
    const outcomes: Outcome[] = [];
    let cases: Run['cases'] | undefined;
    let untried: string | undefined;
    let ended: string | undefined;
    let watchdog: NodeJS.Timeout | undefined;
    const watch = (): void => {
      clearTimeout(watchdog);
      if (!cases) return;
      watchdog = setTimeout(() => {
        ended = 'its process is busy and answers nothing any more: it hangs in the turn of its caller';
        child.kill('SIGKILL');
      }, cases.limitMilliseconds + SIGN_OF_LIFE_MILLISECONDS);
    };
    const end = (): void => {
      clearTimeout(watchdog);
      // What a failed case leaves behind may well not go away by itself.
      const isRight = outcomes.every(({ verdict }) => verdict !== 'failed');
      watchdog = setTimeout(
        () => {
          const name = 'the process ends by itself once every store is closed';
          const reason = 'something keeps it alive: a timer, or a connection, that outlives `close`';
          if (isRight) outcomes.push({ section: 'restart', name, verdict: 'failed', reason });
          child.kill('SIGKILL');
        },
        isRight ? END_MILLISECONDS : 0,
      );
    };
    child.on('message', (told: Told) => {
      if (told.kind === 'cases') cases = told;
      else if (told.kind === 'settled') outcomes.push(told.outcome);
      else if (told.kind === 'untried') untried = told.reason;
      else if (told.kind === 'crashed') ended = `its process ended by a fault that nobody caught: ${told.reason}`;
      if (told.kind === 'untried') child.kill('SIGKILL');
      if (told.kind === 'done') end();
      else watch();
    });
    child.on('error', (fault) => {
      untried ??= `could not be tried: ${fault.message}`;
    });
    child.on('close', (code, signal) => {
      clearTimeout(watchdog);
      const how = ended ?? `its process ended (${signal ?? `exit status ${code}`})`;
      if (untried !== undefined) settle({ untried });
      else
        settle(
          cases ? { cases, outcomes, ended: how } : { untried: `could not be tried: ${how} while it was imported` },
        );
    });
  });
