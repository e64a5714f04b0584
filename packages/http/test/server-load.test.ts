import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { gate } from './support/gate.ts';
import { rawConnection } from './support/raw-connection.ts';
import { type Listener, serve } from './support/serve.ts';

const request = (path = '/'): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
const MEGABYTES = Buffer.alloc(32_000_000, 'x');

/** Counts the requests that it is given, and answers each with more than any socket takes in. */
function countingListener() {
  const seen: string[] = [];
  const first = gate();
  const listener: Listener = ({ url = '' }, response) => {
    seen.push(url);
    first.open();
    response.end(MEGABYTES);
  };
  return { seen, listener, first: first.passed };
}

describe('a connection', { timeout: 60_000 }, () => {
  it('that pipelines without reading has one request handled', async (t) => {
    const { seen, listener, first } = countingListener();
    const { port } = await serve(t, listener);
    const clients = await Promise.all(Array.from({ length: 10 }, () => rawConnection(port)));
    for (const client of clients) {
      client.socket.pause();
      client.write(request().repeat(5_000));
    }
    await first;
    // The others have had their turns, and a request that is read is counted in the same turn.
    const other = await rawConnection(port);
    other.write(request('/other'));
    for (let turns = 0; turns < 200; turns += 1) await turn();
    assert.ok(seen.filter((url) => url === '/').length <= clients.length);
    // Answered though the others are not done.
    await other.until('x'.repeat(1_000));
    for (const { socket } of [...clients, other]) socket.destroy();
  });

  it('that pipelines leaves a turn of the event loop to the others between two of its requests', async (t) => {
    let turns = 0;
    const turnsOfRequests: number[] = [];
    const { port } = await serve(t, (_request, response) => {
      turnsOfRequests.push(turns);
      response.end('[done]');
    });
    const count = () => {
      turns += 1;
      next = setImmediate(count);
    };
    let next = setImmediate(count);
    t.after(() => clearImmediate(next));
    const client = await rawConnection(port);
    client.write(`${request().repeat(300)}${request('/last')}`);
    while (turnsOfRequests.length < 301) await turn();
    assert.equal(new Set(turnsOfRequests).size, turnsOfRequests.length);
    client.socket.destroy();
  });

  it('gets the answers to all that it pipelined, in order and one at a time', async (t) => {
    let atOnce = 0;
    const { port } = await serve(t, async ({ url, method }, response) => {
      atOnce += 1;
      assert.equal(atOnce, 1);
      await turn();
      response.once('finish', () => {
        atOnce -= 1;
      });
      response.end(`[${method} ${url}]`);
    });
    const paths = Array.from({ length: 3_000 }, (_, index) => `/${index}`);
    const client = await rawConnection(port);
    client.write(paths.map(request).join(''));
    const received = await client.until('/2999]');
    assert.deepEqual(
      [...received.matchAll(/\[GET (.*?)\]/g)].map(([, path]) => path),
      paths,
    );
    client.socket.destroy();
  });

  it('is answered whole, however its requests and bodies are cut into pieces', async (t) => {
    const { port } = await serve(t, async (incoming, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk);
      response.end(`[${Buffer.concat(chunks).length}]`);
    });
    const sizes = fc.array(fc.constantFrom(0, 1, 10, 1_000, 70_000), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.infiniteStream(fc.integer({ min: 500, max: 100_000 })), async (bodies, cuts) => {
        const sent = bodies
          .map((size) => `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n${'b'.repeat(size)}`)
          .join('');
        const client = await rawConnection(port);
        for (let at = 0; at < sent.length; ) {
          const { value: length } = cuts.next();
          client.write(sent.slice(at, at + length));
          at += length;
          await turn();
        }
        client.write('GET /end HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
        const { received } = await client.ended;
        assert.deepEqual(
          [...received.matchAll(/\[(\d+)\]/g)].map(([, size]) => Number(size)),
          [...bodies, 0],
        );
      }),
      { numRuns: 40 },
    );
  });

  it('that brings more than may wait is ended after the answers to what does', async (t) => {
    const released = gate();
    const { port } = await serve(
      t,
      async ({ url }, response) => {
        await released.passed;
        response.end(`[${url}]`);
      },
      { maxWaitingRequests: 10 },
    );
    const client = await rawConnection(port);
    client.write(Array.from({ length: 100 }, (_, index) => request(`/${index}`)).join(''));
    released.open();
    const { received, reset } = await client.ended;
    assert.equal(reset, false);
    assert.deepEqual(
      [...received.matchAll(/\[\/(\d+)\]/g)].map(([, index]) => Number(index)),
      Array.from({ length: 11 }, (_, index) => index),
    );
    assert.match(received, /Connection: close\r\n(?:(?!HTTP).)*\[\/10\]$/s);
  });

  it('leaves nothing behind of the requests that waited on it when it goes', async (t) => {
    let arrived = gate();
    let kept: ServerResponse | undefined;
    const listener: Listener = ({ url }, response) => {
      if (url === '/kept' && !kept) {
        kept = response;
        arrived.open();
      } else response.end(`[${url}]`);
    };
    const { port } = await serve(t, listener, { maxWaitingRequests: 5 });
    for (let round = 0; round < 4; round += 1) {
      const client = await rawConnection(port);
      client.write(request('/kept').repeat(6));
      await arrived.passed;
      const socket = kept?.req.socket;
      const gone = new Promise((resolve) => socket?.once('close', resolve));
      client.socket.resetAndDestroy();
      kept?.end(MEGABYTES);
      await gone;
      [arrived, kept] = [gate(), undefined];
    }
    const last = await rawConnection(port);
    last.write(`${request('/kept')}${request('/5').repeat(5)}`);
    await arrived.passed;
    kept?.end('[kept]');
    const received = await last.until('[/5]');
    assert.match(received, /keep-alive/);
    last.write(request('/last'));
    await last.until('[/last]');
    last.socket.destroy();
  });
});

it('never handles a request that waits and whose body cannot be read', async (t) => {
  const [arrived, released] = [gate(), gate()];
  const seen: string[] = [];
  const { port } = await serve(t, async ({ url = '' }, response) => {
    seen.push(url);
    arrived.open();
    await released.passed;
    response.end(`[${url}]`);
  });
  const client = await rawConnection(port);
  client.write(`${request('/first')}POST /next HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n`);
  await arrived.passed;
  released.open();
  assert.match((await client.ended).received, /\[\/first\]HTTP\/1.1 400 /);
  assert.deepEqual(seen, ['/first']);
});

it('refuses one connection more than the limit at once, in words, and takes one when another goes', async (t) => {
  const { port } = await serve(t, (_incoming, response) => response.end('served'), { maxConnections: 3 });
  const taken = await Promise.all(Array.from({ length: 3 }, () => rawConnection(port)));
  for (const client of taken) {
    client.write(request());
    await client.until('served');
  }
  for (let more = 0; more < 5; more += 1) {
    const { received } = await (await rawConnection(port)).ended;
    assert.match(received, /^HTTP\/1.1 503 .*Connection: close\r\n.*Retry-After: 1\r\n.*refus/s);
  }
  taken[0]?.socket.destroy();
  let received = '';
  while (!received.includes('served')) {
    const client = await rawConnection(port);
    client.write(request().replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
    received = (await client.ended).received;
  }
  for (const { socket } of taken) socket.destroy();
});
