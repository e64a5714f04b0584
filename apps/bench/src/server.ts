// One server of a benchmark, in a process of its own. The parent says which, and asks for counts.
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastifyJwt from '@fastify/jwt';
import { api } from '@portcullis/api';
import { type Login, type NewPassword, parseInfoUrl, parseWidgetName, widgetCollection } from '@portcullis/domain';
import { openMongo } from '@portcullis/persistence-mongodb';
import { compose, createApi, type OpenStore, openMemoryStore, openStore } from '@portcullis/service';
import Fastify from 'fastify';

export type Kind = 'sqlite' | 'memory' | 'coalesced' | 'one by one' | 'fastify';

/** What the parent gets as soon as the server listens. */
export interface Ready {
  readonly url: string;
  /** One of each user. */
  readonly tokens: readonly string[];
  readonly path: string;
}

const secret = randomBytes(48).toString('base64url');
let commands = 0;

async function ours(kind: Exclude<Kind, 'fastify'>, users: number, mongodbUrl: string): Promise<Ready> {
  const onMongo: OpenStore = async (_settings, { collections = [] }) => {
    const store = await openMongo({
      url: mongodbUrl,
      databaseName: `bench-${randomUUID()}`,
      collections,
      coalesces: kind === 'coalesced',
      onCommand: () => {
        commands += 1;
      },
    });
    return store;
  };
  const open = kind === 'sqlite' ? openStore : kind === 'memory' ? openMemoryStore : onMongo;
  const settings = api.settings.read({
    TOKEN_SECRET: secret,
    DATA_DIR: await mkdtemp(join(tmpdir(), 'portcullis-bench-')),
    ACCESS_TOKEN_LIFETIME_SECONDS: '86400',
    PASSWORD_HASH_MEMORY_KIB: '8',
    PASSWORD_HASH_PASSES: '1',
    PASSWORD_HASH_WAIT_SECONDS: '60',
  });
  if (!settings.ok) throw new TypeError(JSON.stringify(settings));
  const composed = await compose(api, settings.value, { serves: true, openStore: open });
  if (!composed.ok) throw new TypeError(JSON.stringify(composed));
  const { addUser, beginSession, collection } = composed.value;
  const tokens: string[] = [];
  let owner = '';
  for (let n = 0; n < users; n += 1) {
    const added = await addUser({
      login: `user-${n}@example.org` as Login,
      password: 'x' as NewPassword,
      admin: n === 0,
    });
    if (!added.ok) throw new TypeError();
    owner ||= added.value.id;
    const session = await beginSession(added.value, { userAgent: undefined });
    if (!session) throw new TypeError();
    tokens.push(session.access.text);
  }
  const [name, infoUrl] = [parseWidgetName('gate'), parseInfoUrl('https://example.org/')];
  if (!name.ok || !infoUrl.ok) throw new TypeError();
  const now = composed.value.clock();
  await collection(widgetCollection).add({
    name: name.value,
    infoUrl: infoUrl.value,
    deadline: now as never,
    createdAt: now,
    ownerId: owner as never,
  });
  const { app, basePath } = createApi(api.api(composed.value, settings.value), {
    prefix: '',
    publicUrl: () => '',
    log: { request: () => undefined, fault: (fault) => void process.stderr.write(`${fault}\n`) },
    newRequestId: randomUUID,
    checkReady: async () => undefined,
  });
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}`, tokens, path: `${basePath}/widgets/gate` };
}

/** What @fastify/jwt adds; its own declarations do not reach a Fastify that it does not resolve itself. */
interface Verifying {
  jwtVerify(): Promise<{ readonly sub: string; readonly jti: string }>;
}
interface Signing {
  readonly jwt: { sign(payload: object, options: { readonly expiresIn: string }): string };
}

/**
 * The peer: Fastify with its own JWT plugin, which checks the signature on every request, then revocation, user and widget in maps
 * of its own process. It has no store to wait for, validates no answer, and writes no security headers.
 */
async function peer(users: number): Promise<Ready> {
  const app = Fastify({ logger: false });
  await app.register(fastifyJwt, { secret });
  const revoked = new Set<string>();
  const known = new Map<string, { readonly email: string; readonly admin: boolean }>();
  const widgets = new Map([
    [
      'gate',
      { name: 'gate', info_url: 'https://example.org/', deadline: Date.now(), created_at: Date.now(), owner: '0' },
    ],
  ]);
  app.get<{ Params: { name: string } }>('/widgets/:name', async (request, reply) => {
    const { sub, jti } = await (request as unknown as Verifying).jwtVerify();
    const user = known.get(sub);
    if (!user || revoked.has(jti)) return reply.code(401).send({ message: 'Unauthorized' });
    const widget = widgets.get(request.params.name);
    if (!widget) return reply.code(404).send({ message: 'Not Found' });
    return {
      ...widget,
      created_at: new Date(widget.created_at).toISOString(),
      deadline: new Date(widget.deadline).toISOString(),
      deadline_passed: Date.now() > widget.deadline,
      owner: known.get(widget.owner),
    };
  });
  const tokens = Array.from({ length: users }, (_, n) => {
    known.set(String(n), { email: `user-${n}@example.org`, admin: n === 0 });
    return (app as unknown as Signing).jwt.sign(
      { sub: String(n), jti: randomUUID(), admin: n === 0 },
      { expiresIn: '1d' },
    );
  });
  return { url: await app.listen({ port: 0, host: '127.0.0.1' }), tokens, path: '/widgets/gate' };
}

process.on('message', (asked: 'count') => {
  process.send?.({ asked, commands });
  commands = 0;
});
process.on('disconnect', () => process.exit(0));

const [kind = 'sqlite', users = '1', mongodbUrl = ''] = process.argv.slice(2);
process.send?.(
  await (kind === 'fastify' ? peer(Number(users)) : ours(kind as Exclude<Kind, 'fastify'>, Number(users), mongodbUrl)),
);
