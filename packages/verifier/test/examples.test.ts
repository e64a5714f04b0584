import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { type VerifyBearer, verifyBearer } from '@portcullis/verifier';
import { expressService } from '../examples/express.ts';
import { fastifyService } from '../examples/fastify.ts';
import { koaService } from '../examples/koa.ts';
import { type Issuer, listen, startIssuer } from './support.ts';

const examples: Readonly<Record<string, (verify: VerifyBearer) => Promise<RequestListener>>> = {
  Koa: async (verify) => koaService(verify).callback(),
  Express: async (verify) => expressService(verify),
  Fastify: async (verify) => {
    const app = fastifyService(verify);
    await app.ready();
    return (request, response) => app.routing(request, response);
  },
};

for (const [name, serve] of Object.entries(examples)) {
  describe(`the example for ${name}`, () => {
    let issuer: Issuer;
    let service: Awaited<ReturnType<typeof listen>>;
    before(async () => {
      issuer = await startIssuer();
      service = await listen(await serve(verifyBearer({ ...issuer.options, realm: 'reports' })));
    });
    after(async () => {
      await service.close();
      await issuer.close();
    });
    const get = (token?: string) =>
      fetch(`${service.url}/reports`, token === undefined ? {} : { headers: { Authorization: `Bearer ${token}` } });

    it('serves whoever is logged in, and knows who it is', async () => {
      const { access_token: token } = await issuer.register('one@example.org');
      const answer = await get(token);
      assert.equal(answer.status, 200);
      const { sub } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
      assert.deepEqual(await answer.json(), { reports: [], for: sub });
    });

    it('refuses a request without a token, and one with a forged one, each with its challenge', async () => {
      const none = await get();
      assert.equal(none.status, 401);
      assert.equal(none.headers.get('www-authenticate'), 'Bearer realm="reports"');
      const [head, , mac] = (await issuer.logIn('one@example.org')).access_token.split('.');
      const forged = await get(`${head}.${Buffer.from('{"admin":true}').toString('base64url')}.${mac}`);
      assert.equal(forged.status, 401);
      assert.equal(forged.headers.get('www-authenticate'), 'Bearer realm="reports", error="invalid_token"');
    });

    it('serves nobody from the next request on after a logout', async () => {
      let served = 0;
      for (let round = 0; round < 30; round += 1) {
        const { access_token: token } = await issuer.logIn('one@example.org');
        assert.equal((await get(token)).status, 200);
        await issuer.post('/auth/logout', token);
        if ((await get(token)).status !== 401) served += 1;
      }
      assert.equal(served, 0);
    });

    it('answers 503 where nobody can tell', async () => {
      const { access_token: token } = await issuer.logIn('one@example.org');
      await issuer.stop();
      const answer = await get(token);
      assert.equal(answer.status, 503);
      assert.ok(Number(answer.headers.get('retry-after')) > 0);
    });
  });
}
