import type { BearerToken, VerifyBearer } from '@portcullis/verifier';
import express, { type Express, type RequestHandler } from 'express';

const loggedIn =
  (verify: VerifyBearer): RequestHandler<object, unknown, unknown, unknown, { token: BearerToken }> =>
  async (request, response, next) => {
    const verified = await verify(request.headers.authorization);
    if (!verified.ok) {
      response.status(verified.status).set(verified.headers).json({ message: 'Please log in.' });
      return;
    }
    response.locals.token = verified.token;
    next();
  };

/** A service of one route that only those may read who are logged in. */
export function expressService(verify: VerifyBearer): Express {
  const app = express();
  app.get('/reports', loggedIn(verify), (_request, response) => {
    response.json({ reports: [], for: response.locals.token.sub });
  });
  return app;
}
