import fastifyJwt from '@fastify/jwt';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { ownUser, type PeerClaims, type PeerUser, peerWorld, SECURITY_HEADERS, userOf, widgetPage } from '../world.ts';
import type { Contender } from './contender.ts';

/** What @fastify/jwt adds; its own declarations do not reach a Fastify that it does not resolve itself. */
interface Verifying {
  jwtVerify(): Promise<PeerClaims>;
}

/** Fastify with its JWT plugin, as their pages have it. @param cache whether verified tokens are remembered, which is off by default */
export const fastify = (cache: boolean) => async (): Promise<Contender> => {
  const world = peerWorld();
  const app = Fastify({ logger: false });
  await app.register(fastifyJwt, { secret: world.secret, verify: { cache } });
  app.addHook('onRequest', async (_request, reply) => void reply.headers(SECURITY_HEADERS));

  const authenticated =
    (answer: (user: PeerUser, claims: PeerClaims, request: FastifyRequest) => unknown) =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      const claims = await (request as unknown as Verifying).jwtVerify();
      const user = userOf(world, claims);
      return user ? answer(user, claims, request) : reply.code(401).send({ message: 'Unauthorized' });
    };
  app.get('/api/v1/auth/user', authenticated(ownUser));
  app.get(
    '/api/v1/widgets',
    authenticated((_user, _claims, { query }) => widgetPage(world, Number((query as { page?: string }).page ?? 1))),
  );
  return { url: await app.listen({ port: 0, host: '127.0.0.1' }), tokens: world.tokens };
};
