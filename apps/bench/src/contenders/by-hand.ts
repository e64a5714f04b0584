import { createHmac, timingSafeEqual } from 'node:crypto';
import { ownUser, type PeerClaims, peerWorld, userOf, widgetPage } from '../world.ts';
import { type Contender, listen } from './contender.ts';

/**
 * What somebody writes by hand on `node:http` for these two requests: verified tokens are remembered, revocation and user are looked up in
 * maps, the body is made anew. No router, no schemas, no headers but the type and the length.
 */
export async function byHand(): Promise<Contender> {
  const world = peerWorld();
  const verified = new Map<string, PeerClaims>();

  function claimsOf(token: string): PeerClaims | undefined {
    const known = verified.get(token);
    if (known) return known.exp * 1000 > Date.now() ? known : undefined;
    const end = token.lastIndexOf('.');
    const expected = createHmac('sha256', world.secret).update(token.slice(0, end)).digest();
    const signature = Buffer.from(token.slice(end + 1), 'base64url');
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) return undefined;
    const claims: PeerClaims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    verified.set(token, claims);
    return claims;
  }

  const url = await listen((request, response) => {
    const claims = claimsOf(request.headers.authorization?.slice('Bearer '.length) ?? '');
    const user = claims && userOf(world, claims);
    const path = request.url ?? '';
    const shown =
      claims && user
        ? path === '/api/v1/auth/user'
          ? ownUser(user, claims)
          : widgetPage(world, Number(/page=(\d+)/.exec(path)?.[1] ?? 1))
        : { message: 'Unauthorized' };
    const body = JSON.stringify(shown);
    response.writeHead(user ? 200 : 401, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(body),
    });
    response.end(body);
  });
  return { url, tokens: world.tokens };
}
