import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { collection, field, type Instant, ok } from '@portcullis/domain';
import {
  type CrudOptions,
  createService,
  crudRoutesOf,
  type EngineError,
  engineProblems,
  type Guard,
  openApiDocument,
  startServer,
} from '@portcullis/http';
import { memoryStores } from '@portcullis/persistence-memory';
import Type from 'typebox';
import { send } from './support/send.ts';

interface Gate {
  readonly name: string;
  readonly height: number;
  readonly open: boolean;
  readonly openedAt: Instant | null;
  readonly keys: { readonly [of: string]: string };
  readonly makerId: string;
}
const areKeys = (value: unknown): value is Gate['keys'] =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((each) => typeof each === 'string');
const gates = collection<Gate, 'name'>('gates', {
  key: 'name',
  fields: {
    name: field.text(20),
    height: field.integer,
    open: field.boolean,
    openedAt: field.optional(field.time),
    keys: field.json(areKeys),
    makerId: field.reference,
  },
  kept: ['makerId'],
  filters: ['makerId', 'height', 'open', 'openedAt'],
  sorts: ['height', 'openedAt'],
});

/** Whoever says their name. */
type Access = { readonly named: Guard<string, EngineError> };
const access: Access = {
  named: {
    scheme: { name: 'name', definition: { type: 'apiKey', in: 'header', name: 'x-name' } },
    realm: 'gates',
    failures: ['credentials-missing'],
    check: async ({ headers }) => ok(String(headers['x-name'] ?? 'ada')),
    subject: (name) => name,
  },
};

async function served(
  t: TestContext,
  more: Partial<CrudOptions<Gate, 'name', string, 'named'>> &
    Pick<CrudOptions<Gate, 'name', string, 'named'>, 'owner' | 'set'>,
) {
  const records = memoryStores().collection(gates);
  const options = { model: 'Gate', path: '/gates', records, read: 'named', write: 'named', ...more } as const;
  const routes = Object.values(crudRoutesOf<Access>()(gates, options));
  const app = createService({
    ...{ routes, access, problems: engineProblems, publicRealm: 'gates', basePath: '' },
    present: ({ message, fields }) => ({ message, ...(fields && { fields }) }),
    publicUrl: () => 'https://gates.example',
    log: { request() {}, fault: (fault) => assert.fail(String(fault)) },
    newRequestId: () => 'a-request',
  });
  const server = await startServer(app.callback(), { host: '127.0.0.1', port: 0, presentClientError: () => ({}) });
  t.after(() => server.stop({ drainDelayMs: 0, graceMs: 0 }));
  const ask = async (method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) => {
    const sent = { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers };
    const answer = await send(`http://127.0.0.1:${server.port}${path}`, {
      ...{ method, headers: Object.entries(sent) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { ...answer, json: answer.text === '' ? undefined : JSON.parse(answer.text) };
  };
  return { ask, routes, records };
}

const content = { height: 3, open: true, keys: { ada: 'iron' } };
const byMaker = { set: { makerId: (name: string) => name } };

describe('CRUD routes', () => {
  it('let the client choose the key: by POST, and by a PUT that adds or replaces', async (t) => {
    const { ask } = await served(t, byMaker);
    const added = await ask('POST', '/gates', { name: 'north/east', ...content });
    assert.deepEqual([added.status, added.headers.location], [201, 'https://gates.example/gates/north%2Feast']);
    assert.equal((await ask('GET', '/gates/north%2Feast')).json.name, 'north/east');
    assert.equal((await ask('POST', '/gates', { name: 'north/east', ...content })).status, 409);
    assert.equal((await ask('PUT', '/gates/south', content, { 'If-None-Match': '*' })).status, 201);
    assert.equal((await ask('PUT', '/gates/south', content, { 'If-None-Match': '*' })).status, 412);
    const replaced = await ask('PUT', '/gates/south', { ...content, height: 4 }, { 'x-name': 'bob' });
    assert.deepEqual([replaced.status, replaced.json.height, replaced.json.makerId], [200, 4, 'ada']);
    for (const key of ['%00', '%07', 'x'.repeat(21)]) {
      const refused = await ask('PUT', `/gates/${key}`, content);
      assert.deepEqual([refused.status, Object.keys(refused.json.fields ?? {})], [400, ['name']], key);
      assert.equal((await ask('GET', `/gates/${key}`)).status, 404);
    }
  });

  it('name every wrong member: of another type, missing, unknown, twice, or not for the client', async (t) => {
    const { ask } = await served(t, byMaker);
    const { status, json } = await ask('POST', '/gates', {
      ...{ name: 7, height: 1.5, open: 'true', openedAt: '2037-02-30T00:00:00Z', keys: [1], makerId: 'x', colour: 1 },
    });
    assert.equal(status, 400);
    assert.deepEqual(Object.keys(json.fields).sort(), [
      'colour',
      'height',
      'keys',
      'makerId',
      'name',
      'open',
      'openedAt',
    ]);
    assert.deepEqual(Object.keys((await ask('POST', '/gates', {})).json.fields), ['name', 'height', 'open', 'keys']);
    for (const height of [null, '3', 2 ** 53, true, [3]]) {
      assert.deepEqual(Object.keys((await ask('POST', '/gates', { name: 'a', ...content, height })).json.fields), [
        'height',
      ]);
    }
    assert.equal((await ask('POST', '/gates', undefined)).status, 400);
  });

  it('change by a merge patch, members of JSON included, and leave the rest (RFC 7396)', async (t) => {
    const { ask } = await served(t, byMaker);
    await ask('POST', '/gates', { name: 'a', ...content, openedAt: '2037-01-02T00:00:00.5Z' });
    const change = async (patch: unknown) => ask('PATCH', '/gates/a', patch);
    assert.deepEqual((await change({ keys: { bob: 'oak', ada: null } })).json, {
      ...{
        name: 'a',
        height: 3,
        open: true,
        openedAt: '2037-01-02T00:00:00.500Z',
        keys: { bob: 'oak' },
        makerId: 'ada',
      },
    });
    assert.equal((await change({ openedAt: null })).json.openedAt, null);
    const wrong = await change({ keys: { bob: 3 }, height: 9 });
    assert.deepEqual([wrong.status, Object.keys(wrong.json.fields)], [400, ['keys']]);
    assert.deepEqual(Object.keys((await change({ height: null, name: 'b' })).json.fields), ['height', 'name']);
    assert.equal((await ask('GET', '/gates/a')).json.height, 3);
    assert.equal((await change({})).status, 200);
    assert.equal((await ask('PATCH', '/gates/b', {})).status, 404);
  });

  it('keep owners apart where clients choose the keys: what is another one has is taken, and not shown', async (t) => {
    const owner = { field: 'makerId' as const, of: (name: string) => name };
    const { ask, records } = await served(t, { set: {}, owner });
    await ask('PUT', '/gates/a', content);
    const bob = { 'x-name': 'bob' };
    for (const [method, body, expected] of [
      ['PUT', content, 409],
      ['GET', undefined, 404],
      ['PATCH', { open: false }, 404],
      ['DELETE', undefined, 404],
    ] as const) {
      assert.equal((await ask(method, '/gates/a', body, bob)).status, expected, method);
    }
    assert.equal((await ask('POST', '/gates', { name: 'a', ...content }, bob)).status, 409);
    // The record is as its owner left it; of many at once for a new key, one adds it.
    assert.equal((await records.byKey('a'))?.record.open, true);
    const raced = await Promise.all(
      Array.from({ length: 20 }, (_, n) => ask('PUT', '/gates/b', content, { 'x-name': n % 2 ? 'ada' : 'bob' })),
    );
    const tally = (status: number) => raced.filter((each) => each.status === status).length;
    assert.deepEqual([tally(201), tally(200), tally(409)], [1, 9, 10]);
    assert.deepEqual((await ask('GET', '/gates', undefined, { 'x-name': 'eve' })).json, {
      items: [],
      total: 0,
      next: null,
    });
  });

  it('demand a precondition where the service does (RFC 6585 §3)', async (t) => {
    const { ask } = await served(t, { ...byMaker, conditional: 'demanded' });
    assert.equal((await ask('PUT', '/gates/a', content)).status, 428);
    assert.equal((await ask('PUT', '/gates/a', content, { 'If-None-Match': '*' })).status, 201);
    const tag = String((await ask('GET', '/gates/a')).headers.etag);
    assert.equal((await ask('PATCH', '/gates/a', { open: false })).status, 428);
    assert.equal((await ask('PATCH', '/gates/a', { open: false }, { 'If-Match': tag })).status, 200);
    assert.equal((await ask('DELETE', '/gates/a')).status, 428);
    assert.equal((await ask('DELETE', '/gates/a', undefined, { 'If-Match': tag })).status, 412);
    assert.equal((await ask('DELETE', '/gates/a', undefined, { 'If-Match': '*' })).status, 204);
  });

  it('are in the document as they are', async (t) => {
    const { routes } = await served(t, byMaker);
    const error = Type.Object({ message: Type.String() }, { title: 'Error' });
    const document = JSON.stringify(
      openApiDocument({
        ...{
          title: 'Gates',
          version: '1.0.0',
          description: '',
          basePath: '',
          routes,
          access,
          problems: engineProblems,
        },
        ...{ errorSchema: error, invalidInputSchema: error },
      }),
    );
    for (const part of [
      '"operationId":"listGates"',
      '"operationId":"changeGate"',
      'openedAt_before',
      '"name":"cursor"',
      '"412"',
    ]) {
      assert.ok(document.includes(part), part);
    }
  });

  it('do not start with options that would give a record away', () => {
    const records = memoryStores().collection(gates);
    const options = { model: 'Gate', path: '/gates', records, read: 'named', write: 'named' } as const;
    const make = (more: object) => () => crudRoutesOf<Access>()(gates, { ...options, ...more });
    assert.throws(make({ set: { height: () => 1 } }), /height of gates is set once, and is not kept/);
    assert.throws(make({ owner: { field: 'open', of: () => true } }), /open of gates is not kept/);
  });
});
