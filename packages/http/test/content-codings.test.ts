import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { rawConnection } from './support/raw-connection.ts';
import { type Answer, FORM, send } from './support/send.ts';
import { serveToy, type Toy } from './support/toy-service.ts';

const LIMIT = 100_000;
const note = (length: number) => `text=${'x'.repeat(length - 5)}`;

const CODINGS = {
  gzip: ['gzip', gzipSync],
  zlib: ['deflate', deflateSync],
  'a bare deflate stream': ['deflate', deflateRawSync],
  brotli: ['br', brotliCompressSync],
} as const satisfies Record<string, readonly [name: string, encode: (bytes: Buffer) => Buffer]>;

const post = ({ url }: Toy, body: string | Buffer, contentEncoding: string): Promise<Answer> =>
  send(`${url}/toy/notes`, { method: 'POST', headers: [FORM, ['Content-Encoding', contentEncoding]], body });

/** A gzip stream (RFC 1952) of stored blocks without content (RFC 1951 §3.2.4): any number of bytes that inflate to none. */
const emptyBlocks = (count: number): Buffer =>
  Buffer.concat([gzipSync('').subarray(0, 10), Buffer.alloc(5 * count, Buffer.from([0, 0, 0, 0xff, 0xff]))]);

describe('a content coding', { timeout: 60_000 }, () => {
  for (const [what, [name, encode]] of Object.entries(CODINGS)) {
    it(`is undone: ${what}`, async (t) => {
      const toy = await serveToy(t);
      const { status, text } = await post(toy, encode(Buffer.from('text=%C3%BC+%26')), name);
      assert.deepEqual([status, text], [200, 'ü &']);
      assert.equal((await post(toy, encode(Buffer.from(note(LIMIT))), name)).status, 200);
    });

    it(`that fails is a 400, whatever fails about it: ${what}`, async (t) => {
      const toy = await serveToy(t);
      const whole = encode(Buffer.from('text=some+words+some+words+some+words'));
      const refused = async (body: Buffer, why: string) => {
        const { status, text } = await post(toy, body, name);
        assert.deepEqual([status, JSON.parse(text).message], [400, 'The body cannot be decompressed.'], why);
      };
      await refused(Buffer.from('garbage'), 'garbage');
      for (let length = 0; length < whole.length; length += 1) await refused(whole.subarray(0, length), `${length}`);
      for (const more of [Buffer.alloc(1), Buffer.from('garbage'), encode(Buffer.from('x')).subarray(0, 5)]) {
        await refused(Buffer.concat([whole, more]), `trailing ${more.toString('hex')}`);
      }
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (bytes) => {
          // A few bytes may be a stream by chance, of nothing that is a field.
          assert.equal((await post(toy, Buffer.from(bytes), name)).status, 400);
        }),
        { numRuns: 150 },
      );
      await fc.assert(
        fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
          const damaged = Buffer.from(whole);
          damaged[at] = (damaged[at] ?? 0) ^ change;
          // Some formats have no check sum: then the words are others.
          assert.ok([200, 400].includes((await post(toy, damaged, name)).status));
        }),
        { numRuns: 150 },
      );
      assert.deepEqual(toy.faults, []);
    });

    it(`makes no more of a body than the limit: ${what}`, async (t) => {
      const toy = await serveToy(t);
      for (const length of [LIMIT + 1, 50 * LIMIT]) {
        const { status, headers } = await post(toy, encode(Buffer.from(note(length))), name);
        assert.deepEqual([status, headers.connection], [413, 'close']);
      }
    });
  }

  it('whose window is larger than the format has is a 400', async (t) => {
    const toy = await serveToy(t);
    const { BROTLI_PARAM_LARGE_WINDOW, BROTLI_PARAM_LGWIN } = constants;
    const params = { [BROTLI_PARAM_LARGE_WINDOW]: 1, [BROTLI_PARAM_LGWIN]: 30 };
    assert.equal((await post(toy, brotliCompressSync('text=x', { params }), 'br')).status, 400);
    // CINFO of 8 (RFC 1950 §2.2).
    assert.equal((await post(toy, Buffer.from([0x88, 0x1c, 0, 0, 0]), 'deflate')).status, 400);
  });

  it('has any letter case and an older name, and may stand in a list', async (t) => {
    const toy = await serveToy(t);
    const plain = Buffer.from('text=x');
    for (const [name, body] of [
      ['identity', plain],
      ['Identity', plain],
      ['', plain],
      [' , ', plain],
      ['GZIP', gzipSync(plain)],
      ['x-gzip', gzipSync(plain)],
      ['X-GZip', gzipSync(plain)],
      ['DeFlate', deflateSync(plain)],
      ['BR', brotliCompressSync(plain)],
      ['identity, gzip', gzipSync(plain)],
      ['gzip\t, identity,', gzipSync(plain)],
      ['gzip, br', brotliCompressSync(gzipSync(plain))],
      ['deflate,x-gzip,br', brotliCompressSync(gzipSync(deflateSync(plain)))],
    ] as const) {
      const { status, text } = await post(toy, body, name);
      assert.deepEqual([status, text], [200, 'x'], name);
    }
    const { status, text } = await send(`${toy.url}/toy/notes`, {
      method: 'POST',
      headers: [FORM, ['Content-Encoding', 'gzip'], ['Content-Encoding', 'br']],
      body: brotliCompressSync(gzipSync(plain)),
    });
    assert.deepEqual([status, text], [200, 'x']);
  });

  it('is undone in the order of its list and in no other', async (t) => {
    const toy = await serveToy(t);
    const names = Object.values(CODINGS);
    const list = fc.array(fc.constantFrom(...names), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(list, async (applied) => {
        const body = applied.reduce((bytes, [, encode]) => encode(bytes), Buffer.from('text=x'));
        const { status } = await post(toy, body, applied.map(([name]) => name).join(', '));
        assert.equal(status, 200);
      }),
      { numRuns: 50 },
    );
    assert.equal((await post(toy, brotliCompressSync(gzipSync('text=x')), 'br, gzip')).status, 400);
  });

  it('that is not known is a 415 that says so, and which ones are', async (t) => {
    const toy = await serveToy(t);
    for (const name of ['compress', 'zstd', 'gzip, zstd', 'gzip;q=1', '*', 'gzip br', 'gzip,'.repeat(5)]) {
      const { status, headers, text } = await post(toy, gzipSync('text=x'), name);
      assert.equal(status, 415, name);
      assert.equal(headers['accept-encoding'], 'gzip, deflate, br');
      assert.match(JSON.parse(text).message, /content coding/);
    }
    const other = await send(`${toy.url}/toy/notes`, { method: 'POST', headers: [['Content-Type', 'a/b']], body: 'x' });
    assert.deepEqual([other.status, other.headers['accept-encoding']], [415, undefined]);
  });

  it('does not let more bytes in than the limit, whatever they inflate to', async (t) => {
    const toy = await serveToy(t);
    assert.equal((await post(toy, emptyBlocks(LIMIT / 5), 'gzip')).status, 413);
    assert.equal((await post(toy, emptyBlocks(1_000), 'gzip')).status, 400);
    // In the middle of a list, too: what comes out of the first coding is the second's to take in.
    assert.equal((await post(toy, gzipSync(emptyBlocks(LIMIT / 5)), 'gzip, gzip')).status, 413);

    const client = await rawConnection(toy.port);
    client.write('POST /toy/notes HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n');
    client.write('Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n');
    const blocks = emptyBlocks(2 * LIMIT);
    client.write(`${blocks.length.toString(16)}\r\n`);
    client.socket.write(blocks);
    const { received } = await client.ended;
    assert.match(received, /^HTTP\/1.1 413 .*Connection: close/s);
    assert.deepEqual(toy.faults, []);
  });
});
