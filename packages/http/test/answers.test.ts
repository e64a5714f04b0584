import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ok } from '@portcullis/domain';
import { compileSchema, createService, routesOf, startServer, viewOf } from '@portcullis/http';
import { Validator } from '@seriousme/openapi-schema-validator';
import fc from 'fast-check';
import Type from 'typebox';
import { gate } from './support/gate.ts';
import { FORM, send } from './support/send.ts';
import { document, routes, serveToy, type ToyError, toyOptions } from './support/toy-service.ts';

const READERS = 3;
const CARRIER = ['Authorization', 'Bearer carrier'] as const;

describe('answers', () => {
  it('that are large are one copy for any number of clients, and never out of date', async () => {
    const ofRows = viewOf<readonly string[]>();
    const view = ofRows.view('Rows', { rows: ofRows.field(Type.Array(Type.String()), (rows) => [...rows]) });
    let rows: readonly string[] = [];
    const app = createService<ToyError>({
      ...toyOptions,
      log: { request: () => {}, fault: assert.ifError },
      routes: [
        routesOf<{ readonly public: null }, ToyError>()({
          method: 'get',
          path: '/rows',
          operationId: 'listRows',
          summary: 'All',
          tag: 'rows',
          access: 'public',
          success: { status: 200, description: 'All', view },
          handle: () => ok(rows),
        }),
      ],
    });
    const bodies: unknown[] = [];
    let all = gate();
    app.middleware.unshift(async (ctx, next) => {
      await next();
      bodies.push(ctx.body);
      // None is sent before each of them is made.
      if (bodies.length === READERS) all.open();
      await all.passed;
    });
    const server = await startServer(app.callback(), { host: '127.0.0.1', port: 0, presentClientError: () => ({}) });
    const read = async () => JSON.parse((await send(`http://127.0.0.1:${server.port}/toy/rows`)).text).rows;
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.string({ unit: 'binary', maxLength: 20 })), fc.boolean(), async (next, large) => {
          rows = large ? [...next, 'x'.repeat(20_000)] : next;
          bodies.length = 0;
          all = gate();
          const answers = await Promise.all(Array.from({ length: READERS }, read));
          for (const answer of answers) assert.deepEqual(answer, rows);
          assert.equal(new Set(bodies).size, 1);
          assert.equal(Buffer.isBuffer(bodies[0]), large);
        }),
        { numRuns: 50 },
      );
    } finally {
      await server.stop({ drainDelayMs: 0, graceMs: 0 });
    }
  });

  it('show what the view names and nothing else', async (t) => {
    const { url } = await serveToy(t);
    const { text, headers } = await send(`${url}/toy/parcels/a`);
    assert.deepEqual(JSON.parse(text), { name: 'a', weight: 3, link: '/toy/parcels/a' });
    assert.equal(headers['content-type'], 'application/json; charset=utf-8');
  });

  it('of a wrong type are a 500 whose log names the field, and no value anywhere', async (t) => {
    const { url, faults } = await serveToy(t);
    const { status, text } = await send(`${url}/toy/parcels/heavy`);
    assert.equal(status, 500);
    assert.deepEqual(JSON.parse(text), { message: 'Internal Server Error', requestId: 'made-here-1' });
    assert.match(String(faults[0]?.fault), /getParcel answers against its schema: \/weight must be integer/);
    assert.doesNotMatch(String(faults[0]?.fault), /secret/);
  });

  it('are the success that the handler named, with its headers, from the public URL', async (t) => {
    const { url } = await serveToy(t);
    const post = (body: string) =>
      send(`${url}/toy/parcels`, {
        method: 'POST',
        headers: [FORM, CARRIER, ['X-Forwarded-Host', 'evil.example']],
        body,
      });
    const sent = await post('name=box');
    assert.equal(sent.status, 201);
    assert.equal(sent.headers.location, 'https://parcels.example/toy/parcels/box');
    const known = await post('name=box&note=again');
    assert.equal(known.status, 200);
    assert.equal(known.headers.location, undefined);
  });

  it('link the pages of a list', async (t) => {
    const { url } = await serveToy(t);
    const list = (query: string) => send(`${url}/toy/parcels${query}`);
    const { headers } = await list('?page=2');
    assert.equal(headers['total-count'], '5');
    assert.equal(
      headers.link,
      ['self:2', 'first:1', 'prev:1', 'next:3', 'last:3']
        .map((link) => link.split(':'))
        .map(([rel, page]) => `</toy/parcels?page=${page}&per_page=2>; rel="${rel}"`)
        .join(', '),
    );
    assert.doesNotMatch(String((await list('?page=9')).headers.link), /next/);
    assert.deepEqual(JSON.parse((await list('?page=x&per_page=3')).text).fields, {
      page: 'not an integer',
      per_page: 'not a size',
    });
    assert.deepEqual(JSON.parse((await list('?page=1&page=2')).text).fields, { page: 'repeated' });
  });

  it('carry the security headers and a request id, errors included', async (t) => {
    const { url } = await serveToy(t);
    for (const path of ['/toy/parcels', '/nowhere', '/toy/parcels/bug', '/toy/parcels/lost']) {
      const { headers } = await send(`${url}${path}`);
      assert.equal(headers['x-content-type-options'], 'nosniff', path);
      assert.equal(headers['x-frame-options'], 'DENY');
      assert.equal(headers['referrer-policy'], 'no-referrer');
      assert.equal(headers['cache-control'], 'no-store');
      assert.match(String(headers['content-security-policy']), /default-src 'none'/);
      assert.equal(headers['x-request-id'], 'made-here-1');
    }
    const idOf = async (given: string) =>
      (await send(`${url}/toy/parcels`, { headers: [['X-Request-Id', given]] })).headers['x-request-id'];
    assert.equal(await idOf('from-a-proxy.1'), 'from-a-proxy.1');
    for (const given of ['short', 'with space in it', 'x'.repeat(65), 'quote"d-it']) {
      assert.equal(await idOf(given), 'made-here-1');
    }
  });

  it('are the same where a team has middleware in front, which sees them and changes them', async (t) => {
    const seen: unknown[] = [];
    const alone = await serveToy(t);
    const behind = await serveToy(t, {}, [(_ctx, next) => next()]);
    const changed = await serveToy(t, {}, [
      async (ctx, next) => {
        ctx.set('X-Before', 'team');
        ctx.set('X-Frame-Options', 'SAMEORIGIN');
        await next();
        seen.push([ctx.status, ctx.response.get('X-Frame-Options'), typeof ctx.body]);
        ctx.set('X-After', 'team');
        if (ctx.status === 404) ctx.body = 'Nothing here.';
      },
    ]);
    const accept = (type: string) => ['Accept', type] as const;
    for (const path of [
      '/toy/parcels',
      '/toy/parcels/a',
      '/toy/parcels/lost1',
      '/toy/parcels/bug',
      '/alive',
      '/none',
    ]) {
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'DELETE', 'PROPFIND']) {
        for (const headers of [[accept('*/*')], [accept('application/problem+json'), CARRIER, FORM]]) {
          const [one, other] = await Promise.all(
            [alone, behind].map(({ url }) => send(`${url}${path}`, { method, headers })),
          );
          const { date: _, ...own } = one?.headers ?? {};
          const { date: __, ...same } = other?.headers ?? {};
          assert.deepEqual({ ...one, headers: own }, { ...other, headers: same }, `${method} ${path}`);
        }
      }
    }
    assert.deepEqual(
      alone.requests.map(({ status, path }) => [status, path]).sort(),
      behind.requests.map(({ status, path }) => [status, path]).sort(),
    );
    const { headers } = await send(`${changed.url}/toy/parcels/a`);
    assert.deepEqual([headers['x-before'], headers['x-after'], headers['x-frame-options']], ['team', 'team', 'DENY']);
    assert.equal((await send(`${changed.url}/none`)).text, 'Nothing here.');
    assert.deepEqual(seen, [
      [200, 'DENY', 'string'],
      [404, 'DENY', 'string'],
    ]);
  });

  it('are schemas that the validator knows', () => {
    assert.throws(
      () => compileSchema(Type.Object({ at: Type.Array(Type.String({ format: 'emial' })) })),
      /unknown format.*emial/,
    );
    assert.equal(compileSchema(Type.String({ format: 'uuid' })).check('x'), false);
  });
});

describe('errors', () => {
  it('hide a bug and an outage, and tell the log', async (t) => {
    const { url, faults } = await serveToy(t);
    const bug = await send(`${url}/toy/parcels/bug`);
    assert.equal(bug.status, 500);
    assert.deepEqual(JSON.parse(bug.text), { message: 'Internal Server Error', requestId: 'made-here-1' });
    const away = await send(`${url}/toy/parcels/away`);
    assert.equal(away.status, 503);
    assert.equal(away.headers['retry-after'], '7');
    assert.deepEqual(JSON.parse(away.text), { message: 'Service Unavailable' });
    assert.deepEqual(
      faults.map(({ fault, requestId }) => [String(fault), requestId]),
      [
        ['TypeError: a secret of the inside', 'made-here-1'],
        ['Unavailable: store is unavailable', 'made-here-1'],
      ],
    );
  });

  it('are problem+json for whoever asks for it (RFC 9457)', async (t) => {
    const { url } = await serveToy(t);
    const lost = (accept: string) => send(`${url}/toy/parcels/lost1`, { headers: [['Accept', accept]] });
    const problem = await lost('application/problem+json');
    assert.equal(problem.headers['content-type'], 'application/problem+json');
    assert.equal(problem.headers.vary, 'Accept');
    assert.deepEqual(JSON.parse(problem.text), {
      type: 'about:blank',
      title: 'The parcel is lost',
      status: 404,
      detail: 'lost1 is lost',
      kind: 'parcel-lost',
      request_id: 'made-here-1',
    });
    for (const accept of [
      '*/*',
      'application/json',
      'text/html',
      'application/problem+json;q=0.1, application/json',
      '',
    ]) {
      const plain = await lost(accept);
      assert.deepEqual(JSON.parse(plain.text), { message: 'lost1 is lost' }, accept);
    }
    const fields = await send(`${url}/toy/notes`, {
      method: 'POST',
      headers: [['Accept', 'application/problem+json']],
    });
    assert.deepEqual(JSON.parse(fields.text).errors, { text: 'missing' });
  });
});

describe('CORS', () => {
  it('is open, answers preflights, and never allows credentials', async (t) => {
    const { url } = await serveToy(t);
    for (const path of ['/toy/parcels', '/nowhere', '/toy/parcels/bug']) {
      const { headers } = await send(`${url}${path}`);
      assert.equal(headers['access-control-allow-origin'], '*', path);
      assert.equal(headers['access-control-allow-credentials'], undefined);
    }
    const { headers } = await send(`${url}/toy/parcels`);
    for (const name of ['Link', 'Total-Count', 'Location', 'X-Request-Id', 'WWW-Authenticate', 'Retry-After']) {
      assert.ok(String(headers['access-control-expose-headers']).split(', ').includes(name), name);
    }
    const preflight = await send(`${url}/toy/parcels`, {
      method: 'OPTIONS',
      headers: [
        ['Origin', 'https://a.example'],
        ['Access-Control-Request-Method', 'PUT'],
        ['Access-Control-Request-Headers', 'authorization, x-one'],
      ],
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers['access-control-allow-methods'], 'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT');
    assert.equal(preflight.headers['access-control-allow-headers'], 'authorization, x-one');
  });

  it('lets scripts read every header that is for them, of every kind of answer', async (t) => {
    const { url } = await serveToy(t);
    /** Safelisted (Fetch Standard §2.2.2), or for browsers, caches and connections alone. */
    const notForScripts =
      /^(access-control-.*|cache-control|connection|content-(length|security-policy|type)|date|keep-alive|referrer-policy|transfer-encoding|vary|x-content-type-options|x-frame-options)$/;
    const seen = new Set<string>();
    for (const method of ['DELETE', 'GET', 'OPTIONS', 'PATCH', 'POST', 'PUT']) {
      for (const path of ['/toy/parcels', '/toy/parcels/lost1', '/toy/parcels/bug', '/toy/notes', '/nowhere']) {
        for (const coding of ['identity', 'unknown']) {
          const { headers } = await send(`${url}${path}`, {
            method,
            headers: [
              ['Content-Encoding', coding],
              ['Content-Type', 'application/json'],
            ],
            body: '{}',
          });
          const exposed = String(headers['access-control-expose-headers']).toLowerCase().split(', ');
          for (const name of Object.keys(headers)) {
            if (notForScripts.test(name)) continue;
            assert.ok(exposed.includes(name), `${method} ${path}: ${name}`);
            seen.add(name);
          }
        }
      }
    }
    for (const name of ['accept-encoding', 'allow', 'x-request-id']) assert.ok(seen.has(name), name);
  });

  it('may be for listed origins alone', async (t) => {
    const { url } = await serveToy(t, { cors: { origins: ['https://a.example'] } });
    const from = async (origin?: string) =>
      (await send(`${url}/toy/parcels`, { headers: origin === undefined ? [] : [['Origin', origin]] })).headers;
    assert.equal((await from('https://a.example'))['access-control-allow-origin'], 'https://a.example');
    for (const origin of ['https://b.example', 'https://a.example.evil', 'null', undefined]) {
      const headers = await from(origin);
      assert.equal(headers['access-control-allow-origin'], undefined);
      assert.match(String(headers.vary), /Origin/);
    }
  });
});

describe('the document', () => {
  it('is valid OpenAPI 3.1 and lists the routes', async () => {
    const { valid, errors } = await new Validator().validate(JSON.parse(JSON.stringify(document)));
    assert.ok(valid, JSON.stringify(errors));
    const { paths } = document as { paths: Record<string, object> };
    const listed = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item)
        .filter((key) => key !== 'servers')
        .map((method) => `${method} ${path}`),
    );
    const routed = routes.map(({ method, path }) => `${method} ${path.replace(':name', '{name}')}`);
    assert.deepEqual(listed.sort(), routed.sort());
  });

  it('groups failures by status, names models, and says who may', () => {
    const { paths, components } = document as unknown as {
      paths: Record<
        string,
        Record<string, { responses: Record<string, { description: string }>; security: unknown[] }>
      >;
      components: { schemas: object };
    };
    const send = paths['/parcels']?.post;
    assert.deepEqual(Object.keys(send?.responses ?? {}), [
      '200',
      '201',
      '400',
      '401',
      '403',
      '413',
      '415',
      '500',
      '503',
    ]);
    assert.equal(send?.responses[401]?.description, 'Unauthorized');
    assert.deepEqual(send?.security, [{ bearer: [] }]);
    assert.deepEqual(paths['/parcels']?.get?.security, []);
    assert.equal(paths['/parcels/{name}']?.get?.responses[404]?.description, 'The parcel is lost');
    assert.deepEqual(Object.keys(components.schemas), ['Error', 'InvalidInput', 'Parcel', 'Parcels']);
  });
});
