import { startMongod } from '@portcullis/mongod';
import { SCENARIOS, type Scenario } from './contenders/contender.ts';
import { compare, type Measured, type Options, rangeOf } from './measure.ts';
import type { Kind } from './server.ts';

/** What the ratio to a contender is to be, of CPU: theirs divided by ours. */
type Targets = Partial<Record<Kind, number>>;

export const PEERS: readonly Kind[] = [
  'bare',
  'by hand',
  'fastify',
  'fastify, cache',
  'express',
  'hono',
  'nest',
  'koa',
];

const TARGETS: Readonly<Record<Scenario, Partial<Record<'sqlite' | 'memory', Targets>>>> = {
  user: {
    sqlite: { bare: 0.55, 'by hand': 0.65, fastify: 2.2, 'fastify, cache': 1.9 },
    memory: { bare: 0.62, 'by hand': 0.75, fastify: 2.5, 'fastify, cache': 2.1 },
  },
  list: { sqlite: { 'by hand': 0.9 } },
};

const micro = (measured: readonly Measured[]) => rangeOf(measured.map(({ cpuMicroseconds }) => cpuMicroseconds));
const rowOf = (...cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

/** Ours beside the peers, for one request: CPU for a request in microseconds, and the ratio of theirs to ours beside what is wanted. */
export async function peers(scenario: Scenario, options: Options, kinds: readonly Kind[] = PEERS): Promise<string> {
  const measured = await compare(['sqlite', 'memory', ...kinds], scenario, options);
  const own = { sqlite: micro(measured.get('sqlite') ?? []), memory: micro(measured.get('memory') ?? []) };
  const ratio = (kind: Kind, median: number, store: 'sqlite' | 'memory'): string => {
    if (kind === 'sqlite' || kind === 'memory') return '';
    const target = TARGETS[scenario][store]?.[kind];
    return `${(median / own[store].median).toFixed(2)}${target === undefined ? '' : ` (${target})`}`;
  };
  return [
    `GET ${SCENARIOS[scenario]}`,
    '',
    rowOf('server', 'CPU µs', 'from', 'to', 'requests/s', 'p99 ms', 'to ours on SQLite', 'to ours in memory'),
    '|---|---|---|---|---|---|---|---|',
    ...[...measured].map(([kind, all]) => {
      const { median, least, most } = micro(all);
      const rate = rangeOf(all.map(({ requestsPerSecond }) => requestsPerSecond)).median;
      const p99 = rangeOf(all.map(({ p99Ms }) => p99Ms)).median;
      const figures = [median.toFixed(1), least.toFixed(1), most.toFixed(1), Math.round(rate), p99];
      return rowOf(kind, ...figures, ratio(kind, median, 'sqlite'), ratio(kind, median, 'memory'));
    }),
  ].join('\n');
}

/** Look-ups of a request coalesced, and one query each, on a real MongoDB: two of the same service side by side. */
export async function coalescing(levels: readonly number[], options: Omit<Options, 'connections'>): Promise<string> {
  const server = await startMongod();
  const url = `mongodb://127.0.0.1:${server.instanceInfo?.port}`;
  const rows: string[] = [];
  try {
    for (const connections of levels) {
      const measured = await compare(['coalesced', 'one by one'], 'user', { ...options, connections }, url);
      for (const [kind, all] of measured) {
        const commands = rangeOf(all.map((each) => each.commands)).median;
        const rate = rangeOf(all.map((each) => each.requestsPerSecond)).median;
        rows.push(rowOf(connections, kind, micro(all).median.toFixed(1), Math.round(rate), commands.toFixed(2)));
      }
    }
  } finally {
    await server.stop();
  }
  return [
    rowOf('connections', 'server', 'CPU µs', 'requests/s', 'commands/request'),
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}
