import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytes, oneRequest, type Shot, type Target } from '../src/attacks/shot.ts';
import { judge } from '../src/judge.ts';
import { type Document, readDocument } from '../src/openapi/document.ts';

/** A service whose errors have one field of this name. */
const serviceAt = (prefix: string, field: string): { readonly prefix: string; readonly document: Document } => {
  const schema = (name: string) => ({
    content: { 'application/json': { schema: { type: 'object', required: [name], properties: { [name]: {} } } } },
  });
  const responses = { 200: schema('things'), 400: schema(field), 404: schema(field) };
  return {
    prefix,
    document: readDocument({
      servers: [{ url: prefix === '' ? '/' : prefix }],
      paths: { '/things': { get: { operationId: 'list', responses } } },
    }),
  };
};

const root = serviceAt('', 'message');
const ships = serviceAt('/ships', 'msg');
const books = serviceAt('/books', 'detail');
const services = [root, books, ships];

function faultsOf(shot: Shot, status: number, body: unknown, { isUnread = false, service = ships } = {}): string[] {
  const text = JSON.stringify(body);
  const lines = [
    `HTTP/1.1 ${status} Any`,
    'Date: Sat, 28 Nov 2026 12:00:00 GMT',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
    isUnread ? 'Connection: close' : 'X-Request-Id: fuzz-0123456789',
  ];
  const received = Buffer.from(`${lines.join('\r\n')}\r\n\r\n${text}`);
  const unused = { actors: () => [], seen: () => [], marker: 'marker', client: undefined };
  const target: Target = { ...service, ...unused, services };
  const { faults } = judge(shot, { received, ended: 'server', timedOut: false }, target, []);
  return faults.map(({ what }) => what);
}

const asked = (target: string, documented = true): Shot => {
  const [operation] = ships.document.operations;
  const message = { method: 'GET', target, headers: [] };
  return oneRequest('test', message, documented && operation ? { operation, also: [413] } : {});
};
const raw = (text: string): Shot => ({ ...bytes('test', Buffer.from(text, 'latin1')), methods: ['GET'] });

const WRONG = ['an answer that is not as documented'];

describe('an answer of a program of several services', () => {
  for (const target of ['/ships/things', '/%73hips/things', 'http://h/ships/things', '/ships/things?a=b']) {
    it(`is judged by the document of the service that ${target} belongs to`, () => {
      for (const documented of [true, false]) {
        const shot = asked(target, documented);
        assert.deepEqual(faultsOf(shot, 400, { msg: 'no' }), []);
        assert.deepEqual(faultsOf(shot, 404, { msg: 'no' }), []);
        // Of another service, or of none. An absolute target may be malformed, which the first service says.
        const foreign = target.startsWith('/') ? ['message', 'detail', 'x'] : ['detail', 'x'];
        for (const field of foreign) assert.deepEqual(faultsOf(shot, 400, { [field]: 'no' }), WRONG, field);
        for (const field of ['message', 'detail', 'x'])
          assert.deepEqual(faultsOf(shot, 404, { [field]: 'no' }), WRONG, field);
      }
    });
  }

  it('is of the first service where the target has no prefix of another', () => {
    for (const target of ['/', '/shipsx', '/SHIPS', '/things', '/x/ships']) {
      assert.deepEqual(faultsOf(asked(target, false), 404, { message: 'no' }), [], target);
      assert.deepEqual(faultsOf(asked(target, false), 404, { msg: 'no' }), WRONG, target);
    }
  });

  it('is of the first service where it is refused unread, or its target is malformed', () => {
    for (const documented of [true, false]) {
      for (const status of [400, 413])
        assert.deepEqual(
          faultsOf(asked('/ships/things', documented), status, { message: 'no' }, { isUnread: true }),
          [],
        );
      for (const target of ['/ships/%zz', '/ships/\u00e9', 'http://[/ships', '/ships/#'])
        assert.deepEqual(faultsOf(asked(target, documented), 400, { message: 'no' }), [], target);
    }
    assert.deepEqual(faultsOf(asked('/ships/things'), 413, { detail: 'no' }, { isUnread: true }), WRONG);
    assert.deepEqual(faultsOf(asked('/ships/%zz'), 404, { message: 'no' }), WRONG);
  });

  it('is of one of the services that were asked, where several were, and of any where nobody can tell', () => {
    const two = raw('GET /ships/a HTTP/1.1\r\nHost: h\r\n\r\nGET /books/a HTTP/1.1\r\nHost: h\r\n\r\n');
    for (const field of ['msg', 'detail']) assert.deepEqual(faultsOf(two, 404, { [field]: 'no' }), []);
    assert.deepEqual(faultsOf(two, 404, { message: 'no' }), WRONG);
    for (const field of ['msg', 'detail', 'message'])
      assert.deepEqual(faultsOf(raw('\0\0'), 404, { [field]: 'no' }), []);
    assert.deepEqual(faultsOf(raw('\0\0'), 404, { x: 'no' }), WRONG);
  });
});
