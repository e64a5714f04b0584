import Router from '@koa/router';
import { jwtVerify } from 'jose';
import Koa, { type Context } from 'koa';
import bodyParser from 'koa-bodyparser';
import { ownUser, type PeerClaims, peerWorld, SECURITY_HEADERS, userOf, widgetPage } from '../world.ts';
import { type Contender, listen } from './contender.ts';

/** Koa as tutorials have it: four middlewares, @koa/router, jose's `jwtVerify` for each request. */
export async function koa(): Promise<Contender> {
  const world = peerWorld();
  const secret = new Uint8Array(world.secret);
  const app = new Koa();
  const router = new Router();
  app.use(async (ctx, next) => {
    ctx.set(SECURITY_HEADERS);
    await next();
  });
  app.use(bodyParser());
  app.use(async (ctx, next) => {
    const { payload } = await jwtVerify<PeerClaims>(ctx.get('Authorization').slice('Bearer '.length), secret);
    const user = userOf(world, payload);
    if (!user) ctx.throw(401);
    ctx.state.user = user;
    ctx.state.claims = payload;
    await next();
  });
  router.get('/api/v1/auth/user', (ctx: Context) => {
    ctx.body = ownUser(ctx.state.user, ctx.state.claims);
  });
  router.get('/api/v1/widgets', (ctx: Context) => {
    ctx.body = widgetPage(world, Number(ctx.query.page ?? 1));
  });
  app.use(router.routes());
  return { url: await listen(app.callback()), tokens: world.tokens };
}
