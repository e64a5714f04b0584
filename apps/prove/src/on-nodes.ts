import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api } from '@portcullis/api';
import type { Result } from '@portcullis/domain';
import { type Composition, composed, type Io, type Refusal, type ServiceDefinition } from '@portcullis/service';
import { type NodeProcess, startNode } from './node-process.ts';

type ApiComposition =
  typeof api extends ServiceDefinition<infer S, infer K, infer _Fault, infer _E> ? Composition<S, K> : never;

export interface NodesOptions {
  readonly count: number;
  /** Beside those of whoever starts it. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Runs `work` beside so many processes of this program, all on one store; an embedded one is a new file, and gone afterwards. */
export async function onNodes<T>(
  io: Io,
  { count, settings = {} }: NodesOptions,
  work: (composition: ApiComposition, nodes: readonly NodeProcess[]) => Promise<Result<T, Refusal>>,
): Promise<Result<T, Refusal>> {
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-prove-'));
  const own: Io = { ...io, environment: { ...io.environment, ...settings, DATA_DIR: folder } };
  const nodes: NodeProcess[] = [];
  try {
    return await composed(
      api,
      own,
      async (composition) => {
        for (let started = 0; started < count; started += 1) nodes.push(await startNode(own));
        return work(composition, nodes);
      },
      'write',
    );
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
    await rm(folder, { recursive: true, force: true });
  }
}
