import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createService } from '@portcullis/http';
import { exchange, FORM, send } from './support/send.ts';
import { routes, serveToy, toyOptions } from './support/toy-service.ts';

const CARRIER = ['Authorization', 'Bearer carrier'] as const;

describe('routing', () => {
  it('takes a path as it is: letter case, closing slash and base matter', async (t) => {
    const { url } = await serveToy(t);
    assert.equal((await send(`${url}/toy/parcels`)).status, 200);
    for (const path of [
      '/toy/parcels/',
      '/toy/Parcels',
      '/parcels',
      '/toy',
      '/',
      '/toy/alive',
      '//toy/parcels',
      '/toy//parcels',
    ]) {
      const { status, text, headers } = await send(`${url}${path}`);
      assert.equal(status, 404, path);
      assert.deepEqual(JSON.parse(text), { message: 'Not Found' });
      assert.match(String(headers['content-type']), /^application\/json/);
    }
    assert.equal((await send(`${url}/alive`)).status, 204);
  });

  it('answers a method that the path does not have with those that it has', async (t) => {
    const { url } = await serveToy(t);
    for (const method of ['POST', 'PUT', 'PATCH', 'PROPFIND', 'TRACE']) {
      const { status, headers, text } = await send(`${url}/toy/parcels/a`, { method });
      assert.equal(status, 405, method);
      assert.deepEqual(String(headers.allow).split(', ').sort(), ['DELETE', 'GET', 'HEAD', 'OPTIONS']);
      assert.deepEqual(JSON.parse(text), { message: 'Method Not Allowed' });
    }
    const options = await send(`${url}/toy/parcels/a`, { method: 'OPTIONS' });
    assert.equal(options.status, 204);
    assert.match(String(options.headers.allow), /GET/);
    assert.equal((await send(`${url}/nowhere`, { method: 'OPTIONS' })).status, 404);
  });

  it('answers HEAD as GET without a body', async (t) => {
    const { url } = await serveToy(t);
    const get = await send(`${url}/toy/parcels/a`);
    const head = await send(`${url}/toy/parcels/a`, { method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.equal(head.text, '');
    assert.equal(head.headers['content-length'], get.headers['content-length']);
  });

  it('has no path that is a fault', async (t) => {
    const { port, faults } = await serveToy(t);
    for (const target of [
      '/toy/parcels/%',
      '/toy/parcels/%FF',
      '/toy/parcels/__proto__',
      '/toy/parcels/a%2Fb',
      '/%2e%2e',
      '/?%',
      '/toy/parcels?page=%FF',
      `/${'x'.repeat(9000)}`,
      'http://other.example/toy/parcels',
      '*',
    ]) {
      const answer = await exchange(port, `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      assert.match(answer, /^HTTP\/1\.1 (200|400|404|405) /, target);
    }
    assert.deepEqual(faults, []);
  });

  it('refuses two Host lines (RFC 9112 §3.2)', async (t) => {
    const { port } = await serveToy(t);
    const answer = await exchange(port, 'GET /toy/parcels HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n');
    assert.match(answer, /^HTTP\/1\.1 400 /);
  });

  it('does not start with routes that contradict each other or the access table', () => {
    const [first] = routes;
    assert.ok(first);
    const log = { request() {}, fault() {} };
    for (const [wrong, message] of [
      [[first, first], /two routes are/],
      [[first, { ...first, operationId: 'other' }], /two routes are get/],
      [[{ ...first, access: 'nobody' }], /no such access: nobody/],
    ] as const) {
      assert.throws(() => createService({ ...toyOptions, routes: wrong, log }), message);
    }
  });
});

describe('guards', () => {
  it('come first: token, then role, then the fields, then what is there', async (t) => {
    const { url } = await serveToy(t);
    const wrong = { method: 'DELETE', headers: [FORM] };
    assert.equal((await send(`${url}/toy/parcels/too-long`, wrong)).status, 401);
    assert.equal(
      (await send(`${url}/toy/parcels/too-long`, { ...wrong, headers: [['Authorization', 'Bearer other']] })).status,
      403,
    );
    const fields = await send(`${url}/toy/parcels/too-long`, { ...wrong, headers: [CARRIER] });
    assert.equal(fields.status, 400);
    assert.deepEqual(JSON.parse(fields.text).fields, { name: 'over 5' });
    assert.equal((await send(`${url}/toy/parcels/short`, { ...wrong, headers: [CARRIER] })).status, 204);
  });

  it('challenge as RFC 6750 §3 has it, with the realm quoted', async (t) => {
    const { url } = await serveToy(t);
    const challenge = async (...headers: [string, string][]) =>
      (await send(`${url}/toy/parcels/a`, { method: 'DELETE', headers })).headers['www-authenticate'];
    const bare = 'Bearer realm="the \\"yard\\""';
    const invalid = `${bare}, error="invalid_token", error_description="Unauthorized"`;
    assert.equal(await challenge(), bare);
    assert.equal(await challenge(['Authorization', '']), bare);
    assert.equal(await challenge(['Authorization', 'carrier']), bare);
    assert.equal(await challenge(['Authorization', 'Basic carrier']), bare);
    assert.equal(await challenge(['Cookie', 'token=carrier']), bare);
    assert.equal(await challenge(['Authorization', 'Bearer']), invalid);
    assert.equal(await challenge(['Authorization', 'Bearer a b']), invalid);
    assert.equal(await challenge(['Authorization', 'Bearer a,b']), invalid);
    assert.equal(await challenge(['Authorization', 'Bearer carrier'], ['Authorization', 'Bearer carrier']), invalid);
    assert.match(String(await challenge(['Authorization', 'Bearer x'])), /error="insufficient_scope"/);
    for (const authorization of ['bearer carrier', 'BEARER   carrier']) {
      assert.equal(await challenge(['Authorization', authorization]), undefined);
    }
  });

  it('leave the subject in the log, and neither token nor query', async (t) => {
    const { url, requests } = await serveToy(t);
    await send(`${url}/toy/parcels/a?access_token=carrier`, { method: 'DELETE', headers: [CARRIER] });
    assert.equal(requests.length, 1);
    const { durationMs, ...entry } = requests[0] ?? {};
    assert.ok(Number(durationMs) >= 0);
    assert.deepEqual(entry, {
      requestId: 'made-here-1',
      method: 'DELETE',
      path: '/toy/parcels/a',
      status: 204,
      subject: 'the carrier',
    });
  });
});
