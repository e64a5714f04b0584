import type { BearerToken, VerifyBearer } from '@portcullis/verifier';
import fastify, { type FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    token: BearerToken | null;
  }
}

/** A service of one route that only those may read who are logged in. */
export function fastifyService(verify: VerifyBearer): FastifyInstance {
  const app = fastify();
  app.decorateRequest('token', null);

  app.addHook('onRequest', async (request, reply) => {
    const verified = await verify(request.headers.authorization);
    if (!verified.ok) return reply.code(verified.status).headers(verified.headers).send({ message: 'Please log in.' });
    request.token = verified.token;
    return undefined;
  });

  app.get('/reports', async ({ token }) => ({ reports: [], for: token?.sub }));
  return app;
}
