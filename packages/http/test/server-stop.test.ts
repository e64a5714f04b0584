import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startServer } from '@portcullis/http';
import Koa from 'koa';
import { gate } from './support/gate.ts';
import { rawConnection } from './support/raw-connection.ts';
import { type Listener, serve } from './support/serve.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const answerOk: Listener = (_request, response) => response.end('served');

/** A listener whose answers wait for the test, and the moment when a request has come to it. */
function heldListener() {
  const arrived = gate();
  const released = gate();
  const listener: Listener = async (_request, response) => {
    arrived.open();
    await released.passed;
    response.end('finished');
  };
  return { listener, arrived: arrived.passed, release: released.open };
}

describe('a stopping server', { timeout: 30_000 }, () => {
  it('lets a request under way finish, and says in its answer that the connection ends', async (t) => {
    const { listener, arrived, release } = heldListener();
    const server = await serve(t, listener);
    const client = await rawConnection(server.port);
    client.write(GET);
    await arrived;
    const closed = server.stop({ drainDelayMs: 0 });
    release();
    const { received, reset } = await client.ended;
    await closed;
    assert.equal(reset, false);
    assert.match(received, /^HTTP\/1.1 200 OK\r\n/);
    assert.match(received, /\r\nConnection: close\r\n/);
    assert.match(received, /finished/);
  });

  it('still answers while it drains, with Connection: close, on old connections and on new ones', async (t) => {
    const server = await serve(t, (_request, response) => response.end(`draining: ${server.draining()}`));
    const old = await rawConnection(server.port);
    old.write(GET);
    const before = await old.until('draining: false');
    assert.match(before, /\r\nConnection: keep-alive\r\n/);
    const closed = server.stop({ drainDelayMs: 200 });
    for (const client of [old, await rawConnection(server.port)]) {
      client.write(GET);
      const { received, reset } = await client.ended;
      assert.equal(reset, false);
      assert.match(received.replace(before, ''), /\r\nConnection: close\r\n.*draining: true/s);
    }
    await closed;
    await assert.rejects(rawConnection(server.port), { code: 'ECONNREFUSED' });
  });

  it('says Connection: close where the application fails, too', async (t) => {
    const app = new Koa();
    app.silent = true;
    const { arrived, release, listener } = heldListener();
    app.use(async (ctx) => {
      await listener(ctx.req, { end: () => undefined } as never);
      throw new Error('a bug');
    });
    const server = await serve(t, app.callback());
    const client = await rawConnection(server.port);
    client.write(GET);
    await arrived;
    const closed = server.stop({ drainDelayMs: 0 });
    release();
    assert.match((await client.ended).received, /^HTTP\/1.1 500 .*\r\nConnection: close\r\n/s);
    await closed;
  });

  it('waits neither for connections without a request nor for ones on which nothing was ever sent', async (t) => {
    const server = await serve(t, answerOk);
    const idle = await rawConnection(server.port);
    const silent = await rawConnection(server.port);
    idle.write(GET);
    await idle.until('served');
    await server.stop({ drainDelayMs: 0, graceMs: 60_000 });
    assert.equal((await idle.ended).reset, false);
    assert.deepEqual(await silent.ended, { received: '', reset: false });
  });

  it('lets an answer finish that was begun as one of several, and ends the connection then', async (t) => {
    const { arrived, release, listener } = heldListener();
    const server = await serve(
      t,
      (request, response) => {
        response.write('begun ');
        return request.url === '/' ? listener(request, response) : response.end();
      },
      { keepAliveTimeoutMs: 600_000 },
    );
    const client = await rawConnection(server.port);
    const idle = await rawConnection(server.port);
    client.write(GET);
    idle.write('GET /idle HTTP/1.1\r\nHost: a\r\n\r\n');
    await Promise.all([arrived, client.until('begun'), idle.until('begun')]);
    const closed = server.stop({ drainDelayMs: 0, graceMs: 60_000 });
    // By then the listener is closed.
    await idle.ended;
    release();
    const { received, reset } = await client.ended;
    assert.equal(reset, false);
    assert.match(received, /begun .*finished/s);
    await closed;
  });

  it('processes nothing behind the answer that it announced as the last', async (t) => {
    const paths: (string | undefined)[] = [];
    const { arrived, release, listener } = heldListener();
    const server = await serve(t, (request, response) => {
      paths.push(request.url);
      return request.url === '/' ? listener(request, response) : response.end('later');
    });
    const client = await rawConnection(server.port);
    client.write(GET);
    await arrived;
    const closed = server.stop({ drainDelayMs: 200 });
    client.write('DELETE /second HTTP/1.1\r\nHost: a\r\n\r\n');
    // Once this is answered, that has come, too.
    const later = await rawConnection(server.port);
    later.write('GET /later HTTP/1.1\r\nHost: a\r\n\r\n');
    await later.ended;
    release();
    assert.equal((await client.ended).received.split('HTTP/1.1').length, 2);
    await closed;
    assert.deepEqual(paths, ['/', '/later']);
  });

  it('destroys what takes longer than the grace: a request, and headers that never end', async (t) => {
    const { arrived, listener } = heldListener();
    const server = await serve(t, listener);
    const working = await rawConnection(server.port);
    working.write(GET);
    const trickling = await rawConnection(server.port);
    trickling.write('GET / HTTP/1.1\r\n');
    await arrived;
    await server.stop({ drainDelayMs: 0, graceMs: 20 });
    assert.equal((await working.ended).received, '');
    assert.equal((await trickling.ended).received, '');
  });

  it('stops once, however often it is told to', async (t) => {
    const server = await serve(t, answerOk);
    const first = server.stop({ drainDelayMs: 0 });
    assert.equal(server.stop({ drainDelayMs: 0, graceMs: 0 }), first);
    await first;
    assert.equal(server.stop(), first);
  });

  it('answers clients that come again and again for the drain delay, then refuses them, and resets none', async (t) => {
    const drainDelayMs = 60;
    const server = await serve(t, answerOk);
    const underWay = gate();
    const clients = Array.from({ length: 32 }, async () => {
      for (;;) {
        const outcome = await outcomeOf(server.port);
        if (outcome !== 'answered') return outcome;
        underWay.open();
      }
    });
    await underWay.passed;
    const startedAt = performance.now();
    await server.stop({ drainDelayMs });
    assert.ok(performance.now() - startedAt >= drainDelayMs);
    assert.deepEqual(new Set(await Promise.all(clients)), new Set(['ECONNREFUSED']));
  });
});

/** What becomes of a client that connects and sends one request at once. */
async function outcomeOf(port: number): Promise<string> {
  try {
    const client = await rawConnection(port);
    client.write(GET.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
    const { received, reset } = await client.ended;
    return received.includes('served') ? 'answered' : reset ? 'reset' : 'ended without an answer';
  } catch (fault) {
    return String((fault as { code?: unknown }).code);
  }
}

describe('listening', () => {
  it('takes a free port where told 0, and says which', async (t) => {
    const { host, port } = await serve(t, answerOk);
    assert.equal(host, '127.0.0.1');
    assert.ok(port > 0);
    assert.equal(await (await fetch(`http://${host}:${port}`)).text(), 'served');
  });

  it("fails with the system's error where the port is taken or the address is another's", async (t) => {
    const { port } = await serve(t, answerOk);
    const presentClientError = () => undefined;
    await assert.rejects(startServer(answerOk, { host: '127.0.0.1', port, presentClientError }), {
      code: 'EADDRINUSE',
    });
    // TEST-NET-1 (RFC 5737).
    await assert.rejects(startServer(answerOk, { host: '192.0.2.1', port: 0, presentClientError }), {
      code: 'EADDRNOTAVAIL',
    });
  });
});
