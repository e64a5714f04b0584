import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { createService, mount } from '@portcullis/http';
import fc from 'fast-check';
import { rawConnection } from './support/raw-connection.ts';
import { exchange, send } from './support/send.ts';
import { serve } from './support/serve.ts';
import { serveToy, toyOptions } from './support/toy-service.ts';

const ask = async (port: number, target: string, method = 'GET'): Promise<{ status: number; answer: string }> => {
  const answer = await exchange(port, `${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  return { status: Number(answer.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length)), answer };
};

const MALFORMED = [
  'http://[/',
  'http://[::1/toy/parcels',
  'http://[x]/toy/parcels',
  'http://a b/',
  'http://x:99999/toy/parcels',
  'http://x:y/toy/parcels',
  'http:///toy/parcels',
  'http://?x',
  'http://u:p@x/toy/parcels',
  'http://%/toy/parcels',
  'ftp://x/toy/parcels',
  'x:1',
  'x',
  '?page=1',
  '*',
  '//[/%',
  '/toy/parcels#a',
  '/toy/parcels/%',
  '/toy/parcels/%zz',
  '/toy/parcels/\u00a0',
  '/toy/parcels/\u00ff',
];

const SAME = [
  '/toy/parcels',
  'http://x/toy/parcels',
  'HTTPS://other.example:8443/toy/parcels',
  'http://[::1]:3000/toy/parcels',
  'http://x:/toy/parcels?page=1',
  '/toy/p%61rcel%73',
  '/%74%6F%79/parcels?page=%31',
];

describe('a request target', () => {
  it('that is malformed is a 400 in the shape of the service, in the log without a path, and ends nothing', async (t) => {
    const { port, url, faults, requests } = await serveToy(t);
    for (const target of MALFORMED) {
      const { status, answer } = await ask(port, target);
      // Node's own parser refuses some before us.
      assert.equal(status, 400, `${target}: ${answer}`);
      assert.match(answer, /\r\ncontent-type: application\/json/i);
    }
    const { answer } = await ask(port, 'http://[/');
    assert.match(answer, /\r\nX-Request-Id: made-here-1\r\n/);
    assert.match(answer, /\{"message":"Bad Request"\}/);
    assert.equal(requests.at(-1)?.path, '');
    assert.deepEqual(faults, []);
    assert.equal((await send(`${url}/toy/parcels`)).status, 200);
  });

  it('has one meaning in every form and spelling (RFC 9112 §3.2, RFC 3986 §6.2.2.2)', async (t) => {
    const { port, requests } = await serveToy(t);
    for (const target of SAME) {
      assert.equal((await ask(port, target)).status, 200, target);
      assert.equal(requests.at(-1)?.path, '/toy/parcels', target);
    }
    // What is reserved stays as it is: an encoded slash is a character of a name.
    assert.equal((await ask(port, '/toy%2fparcels')).status, 404);
    for (const target of ['http://x', 'http://x?page=1', 'http://x/']) {
      assert.equal((await ask(port, target)).status, 404, target);
    }
  });

  it('`*` asks for the options of the server itself', async (t) => {
    const { port } = await serveToy(t, {});
    assert.equal((await ask(port, '*', 'OPTIONS')).status, 204);
    assert.equal((await ask(port, 'http://x', 'OPTIONS')).status, 204);
    assert.equal((await ask(port, 'http://x/', 'OPTIONS')).status, 404);
  });

  it('chooses the mounted service by its path in every form, and gives it the authority as Host', async (t) => {
    const hosts: unknown[] = [];
    const server = await serve(
      t,
      mount(
        {
          '/toy': (request, response) => {
            hosts.push(request.headers.host);
            response.end(`toy ${request.url}`);
          },
        },
        (_request, response) => response.end('root'),
      ),
    );
    for (const target of SAME) assert.match((await ask(server.port, target)).answer, /toy \/toy\/parcels/, target);
    assert.deepEqual(hosts.slice(0, 3), ['x', 'x', 'other.example:8443']);
    assert.match((await ask(server.port, 'http://x/toybox')).answer, /root$/);
    assert.match((await ask(server.port, 'http://[/')).answer, /root$/);
  });

  it('of any kind is answered, and middleware of a team in front may read it (generated)', async (t) => {
    const seen: string[] = [];
    const faults: unknown[] = [];
    const app = createService({
      ...toyOptions,
      log: { request: () => undefined, fault: (fault) => void faults.push(fault) },
    });
    // In front of ours, as a team would have to put it.
    app.middleware.unshift(async (ctx, next) => {
      seen.push(`${ctx.path} ${ctx.querystring} ${ctx.url} ${ctx.host} ${JSON.stringify(ctx.query)}`);
      await next();
    });
    // On Node's own server, as well: the engine does not rely on ours.
    const server = createServer(app.callback());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => server.close());
    const { port } = server.address() as AddressInfo;

    const piece = fc.constantFrom(
      ...['/', '//', '\\', '.', '..', 'http:', 'https:', '[', ']', '@', ':', ':65536', '%', '%2', '%2f', '%00', '%ff'],
      ...['%61', '?', '&', '=', '#', '*', 'toy', 'parcels', 'x', '::1', '|', '{', '^', '"', '<', '\u00a0', '\u00ff'],
    );
    const target = fc
      .tuple(fc.constantFrom('', '/', '/toy/parcels', 'http://', 'http://['), fc.array(piece, { maxLength: 8 }))
      .map(([start, pieces]) => `${start}${pieces.join('')}`)
      .filter((text) => text !== '');
    await fc.assert(
      fc.asyncProperty(target, fc.constantFrom('GET', 'POST', 'OPTIONS', 'DELETE'), async (text, method) => {
        const { status } = await ask(port, text, method);
        assert.ok([200, 204, 400, 401, 404, 405].includes(status), `${method} ${text}: ${status}`);
      }),
      { numRuns: 400 },
    );
    assert.ok(seen.length > 100);
    assert.deepEqual(faults, []);
  });
});

const INVALID_HOSTS = [
  ...[
    '[',
    ']',
    '[]',
    '[::1',
    '::1',
    '[x]',
    '[::1]x',
    '[fe80::1%eth0]',
    '[1.2.3.4]',
    'a b',
    'a\tb',
    'a, b',
    'h@x',
    'u:p@x',
  ],
  ...[
    'h/',
    'h/x',
    'h?',
    'h#',
    'h@x/?#',
    'h\\x',
    'http://h',
    'h:x',
    'h:-1',
    'h:1:2',
    'h:65536',
    'h:80 ',
    ':80',
    ':',
    '%',
    'h%2',
    'h%zz',
  ],
  ...['<h>', '"h"', 'h|x', 'h^', 'h`', '{h}', '\u00a0', 'h\u00e4', '\u00ff'],
].filter((host) => host === host.trim());
const VALID_HOSTS = [
  ...[
    'h',
    'h:',
    'h:0',
    'h:65535',
    'h:0080',
    'a.example',
    'A.EXAMPLE.',
    'a_b',
    '127.0.0.1:3000',
    '[::1]',
    '[::1]:3000',
    '1',
    '%61',
  ],
  ...["!$&'()*+,;=", '~', '-', '[::ffff:1.2.3.4]:', ' h ', '\th'],
];

describe('a Host field', () => {
  /** The status, with the Host lines that are given. */
  async function statusWith(port: number, hosts: readonly string[], { version = '1.1', target = '/toy/parcels' } = {}) {
    const lines = hosts.map((host) => `Host: ${host}\r\n`).join('');
    const answer = await exchange(port, `GET ${target} HTTP/${version}\r\n${lines}Connection: close\r\n\r\n`);
    return Number(answer.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length));
  }

  it('that is invalid, empty or sent twice is a 400, whatever is asked for, and in the log with its path', async (t) => {
    const { port, requests, faults } = await serveToy(t);
    for (const host of [...INVALID_HOSTS, '']) {
      for (const target of ['/toy/parcels', '/nowhere', 'http://x/toy/parcels'])
        assert.equal(await statusWith(port, [host], { target }), 400, `${host} ${target}`);
      assert.equal(requests.at(-1)?.path, '/toy/parcels');
    }
    for (const host of INVALID_HOSTS) assert.equal(await statusWith(port, [host], { version: '1.0' }), 400, host);
    for (const hosts of [
      ['h', 'h'],
      ['h', 'x'],
      ['h', ''],
      ['', 'h'],
      ['', ''],
      ['h', '['],
    ])
      assert.equal(await statusWith(port, hosts), 400, hosts.join('|'));
    assert.equal(await statusWith(port, []), 400);
    assert.deepEqual(faults, []);
  });

  it('with a host and perhaps a port is taken; HTTP/1.0 may leave it out or empty', async (t) => {
    const { port } = await serveToy(t);
    for (const host of VALID_HOSTS) assert.equal(await statusWith(port, [host]), 200, host);
    for (const hosts of [[], [''], ['h']]) assert.equal(await statusWith(port, hosts, { version: '1.0' }), 200);
  });

  it('is taken as the grammar of RFC 3986 §3.2.2 has it, and refused with any other sign in it (generated)', async (t) => {
    const { port, faults } = await serveToy(t);
    const hex = fc.integer({ min: 0, max: 255 }).map((byte) => `%${byte.toString(16).padStart(2, '0')}`);
    const sign = fc.oneof(fc.stringMatching(/^[\w.~!$&'()*+,;=-]$/), hex);
    const name = fc.array(sign, { minLength: 1, maxLength: 20 }).map((signs) => signs.join(''));
    const host = fc.oneof(
      name,
      fc.ipV4(),
      fc.ipV6().map((address) => `[${address}]`),
    );
    const end = fc.oneof(
      fc.constantFrom('', ':'),
      fc.integer({ min: 0, max: 65_535 }).map((number) => `:${number}`),
    );
    await fc.assert(
      fc.asyncProperty(host, end, async (one, other) => {
        assert.equal(await statusWith(port, [`${one}${other}`]), 200);
      }),
      { numRuns: 100 },
    );
    const wrong = fc.constantFrom(...' @/?#[]|"<>\\^`{}\u00a0\u00e9');
    await fc.assert(
      fc.asyncProperty(name, wrong, fc.stringMatching(/^[\w.~-]{1,9}$/), end, async (before, sign, after, port_) => {
        assert.equal(await statusWith(port, [`${before}${sign}${after}${port_}`]), 400);
      }),
      { numRuns: 100 },
    );
    assert.deepEqual(faults, []);
  });
});

describe('a client that goes away', () => {
  for (const [when, text] of [
    [
      'in its body',
      'POST /toy/notes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
    ],
    ['after its request', 'GET /toy/parcels HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['with more requests behind', 'GET /toy/parcels HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(20)],
  ] as const) {
    it(`${when} has a line in the log, and is no fault`, async (t) => {
      const { port, url, requests, faults } = await serveToy(t);
      for (let round = 0; round < 10; round += 1) {
        const { socket, write } = await rawConnection(port);
        write(text);
        const before = requests.length;
        // The request has arrived once the server answers a later one.
        await send(`${url}/toy/parcels`);
        socket.resetAndDestroy();
        while (requests.length < before + 2) await send(`${url}/alive`);
      }
      await send(`${url}/toy/parcels`);
      assert.deepEqual(faults, []);
      assert.ok(requests.some(({ path }) => path === (when === 'in its body' ? '/toy/notes' : '/toy/parcels')));
    });
  }
});

describe('what handles errors', () => {
  it('goes on where the log itself fails, or the shape of an error cannot be made', async (t) => {
    const broken = (): never => {
      throw new Error('the log is full');
    };
    const logless = await serveToy(t, { log: { request: broken, fault: broken } });
    assert.equal((await send(`${logless.url}/toy/parcels/bug`)).status, 500);
    assert.equal((await send(`${logless.url}/toy/parcels`)).status, 200);

    const shapeless = await serveToy(t, { present: broken });
    for (const path of ['/nowhere', '/toy/parcels/bug', '/toy/parcels/away']) {
      const { status, text } = await send(`${shapeless.url}${path}`);
      assert.equal(status, 500, path);
      assert.ok(!text.includes('the log is full'));
    }
    assert.equal((await send(`${shapeless.url}/toy/parcels`)).status, 200);
  });
});
