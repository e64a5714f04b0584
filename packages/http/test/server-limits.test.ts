import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gate } from './support/gate.ts';
import { rawConnection } from './support/raw-connection.ts';
import { type Listener, serve } from './support/serve.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const answerOk: Listener = (_request, response) => response.end('served');
const readsBody: Listener = async (request, response) => {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk);
    response.end(Buffer.concat(chunks));
  } catch {
    response.end('too late');
  }
};

/** Status line, headers and body of every answer in `received`; each has a Content-Length. */
function answersIn(received: string) {
  const answers: { readonly status: number; readonly headers: Headers; readonly body: string }[] = [];
  let rest = received;
  while (rest !== '') {
    const end = rest.indexOf('\r\n\r\n');
    const [statusLine = '', ...lines] = rest.slice(0, end).split('\r\n');
    const headers = new Headers(lines.map((line) => line.split(': ', 2) as [string, string]));
    const bodyEnd = end + 4 + Number(headers.get('Content-Length'));
    answers.push({ status: Number(statusLine.split(' ')[1]), headers, body: rest.slice(end + 4, bodyEnd) });
    rest = rest.slice(bodyEnd);
  }
  return answers;
}

function assertRefused(received: string, status: number): void {
  const [answer, ...more] = answersIn(received);
  assert.ok(answer, `no answer: ${received}`);
  assert.deepEqual(more, []);
  assert.equal(answer.status, status);
  assert.equal(answer.headers.get('Connection'), 'close');
  assert.equal(answer.headers.get('Content-Type'), 'application/json; charset=utf-8');
  assert.ok(answer.headers.has('Date'));
  assert.deepEqual(JSON.parse(Buffer.from(answer.body, 'latin1').toString()), { message: `refusé: ${status}` });
}

describe('server limits', { timeout: 15_000 }, () => {
  it('answers 408 to headers that trickle past their time, and hands the request to nobody', async (t) => {
    let reached = false;
    const { port } = await serve(t, () => (reached = true), { headersTimeoutMs: 60 });
    const client = await rawConnection(port);
    client.write('GET / HTTP/1.1\r\nHost: a\r\n');
    const trickle = setInterval(() => client.write('A: b\r\n'), 10);
    const received = await client.until('}');
    clearInterval(trickle);
    client.write('\r\n');
    assert.deepEqual(await client.ended, { received, reset: false });
    assertRefused(received, 408);
    assert.equal(reached, false);
  });

  it('answers 408 to a body that is not there in time, and ends its reading', async (t) => {
    const { port } = await serve(t, readsBody, { headersTimeoutMs: 60, requestTimeoutMs: 60 });
    const client = await rawConnection(port);
    client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc');
    assertRefused((await client.ended).received, 408);
  });

  it('ends a connection on which nothing was ever sent, without a word', async (t) => {
    const { port } = await serve(t, answerOk, { headersTimeoutMs: 60 });
    const client = await rawConnection(port);
    assert.deepEqual(await client.ended, { received: '', reset: false });
  });

  it('ends an idle connection after the keep-alive time, and says beforehand how long that is', async (t) => {
    const { port } = await serve(t, answerOk, { keepAliveTimeoutMs: 1 });
    const client = await rawConnection(port);
    client.write(GET);
    const { received, reset } = await client.ended;
    assert.equal(reset, false);
    const [answer] = answersIn(received);
    assert.equal(answer?.headers.get('Connection'), 'keep-alive');
    assert.equal(answer?.headers.get('Keep-Alive'), 'timeout=0');
  });

  it('gives up a client that does not read its answer', async (t) => {
    const given = gate();
    const { port } = await serve(
      t,
      (_request, response) => {
        response.once('close', given.open);
        response.end(Buffer.alloc(32_000_000));
      },
      { stallTimeoutMs: 60 },
    );
    const client = await rawConnection(port);
    client.socket.pause();
    client.write(GET);
    await given.passed;
    client.socket.destroy();
  });

  it('answers 431 to headers that are too large, and the answer arrives though the client still sends', async (t) => {
    const { port } = await serve(t, answerOk);
    const client = await rawConnection(port);
    client.write(`GET / HTTP/1.1\r\nHost: a\r\nA: ${'a'.repeat(8_000_000)}\r\n\r\n`);
    const { received, reset } = await client.ended;
    assert.equal(reset, false);
    assertRefused(received, 431);
  });

  it('answers 431 from the limit on that is set', async (t) => {
    const { port } = await serve(t, answerOk, { maxHeaderBytes: 1_000 });
    const client = await rawConnection(port);
    client.write(`GET / HTTP/1.1\r\nHost: a\r\nA: ${'a'.repeat(1_000)}\r\n\r\n`);
    assertRefused((await client.ended).received, 431);
  });

  it('takes headers up to the limit, every one of them', async (t) => {
    const { port } = await serve(t, ({ headersDistinct }, response) =>
      response.end(headersDistinct.authorization?.join('|')),
    );
    const client = await rawConnection(port);
    const fillers = 'A:\r\n'.repeat(3_000);
    client.write(`GET / HTTP/1.1\r\nHost: a\r\nAuthorization: one\r\n${fillers}Authorization: two\r\n\r\n`);
    assert.match(await client.until('one'), /one\|two$/);
  });
});

describe('requests that cannot be read', { timeout: 15_000 }, () => {
  for (const [what, request] of [
    ['a line that is none', 'HELLO\r\n\r\n'],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n'],
    ['both lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a chunk without a size', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n'],
  ] as const) {
    it(`are a 400: ${what}`, async (t) => {
      const { port } = await serve(t, readsBody);
      const client = await rawConnection(port);
      client.write(request);
      assertRefused(await client.until('}'), 400);
    });
  }

  it('are a 413 where chunk extensions have no end', async (t) => {
    const { port } = await serve(t, readsBody);
    const client = await rawConnection(port);
    client.write(`POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;${'a'.repeat(20_000)}\r\n`);
    assertRefused(await client.until('}'), 413);
  });

  it('are refused after the answers to what came before them', async (t) => {
    const released = gate();
    const { port } = await serve(t, async (_request, response) => {
      await released.passed;
      response.setHeader('Content-Length', 5);
      response.end('first');
    });
    const client = await rawConnection(port);
    client.write(`${GET}HELLO\r\n\r\nHELLO\r\n\r\n`);
    client.write('HELLO\r\n\r\n');
    released.open();
    const answers = answersIn(await client.until('}'));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 400],
    );
    assert.equal(answers[0]?.body, 'first');
  });

  it('get no second answer into one that is half sent', async (t) => {
    const { port } = await serve(t, (_request, response) => {
      response.setHeader('Content-Length', 100);
      response.write('half');
    });
    const client = await rawConnection(port);
    client.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
    const half = await client.until('half');
    client.write('xyz\r\n');
    assert.equal((await client.ended).received, half);
  });

  it('get no second answer where the first was given before the body came', async (t) => {
    const { port } = await serve(t, answerOk, { headersTimeoutMs: 60, requestTimeoutMs: 60 });
    const client = await rawConnection(port);
    client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc');
    const [answer, ...more] = answersIn((await client.ended).received);
    assert.equal(answer?.body, 'served');
    assert.deepEqual(more, []);
  });
});

it('lets a last answer arrive though the client still sends the body', async (t) => {
  const { port } = await serve(t, (_request, response) => {
    response.writeHead(413, { Connection: 'close' });
    response.end('too large');
  });
  const client = await rawConnection(port);
  client.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8000000\r\n\r\n${'a'.repeat(8_000_000)}`);
  const { received, reset } = await client.ended;
  assert.equal(reset, false);
  assert.match(received, /^HTTP\/1.1 413 .*too large/s);
});

it('never processes a body that was refused for its lateness', async (t) => {
  let processed = false;
  const { port } = await serve(
    t,
    (request) => {
      request.once('end', () => {
        processed = true;
      });
      request.resume();
    },
    { headersTimeoutMs: 60, requestTimeoutMs: 60 },
  );
  const client = await rawConnection(port);
  client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc');
  await client.until('}');
  client.write('defghij');
  await client.ended;
  assert.equal(processed, false);
});

it('leaves an expectation that it does not know to the application', async (t) => {
  const { port } = await serve(t, answerOk);
  const client = await rawConnection(port);
  client.write('GET / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n');
  assert.match(await client.until('served'), /^HTTP\/1.1 200/);
});
