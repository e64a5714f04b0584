import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { jwt } from 'hono/jwt';
import { ownUser, type PeerClaims, peerWorld, SECURITY_HEADERS, userOf, widgetPage } from '../world.ts';
import { type Contender, listen } from './contender.ts';

/** Hono on Node with its own JWT middleware. */
export async function hono(): Promise<Contender> {
  const world = peerWorld();
  const app = new Hono<{ Variables: { jwtPayload: PeerClaims } }>();
  app.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) context.header(name, value);
  });
  app.use(jwt({ secret: await hmacKey(world.secret), alg: 'HS256' }));
  app.get('/api/v1/auth/user', (context) => {
    const claims = context.get('jwtPayload');
    const user = userOf(world, claims);
    return user ? context.json(ownUser(user, claims)) : context.json({ message: 'Unauthorized' }, 401);
  });
  app.get('/api/v1/widgets', (context) =>
    userOf(world, context.get('jwtPayload'))
      ? context.json(widgetPage(world, Number(context.req.query('page') ?? 1)))
      : context.json({ message: 'Unauthorized' }, 401),
  );
  return { url: await listen(getRequestListener(app.fetch)), tokens: world.tokens };
}

const hmacKey = (secret: Buffer) =>
  crypto.subtle.importKey('raw', new Uint8Array(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
