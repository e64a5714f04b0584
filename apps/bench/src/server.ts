// One contender, in a process of its own. The parent says which, and asks what it has used.
import { randomUUID } from 'node:crypto';
import { register } from 'node:module';
import type { Contender } from './contenders/contender.ts';

/** How each is started. Nothing of one is loaded for another. */
const CONTENDERS = {
  bare: async () => (await import('./contenders/bare.ts')).bare,
  'by hand': async () => (await import('./contenders/by-hand.ts')).byHand,
  sqlite: async () => (await ours())((await service()).openStore),
  memory: async () => (await ours())(async () => (await import('@portcullis/persistence-memory')).memoryStores()),
  coalesced: onMongo,
  'one by one': () => {
    coalesceNothing();
    return onMongo();
  },
  fastify: async () => (await import('./contenders/fastify.ts')).fastify(false),
  'fastify, cache': async () => (await import('./contenders/fastify.ts')).fastify(true),
  express: async () => (await import('./contenders/express.ts')).expressServer,
  hono: async () => (await import('./contenders/hono.ts')).hono,
  nest: async () => (await import('./contenders/nest.ts')).nest,
  koa: async () => (await import('./contenders/koa.ts')).koa,
} satisfies Record<string, () => Promise<() => Promise<Contender>>>;

export type Kind = keyof typeof CONTENDERS;

/** What the parent is told when it asks, since it last asked: CPU of the whole process, and commands to the database. */
export interface Used {
  readonly cpuMicroseconds: number;
  readonly commands: number;
}

const [kind = 'bare', mongodbUrl = ''] = process.argv.slice(2);
let commands = 0;

const ours = async () => (await import('./contenders/ours.ts')).ours;
const service = () => import('@portcullis/service');

/** In the place of the adapter's own file: a query for each call, which is what coalescing is measured against. */
const ONE_BY_ONE = 'export const coalesced = (ask) => async (item) => (await ask([item]))[0];';
const moduleOf = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;

/** Has effect on what is loaded later. The adapter has no switch for it. */
const coalesceNothing = (): void =>
  register(
    moduleOf(`export async function resolve(specifier, context, next) {
      const found = await next(specifier, context);
      const isIt = /\\/persistence-mongodb\\/(src|dist)\\/coalesce\\.[jt]s$/.test(found.url);
      return isIt ? { url: ${JSON.stringify(moduleOf(ONE_BY_ONE))}, format: 'module', shortCircuit: true } : found;
    }`),
  );

async function onMongo() {
  const { openMongo } = await import('@portcullis/persistence-mongodb');
  return (await ours())(({ collections = [] }) =>
    openMongo({
      url: mongodbUrl,
      databaseName: `bench-${randomUUID()}`,
      collections,
      onCommand: () => {
        commands += 1;
      },
    }),
  );
}

let since = process.cpuUsage();
process.on('message', () => {
  const { user, system } = process.cpuUsage(since);
  const used: Used = { cpuMicroseconds: user + system, commands };
  since = process.cpuUsage();
  commands = 0;
  process.send?.(used);
});
process.on('disconnect', () => process.exit(0));

const start = await CONTENDERS[kind as Kind]();
process.send?.(await start());
