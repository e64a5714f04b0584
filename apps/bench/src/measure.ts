import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import autocannon from 'autocannon';
import { type Contender, SCENARIOS, type Scenario } from './contenders/contender.ts';
import type { Kind, Used } from './server.ts';

const SERVER = new URL(`./server${extname(import.meta.url)}`, import.meta.url);

export interface Options {
  readonly connections: number;
  /** Of each measurement, after as many of warming up, at most two. */
  readonly seconds: number;
  readonly rounds: number;
}

export interface Measured {
  /** Of the server's process, by the account of the operating system. */
  readonly cpuMicroseconds: number;
  readonly requestsPerSecond: number;
  readonly p99Ms: number;
  readonly commands: number;
}

/** The processors that this process may run on; none where the system does not say. */
const processors: readonly number[] = (() => {
  try {
    const said = execFileSync('taskset', ['-c', '-p', String(process.pid)], { encoding: 'utf8' });
    return said
      .slice(said.lastIndexOf(':') + 1)
      .split(',')
      .flatMap((range) => {
        const [first = 0, last = first] = range.split('-').map(Number);
        return Array.from({ length: last - first + 1 }, (_, n) => first + n);
      });
  } catch {
    return [];
  }
})();
const [ofServers, ...ofClients] = processors;

/** Has a process run on these processors alone, where there are enough for servers and clients. */
function pin(pid: number | undefined, to: readonly (number | undefined)[]): void {
  if (ofClients.length > 0) execFileSync('taskset', ['-a', '-c', '-p', to.join(), String(pid)], { stdio: 'ignore' });
}

/** Measures one contender in a fresh process. */
async function measure(kind: Kind, scenario: Scenario, options: Options, mongodbUrl: string): Promise<Measured> {
  const child = fork(SERVER, [kind, mongodbUrl], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  try {
    const next = async <T>(): Promise<T> => {
      const [message] = await once(child, 'message');
      return message;
    };
    const { url, tokens } = await next<Contender>();
    pin(child.pid, [ofServers]);
    const used = async (): Promise<Used> => {
      const answer = next<Used>();
      child.send('used');
      return answer;
    };
    const load = (duration: number) => {
      let client = 0;
      return autocannon({
        url: `${url}${SCENARIOS[scenario]}`,
        connections: options.connections,
        duration,
        // Each connection is someone else: one user's look-ups would be one whatever is done about it.
        setupClient: (each) => {
          each.setHeaders({ authorization: `Bearer ${tokens[client % tokens.length]}` });
          client += 1;
        },
      });
    };
    await load(Math.min(2, options.seconds));
    await used();
    const { requests, latency, non2xx, errors } = await load(options.seconds);
    const { cpuMicroseconds, commands } = await used();
    if (non2xx + errors > 0) throw new Error(`${kind}: ${non2xx} refusals and ${errors} errors`);
    return {
      cpuMicroseconds: cpuMicroseconds / requests.total,
      requestsPerSecond: requests.average,
      p99Ms: latency.p99,
      commands: commands / requests.total,
    };
  } finally {
    child.kill();
  }
}

/** The median, and between what it lies. */
export interface Range {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export const rangeOf = (numbers: readonly number[]): Range => {
  const sorted = numbers.toSorted((one, other) => one - other);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  return { median: at(Math.floor(sorted.length / 2)), least: at(0), most: at(sorted.length - 1) };
};

/** Measures all of them by turns, each time in a fresh process, so that whatever else the machine does meets all alike. */
export async function compare(
  kinds: readonly Kind[],
  scenario: Scenario,
  options: Options,
  mongodbUrl = '',
): Promise<ReadonlyMap<Kind, readonly Measured[]>> {
  pin(process.pid, ofClients);
  const seen = new Map<Kind, Measured[]>(kinds.map((kind) => [kind, []]));
  for (let round = 0; round < options.rounds; round += 1) {
    for (const kind of kinds) seen.get(kind)?.push(await measure(kind, scenario, options, mongodbUrl));
  }
  return seen;
}
