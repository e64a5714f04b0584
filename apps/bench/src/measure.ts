import { fork } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import autocannon from 'autocannon';
import type { Kind, Ready } from './server.ts';

const SERVER = new URL(`./server${extname(import.meta.url)}`, import.meta.url);

export interface Measured {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly commandsPerRequest: number;
}

/** A server in a process of its own, to be measured. */
export interface Measurable {
  readonly kind: Kind;
  measure(connections: number, seconds: number): Promise<Measured>;
  stop(): void;
}

export interface Options {
  readonly connections: readonly number[];
  readonly seconds: number;
  readonly rounds: number;
}

export async function start(kind: Kind, users: number, mongodbUrl = ''): Promise<Measurable> {
  const child = fork(SERVER, [kind, String(users), mongodbUrl], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const next = async <T>(): Promise<T> => (await once(child, 'message'))[0];
  const { url, tokens, path } = await next<Ready>();
  const count = async (): Promise<number> => {
    const answer = next<{ commands: number }>();
    child.send('count');
    return (await answer).commands;
  };
  return {
    kind,
    async measure(connections, seconds) {
      await count();
      let client = 0;
      const { requests, latency, non2xx, errors } = await autocannon({
        url: `${url}${path}`,
        connections,
        duration: seconds,
        // Each connection is someone else: one user's look-ups would be one whatever is done about it.
        setupClient: (each) => {
          each.setHeaders({ authorization: `Bearer ${tokens[client % tokens.length]}` });
          client += 1;
        },
      });
      if (non2xx + errors > 0) throw new Error(`${kind}: ${non2xx} refusals and ${errors} errors`);
      return {
        requestsPerSecond: requests.average,
        p50Ms: latency.p50,
        p99Ms: latency.p99,
        commandsPerRequest: (await count()) / requests.total,
      };
    },
    stop: () => void child.kill(),
  };
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN;

/** Measures all of them by turns, so that whatever else the machine does meets all alike, and answers the medians. */
export async function compare(
  measurables: readonly Measurable[],
  { connections, seconds, rounds }: Options,
): Promise<ReadonlyMap<number, ReadonlyMap<Kind, Measured>>> {
  const results = new Map<number, Map<Kind, Measured>>();
  for (const each of measurables) await each.measure(Math.max(...connections), seconds);
  for (const level of connections) {
    const seen = new Map<Kind, Measured[]>(measurables.map(({ kind }) => [kind, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const each of measurables) seen.get(each.kind)?.push(await each.measure(level, seconds));
    }
    const medians = [...seen].map(([kind, all]) => {
      const of = (name: keyof Measured) => median(all.map((measured) => measured[name]));
      const measured: Measured = {
        requestsPerSecond: of('requestsPerSecond'),
        p50Ms: of('p50Ms'),
        p99Ms: of('p99Ms'),
        commandsPerRequest: of('commandsPerRequest'),
      };
      return [kind, measured] as const;
    });
    results.set(level, new Map(medians));
  }
  return results;
}

/** A Markdown table; the ratio is that of requests per second to the last of the kinds. */
export function tableOf(results: ReadonlyMap<number, ReadonlyMap<Kind, Measured>>): string {
  const rows = [...results].flatMap(([level, byKind]) => {
    const base = [...byKind.values()].at(-1)?.requestsPerSecond ?? Number.NaN;
    return [...byKind].map(([kind, { requestsPerSecond, p50Ms, p99Ms, commandsPerRequest }]) =>
      [
        level,
        kind,
        Math.round(requestsPerSecond),
        p50Ms,
        p99Ms,
        commandsPerRequest.toFixed(2),
        (requestsPerSecond / base).toFixed(2),
      ].join(' | '),
    );
  });
  return [
    '| connections | server | requests/s | p50 ms | p99 ms | commands/request | ratio |',
    '|---|---|---|---|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}
