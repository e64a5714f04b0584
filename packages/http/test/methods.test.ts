import assert from 'node:assert/strict';
import { METHODS } from 'node:http';
import { describe, it } from 'node:test';
import { createService, type RefusedRequests, startServer } from '@portcullis/http';
import fc from 'fast-check';
import { gate } from './support/gate.ts';
import { rawConnection } from './support/raw-connection.ts';
import { exchange } from './support/send.ts';
import { type Listener, serve } from './support/serve.ts';
import { serveToy, toyOptions } from './support/toy-service.ts';

const ROUTED = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const UPGRADE = 'Connection: keep-alive, Upgrade\r\nUpgrade: h2c\r\n';
const CONNECT = 'CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n';

/** The one answer in `received`, and that nothing follows it. */
function onlyAnswer(received: string) {
  const [head = '', body = ''] = received.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = new Headers(lines.map((line) => line.split(': ', 2) as [string, string]));
  assert.equal(Number(headers.get('Content-Length')), Buffer.byteLength(body, 'latin1'), received);
  return { status: statusLine.slice('HTTP/1.1 '.length), headers, body };
}

describe('CONNECT', () => {
  it('is answered with 405, in the shape of every refusal, and logged', async (t) => {
    const lines: RefusedRequests[] = [];
    const server = await startServer(createService({ ...toyOptions, log: { request() {}, fault() {} } }).callback(), {
      host: '127.0.0.1',
      port: 0,
      presentClientError: (status) => ({ status }),
      log: { refused: (refused) => lines.push(refused) },
    });
    t.after(() => server.stop({ drainDelayMs: 0, graceMs: 0 }));
    const { status, headers, body } = onlyAnswer(await exchange(server.port, CONNECT, { halfClose: false }));
    assert.equal(status, '405 Method Not Allowed');
    assert.equal(headers.get('Connection'), 'close');
    assert.match(headers.get('Allow') ?? '', /\bGET\b/);
    assert.match(headers.get('Content-Type') ?? '', /^application\/json/);
    assert.deepEqual(JSON.parse(body), { status: 405 });
    assert.deepEqual(lines, [{ status: 405, count: 1 }]);
  });

  it('is answered behind the answers to what came before it, and nothing behind it is (generated)', async (t) => {
    const { port } = await serve(t, ({ url }, response) => setImmediate(() => response.end(`[${url}]`)));
    await fc.assert(
      fc.asyncProperty(fc.nat(5), fc.stringMatching(/^[\x20-\x7e]{0,40}$/), async (before, tunnelled) => {
        const requests = Array.from({ length: before }, (_, at) => `GET /${at} HTTP/1.1\r\nHost: a\r\n\r\n`);
        const behind = `${tunnelled}GET /never HTTP/1.1\r\nHost: a\r\n\r\n`;
        const received = await exchange(port, `${requests.join('')}${CONNECT}${behind}`, { halfClose: false });
        const answered = [...received.matchAll(/\[\/(\w+)\]/g)].map(([, url]) => url);
        assert.deepEqual(
          answered,
          requests.map((_, at) => String(at)),
        );
        assert.match(received, /HTTP\/1\.1 405 Method Not Allowed\r\n/);
      }),
      { numRuns: 40 },
    );
  });

  it('of a client that resets, stalls or goes on sending ends nothing but its connection', async (t) => {
    const released = gate();
    const listener: Listener = async ({ url }, response) => {
      if (url === '/slow') await released.passed;
      response.end('[done]');
    };
    const { port } = await serve(t, listener, { stallTimeoutMs: 100 });
    const stalled = await rawConnection(port);
    stalled.write(`GET /slow HTTP/1.1\r\nHost: a\r\n\r\n${CONNECT}`);
    assert.equal((await stalled.ended).received, '');
    for (let round = 0; round < 5; round += 1) {
      const client = await rawConnection(port);
      client.write(`GET /slow HTTP/1.1\r\nHost: a\r\n\r\n${CONNECT}${'x'.repeat(100_000)}`);
      client.socket.resetAndDestroy();
      await client.ended;
    }
    released.open();
    assert.match(await exchange(port, 'GET / HTTP/1.0\r\n\r\n'), /\[done\]$/);
  });
});

describe('a request of any method', () => {
  it('that no route has is answered with 4xx and a body, or refused as no HTTP, and ends nothing', async (t) => {
    const { port, faults } = await serveToy(t);
    const unknown = ['FOO', 'get', 'GETX', 'DESCRIBE', 'SETUP', 'FLUSH', 'ICE'];
    for (const method of [...METHODS.filter((one) => !ROUTED.includes(one)), ...unknown]) {
      for (const more of ['', UPGRADE]) {
        for (const path of ['/toy/parcels', '/nowhere']) {
          const target = method === 'CONNECT' ? 'x:1' : path;
          const text = `${method} ${target} HTTP/1.1\r\nHost: x\r\n${more || 'Connection: close\r\n'}\r\n`;
          const { status, headers, body } = onlyAnswer(await exchange(port, text));
          assert.match(status, /^(400|404|405) /, text);
          assert.equal(headers.has('Allow'), status.startsWith('405'), text);
          assert.equal(typeof JSON.parse(body), 'object');
        }
      }
    }
    assert.match(await exchange(port, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), /^HTTP\/1\.1 400 /);
    assert.deepEqual(faults, []);
  });

  it('that asks for another protocol is handled as any other, and says that its answer is the last one', async (t) => {
    const { port } = await serve(t, async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      response.end(`[${Buffer.concat(chunks)}]`);
    });
    for (const method of METHODS.filter((one) => one !== 'CONNECT' && one !== 'HEAD')) {
      const text = `${method} / HTTP/1.1\r\nHost: a\r\n${UPGRADE}Content-Length: 3\r\n\r\nabc`;
      // Node drops what comes behind it in the same piece.
      const received = await exchange(port, `${text}GET / HTTP/1.1\r\nHost: a\r\n\r\n`, { halfClose: false });
      const { headers, body } = onlyAnswer(received);
      assert.equal(headers.get('Connection'), 'close', method);
      assert.equal(body, '[abc]', method);
    }
  });
});
