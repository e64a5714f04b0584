import assert from 'node:assert/strict';
import { STATUS_CODES } from 'node:http';
import { it } from 'node:test';
import { type RefusedRequests, startServer } from '@portcullis/http';
import { rawConnection } from './support/raw-connection.ts';
import { serveToy } from './support/toy-service.ts';

const HEAD = 'GET / HTTP/1.1\r\nHost: a\r\n';
const REFUSED: readonly (readonly [status: number, request: string])[] = [
  [400, 'HELLO\r\n\r\n'],
  [400, 'GET / HTTP/1.1\r\n\r\n'],
  [400, `${HEAD}Content-Length: x\r\n\r\n`],
  [400, `${HEAD}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`],
  [413, `${HEAD}Transfer-Encoding: chunked\r\n\r\n1;${'a'.repeat(20_000)}\r\n`],
  [431, `${HEAD}A: ${'a'.repeat(20_000)}\r\n\r\n`],
  [408, HEAD],
];

for (const [status, request] of REFUSED) {
  it(`a refusal with ${status} is logged, once at first and then by its count: ${JSON.stringify(request.slice(0, 60))}`, async () => {
    const lines: RefusedRequests[] = [];
    const server = await startServer((incoming, response) => incoming.resume().once('end', () => response.end()), {
      host: '127.0.0.1',
      port: 0,
      limits: { headersTimeoutMs: 200, requestTimeoutMs: 200 },
      presentClientError: () => ({}),
      log: { refused: (refused) => lines.push(refused) },
    });
    for (let sent = 0; sent < 30; sent += 1) {
      const client = await rawConnection(server.port);
      client.write(request);
      if (status !== 408) assert.match((await client.ended).received, new RegExp(`^HTTP/1.1 ${status} `));
      else if (sent === 29) await client.ended;
    }
    assert.deepEqual(lines[0], { status, count: 1 });
    assert.ok(lines.length < 5, 'nobody can flood the log');
    await server.stop({ drainDelayMs: 0, graceMs: 0 });
    const told = lines.filter((line) => line.status === status).reduce((sum, { count }) => sum + count, 0);
    // Those that are stopped before they are late are not refused.
    assert.ok(status === 408 ? told >= 1 && told <= 30 : told === 30, `${told}`);
  });
}

it('a connection too many is logged as 503', async () => {
  const lines: RefusedRequests[] = [];
  const server = await startServer((_incoming, response) => response.end(), {
    host: '127.0.0.1',
    port: 0,
    limits: { maxConnections: 1 },
    presentClientError: () => ({}),
    log: { refused: (refused) => lines.push(refused) },
  });
  const kept = await rawConnection(server.port);
  kept.write(`${HEAD}\r\n`);
  await kept.until('200');
  await (await rawConnection(server.port)).ended;
  assert.deepEqual(lines, [{ status: 503, count: 1 }]);
  kept.socket.destroy();
  await server.stop({ drainDelayMs: 0, graceMs: 0 });
});

it('a refusal has the phrase of its own status, whatever status and phrase the handler had set', async () => {
  const handled = Object.entries(STATUS_CODES).filter(([status]) => Number(status) >= 200);
  let [status, phrase]: [string, string | undefined] = ['200', 'OK'];
  const server = await startServer(
    (_incoming, response) => {
      response.statusCode = Number(status);
      if (phrase !== undefined) response.statusMessage = phrase;
    },
    { host: '127.0.0.1', port: 0, presentClientError: () => ({}) },
  );
  for ([status, phrase] of [...handled, ['404', undefined] as const, ['200', 'As it likes'] as const]) {
    for (const [refused, chunk] of [
      [400, 'xyz\r\n'],
      [413, `1;${'a'.repeat(20_000)}\r\n`],
    ] as const) {
      const client = await rawConnection(server.port);
      client.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n${chunk}`);
      const [line] = (await client.ended).received.split('\r\n');
      assert.equal(line, `HTTP/1.1 ${refused} ${STATUS_CODES[refused]}`, `after ${status} ${phrase}`);
    }
  }
  await server.stop({ drainDelayMs: 0, graceMs: 0 });
});

it('a refusal has the phrase of its own status where Koa has begun with the request', async (t) => {
  const { port } = await serveToy(t);
  for (const [path, chunk, line] of [
    ['/toy/notes', 'xyz\r\n', 'HTTP/1.1 400 Bad Request'],
    ['/toy/notes', `1;${'a'.repeat(20_000)}\r\n`, `HTTP/1.1 413 ${STATUS_CODES[413]}`],
  ] as const) {
    const head = `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;
    // In one piece, and so that the handler has begun.
    for (const pieces of [[head + chunk], [`${head}1\r\n{\r\n`, chunk]]) {
      const client = await rawConnection(port);
      for (const piece of pieces) client.write(piece);
      assert.equal((await client.ended).received.split('\r\n')[0], line);
    }
  }
});
