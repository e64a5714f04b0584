import { createSecretKey } from 'node:crypto';
import express, { type Request, type Response } from 'express';
import jwt from 'jsonwebtoken';
import { ownUser, type PeerClaims, type PeerUser, peerWorld, SECURITY_HEADERS, userOf, widgetPage } from '../world.ts';
import { type Contender, listen } from './contender.ts';

/** Express with jsonwebtoken. The secret is a KeyObject: given as bytes, each request would take four times as long. */
export async function expressServer(): Promise<Contender> {
  const world = peerWorld();
  const key = createSecretKey(world.secret);
  const app = express();
  app.use((_request, response, next) => {
    response.set(SECURITY_HEADERS);
    next();
  });
  const authenticated =
    (answer: (user: PeerUser, claims: PeerClaims, request: Request) => unknown) =>
    (request: Request, response: Response) => {
      const token = request.headers.authorization?.slice('Bearer '.length) ?? '';
      const claims = jwt.verify(token, key) as unknown as PeerClaims;
      const user = userOf(world, claims);
      if (user) response.json(answer(user, claims, request));
      else response.status(401).json({ message: 'Unauthorized' });
    };
  app.get('/api/v1/auth/user', authenticated(ownUser));
  app.get(
    '/api/v1/widgets',
    authenticated((_user, _claims, { query }) => widgetPage(world, Number(query.page ?? 1))),
  );
  return { url: await listen(app), tokens: world.tokens };
}
