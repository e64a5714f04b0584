import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { FORM, JSON_TYPE, send } from './support/send.ts';
import { serveToy } from './support/toy-service.ts';

const LIMIT = 100_000;
const fieldsOf = (text: string) => JSON.parse(text).fields;

describe('a body', () => {
  it('means the same as a form and as JSON', async (t) => {
    const { url } = await serveToy(t);
    for (const [type, body] of [
      [FORM, 'text=%C3%BC+%26'],
      [['Content-Type', 'application/x-www-form-urlencoded; charset=UTF-8'], 'text=%C3%BC%20%26'],
      [JSON_TYPE, '{"text":"\\u00fc &"}'],
      [['Content-Type', 'Application/JSON; charset=utf-8'], '{"more":[{"text":1}],"text":"ü &"}'],
    ] as const) {
      const { status, text } = await send(`${url}/toy/notes`, { method: 'POST', headers: [type], body });
      assert.equal(status, 200, text);
      assert.equal(text, 'ü &');
    }
  });

  it('of another media type, or none, is a 415', async (t) => {
    const { url } = await serveToy(t);
    const body = '{"text":"x"}';
    for (const headers of [
      [],
      [['Content-Type', 'text/plain']],
      [['Content-Type', 'multipart/form-data; boundary=x']],
      [['Content-Type', 'application/json; charset=latin1']],
      [['Content-Type', 'application/jsonx']],
      [['Content-Type', ';']],
      [JSON_TYPE, ['Content-Encoding', 'compress']],
    ] as [string, string][][]) {
      const { status } = await send(`${url}/toy/notes`, { method: 'POST', headers, body });
      assert.equal(status, 415, JSON.stringify(headers));
    }
  });

  it('that is not there is one without fields', async (t) => {
    const { url } = await serveToy(t);
    for (const headers of [[], [JSON_TYPE], [['Content-Type', 'text/plain']]] as [string, string][][]) {
      const { status, text } = await send(`${url}/toy/notes?text=query`, { method: 'POST', headers });
      assert.equal(status, 400);
      assert.deepEqual(fieldsOf(text), { text: 'missing' });
    }
  });

  it('names a field that is repeated or no text', async (t) => {
    const { url } = await serveToy(t);
    for (const [type, body, reason] of [
      [FORM, 'text=a&text=b', 'repeated'],
      [FORM, 'text=a&te%78t=a', 'repeated'],
      [JSON_TYPE, '{"text":"a","text":"a"}', 'repeated'],
      [JSON_TYPE, '{"text":"a","te\\u0078t":"a"}', 'repeated'],
      [JSON_TYPE, '{"text":1}', 'not text'],
      [JSON_TYPE, '{"text":null}', 'not text'],
      [JSON_TYPE, '{"text":["a"]}', 'not text'],
      [JSON_TYPE, '{"text":{"$ne":""}}', 'not text'],
      [JSON_TYPE, '{"text":"\\ud800"}', 'not text'],
      [FORM, 'text[$ne]=a', 'missing'],
      [FORM, 'text[]=a', 'missing'],
      [FORM, 'toString=a&__proto__=b', 'missing'],
      [JSON_TYPE, '{"__proto__":{"text":"a"}}', 'missing'],
      [JSON_TYPE, '{"constructor":"a"}', 'missing'],
    ] as const) {
      const { status, text } = await send(`${url}/toy/notes`, { method: 'POST', headers: [type], body });
      assert.equal(status, 400, body);
      assert.deepEqual(fieldsOf(text), { text: reason }, body);
    }
    const nested = '{"text":"a","other":{"text":"b","text":"c"},"list":[{"text":"\\"text\\":"}]}';
    assert.equal((await send(`${url}/toy/notes`, { method: 'POST', headers: [JSON_TYPE], body: nested })).status, 200);
  });

  it('that cannot be decoded is a 400 that says why, and nothing is folded', async (t) => {
    const { url } = await serveToy(t);
    for (const [type, body] of [
      [FORM, 'text=%FF'],
      [FORM, 'text=%'],
      [FORM, Buffer.from([0x74, 0x65, 0x78, 0x74, 0x3d, 0xff])],
      [JSON_TYPE, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
      [JSON_TYPE, '{"text":'],
      [JSON_TYPE, '[]'],
      [JSON_TYPE, 'null'],
      [JSON_TYPE, '"text"'],
      [JSON_TYPE, '['.repeat(50_000)],
    ] as const) {
      const { status, text } = await send(`${url}/toy/notes`, { method: 'POST', headers: [type], body });
      assert.equal(status, 400);
      assert.match(JSON.parse(text).message, /^(The body|A percent-encoding)/);
    }
  });

  it('is bounded, inflated or not, and the connection ends where it was too large', async (t) => {
    const { url, faults } = await serveToy(t);
    const note = (length: number) => `text=${'x'.repeat(length - 5)}`;
    const post = (body: string | Buffer, more: [string, string][] = []) =>
      send(`${url}/toy/notes`, { method: 'POST', headers: [FORM, ...more], body });

    assert.equal((await post(note(LIMIT))).status, 200);
    const tooLarge = await post(note(LIMIT + 1));
    assert.equal(tooLarge.status, 413);
    assert.equal(tooLarge.headers.connection, 'close');
    assert.equal((await post(gzipSync(note(LIMIT)), [['Content-Encoding', 'gzip']])).status, 200);
    assert.equal((await post(gzipSync(note(50 * LIMIT)), [['Content-Encoding', 'gzip']])).status, 413);
    assert.equal((await post('no gzip', [['Content-Encoding', 'gzip']])).status, 400);
    assert.equal((await post(deflateRawSync('text=x').subarray(0, 3), [['Content-Encoding', 'gzip']])).status, 400);
    assert.deepEqual(faults, []);
  });

  it('of many fields is read in one pass', async (t) => {
    const { url } = await serveToy(t);
    const started = process.cpuUsage();
    for (const body of ['a&'.repeat(49_999), `{${Array.from({ length: 12_000 }, () => '"a":1').join(',')}}`]) {
      const type = body.startsWith('{') ? JSON_TYPE : FORM;
      assert.equal((await send(`${url}/toy/notes`, { method: 'POST', headers: [type], body })).status, 400);
    }
    // A quadratic reader takes minutes of processor time here.
    assert.ok(process.cpuUsage(started).user < 5_000_000);
  });
});
