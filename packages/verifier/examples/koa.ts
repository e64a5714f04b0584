import type { BearerToken, VerifyBearer } from '@portcullis/verifier';
import Koa from 'koa';

interface State {
  token: BearerToken;
}

/** A service of one route that only those may read who are logged in. */
export function koaService(verify: VerifyBearer): Koa<State> {
  const app = new Koa<State>();

  app.use(async (ctx, next) => {
    const verified = await verify(ctx.get('Authorization'));
    if (!verified.ok) {
      ctx.status = verified.status;
      ctx.set({ ...verified.headers });
      ctx.body = { message: 'Please log in.' };
      return;
    }
    ctx.state.token = verified.token;
    await next();
  });

  app.use((ctx) => {
    ctx.body = { reports: [], for: ctx.state.token.sub };
  });
  return app;
}
