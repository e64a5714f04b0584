import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { type Collection, collection, err, field, ok, putIf, removeIf, type Versioned } from '@portcullis/domain';
import { anyText, engineProblems, required, routesOf, textInput, viewOf } from '@portcullis/http';
import { memoryStores } from '@portcullis/persistence-memory';
import Type from 'typebox';
import { FORM, type Sent, send } from './support/send.ts';
import { type access, reasons, serveToy } from './support/toy-service.ts';

interface Crate {
  readonly name: string;
  readonly weight: number;
}
const crateCollection = collection<Crate, 'name'>('crates', {
  fields: { name: field.text(9), weight: field.integer },
  key: 'name',
});

type CrateError = { readonly kind: 'precondition-failed' } | { readonly kind: 'crate-missing' };
const problems = { ...engineProblems, 'crate-missing': { status: 404, title: 'No such crate' } };
const route = routesOf<typeof access, CrateError>();
const ofCrate = viewOf<Versioned<Crate>>();
const crateView = ofCrate.view('Crate', {
  name: ofCrate.field(Type.String(), ({ record }) => record.name),
  weight: ofCrate.field(Type.Integer(), ({ record }) => record.weight),
});
const ofText = viewOf<string>();
const saidView = ofText.view('Said', { said: ofText.field(Type.String(), (said) => said) });

const params = textInput({ name: required(Type.String({ maxLength: 20 }), anyText) }, reasons);
const body = {
  mediaTypes: ['application/x-www-form-urlencoded'],
  input: textInput({ weight: required(Type.String({ maxLength: 20 }), anyText) }, reasons),
} as const;

const routesOver = (crates: Collection<Crate, 'name'>, conditional: 'honoured' | 'demanded') => [
  route({
    ...{ method: 'get', path: '/crates/:name', operationId: 'get', summary: 'Read', tag: 'crates', access: 'public' },
    params,
    success: { status: 200, description: 'The crate', view: crateView, state: ({ version }) => version },
    failures: ['crate-missing'],
    async handle({ params: { name } }) {
      const found = await crates.byKey(name);
      return found ? ok(found) : err({ kind: 'crate-missing' });
    },
  }),
  route({
    ...{ method: 'put', path: '/crates/:name', operationId: 'put', summary: 'Put', tag: 'crates', access: 'public' },
    ...{ params, body, conditional },
    success: {
      created: { status: 201, description: 'Created', view: saidView },
      replaced: { status: 200, description: 'Replaced', view: saidView },
    },
    failures: ['precondition-failed'],
    async handle({ params: { name }, body: { weight }, precondition }) {
      const put = await putIf(crates, 'name', { name, weight: Number(weight) }, precondition);
      if (put.ok) return ok({ as: put.value.created ? 'created' : 'replaced', value: 'done' });
      return err({ kind: 'precondition-failed' });
    },
  }),
  route({
    ...{ method: 'delete', path: '/crates/:name', operationId: 'drop', summary: 'Drop', tag: 'crates' },
    ...{ access: 'public', params, conditional },
    success: { status: 204, description: 'Dropped' },
    failures: ['precondition-failed', 'crate-missing'],
    async handle({ params: { name }, precondition }) {
      const removed = await removeIf(crates, name, precondition);
      if (removed.ok) return ok(undefined);
      return err({ kind: removed.error.kind === 'absent' ? 'crate-missing' : 'precondition-failed' });
    },
  }),
];

async function world(t: TestContext, conditional: 'honoured' | 'demanded' = 'honoured') {
  const crates = memoryStores().collection(crateCollection);
  const { url } = await serveToy(t, { routes: routesOver(crates, conditional), problems: problems as never });
  const ask = (name: string, sent: Sent = {}) => send(`${url}/toy/crates/${name}`, sent);
  const put = (name: string, headers: Sent['headers'] = []) =>
    ask(name, { method: 'PUT', body: 'weight=7', headers: [FORM, ...headers] });
  const tagOf = async (name: string): Promise<string> => String((await ask(name)).headers.etag);
  return { crates, ask, put, tagOf };
}

describe('an entity tag', () => {
  it('is strong, and differs after every change, a removal and another addition too', async (t) => {
    const { ask, put, tagOf } = await world(t);
    const seen = new Set<string>();
    for (let round = 0; round < 3; round += 1) {
      for (let change = 0; change < 2; change += 1) {
        await put('a');
        const tag = await tagOf('a');
        assert.match(tag, /^"[!#-~]+"$/);
        assert.ok(!seen.has(tag), tag);
        assert.equal(await tagOf('a'), tag);
        seen.add(tag);
      }
      assert.equal((await ask('a', { method: 'DELETE' })).status, 204);
    }
  });

  it('spares a client that has the state its body', async (t) => {
    const { ask, put, tagOf } = await world(t);
    await put('a');
    const tag = await tagOf('a');
    for (const method of ['GET', 'HEAD']) {
      for (const value of [tag, `W/${tag}`, `"x", ${tag}`, `"x" ,, ${tag},`, '*']) {
        const { status, text, headers } = await ask('a', { method, headers: [['If-None-Match', value]] });
        assert.deepEqual([status, text, headers.etag, headers['content-type']], [304, '', tag, undefined], value);
      }
      const other = await ask('a', { method, headers: [['If-None-Match', '"x"']] });
      assert.equal(other.status, 200);
    }
    assert.equal((await ask('b', { headers: [['If-None-Match', '*']] })).status, 404);
  });
});

describe('a conditional request', () => {
  it('is done where what it demands holds, in the order of RFC 9110 §13.2.2, and is 412 elsewhere', async (t) => {
    const { ask, crates, put, tagOf } = await world(t);
    /** By the words of the RFC, for a resource with this tag or without one. */
    const holds = (header: string, value: string | undefined, tag: string | undefined): boolean => {
      if (value === undefined) return true;
      const listed = value.split(',').map((each) => each.trim());
      const isAmong = listed.some((each) => {
        if (tag === undefined) return false;
        return each === '*' || each === tag || (header === 'If-None-Match' && each === `W/${tag}`);
      });
      return header === 'If-Match' ? isAmong : !isAmong;
    };
    for (const isThere of [true, false]) {
      for (const match of [undefined, '*', 'TAG', 'W/TAG', '"x"', '"x", TAG', '"x,TAG"']) {
        for (const none of [undefined, '*', 'TAG', 'W/TAG', '"x"', '"x", W/TAG']) {
          for (const method of ['PUT', 'GET', 'DELETE']) {
            await crates.remove('a');
            if (isThere) await put('a');
            const tag = isThere ? await tagOf('a') : undefined;
            const spelt = (value: string | undefined) =>
              value?.replace('"x,TAG"', '"x,y"').replace('TAG', tag ?? '"gone"');
            const [ifMatch, ifNoneMatch] = [spelt(match), spelt(none)];
            const headers = [
              ...(ifMatch === undefined ? [] : [['If-Match', ifMatch] as const]),
              ...(ifNoneMatch === undefined ? [] : [['If-None-Match', ifNoneMatch] as const]),
            ];
            const { status } = method === 'PUT' ? await put('a', headers) : await ask('a', { method, headers });
            const isMet = holds('If-Match', ifMatch, tag);
            const isNew = holds('If-None-Match', ifNoneMatch, tag);
            const done = method === 'PUT' ? (isThere ? 200 : 201) : method === 'GET' ? 200 : 204;
            const missed = method === 'GET' && isMet ? 304 : 412;
            const expected = !isThere && method !== 'PUT' ? 404 : isMet && isNew ? done : missed;
            assert.equal(status, expected, `${method} ${isThere} ${JSON.stringify(headers)}`);
            const after = (await crates.byKey('a'))?.version;
            if (expected >= 300 && tag !== undefined) assert.equal(`"${after}"`, tag, 'nothing has changed');
          }
        }
      }
    }
  });

  it('is 400 with a header that is no list of entity tags, and changes nothing', async (t) => {
    const { ask, put, tagOf } = await world(t);
    await put('a');
    const tag = await tagOf('a');
    const garbage = [
      '',
      ',',
      ' ',
      'a',
      '"a',
      'a"',
      '"a" "b"',
      '"a";"b"',
      '*, "a"',
      '"a", *',
      '**',
      'W/a',
      'w/"a"',
      'W/ "a"',
    ];
    for (const value of [...garbage, '"a"x', '"a\u00a0b" c', "'a'", '"a" , b', '"a"\u00a0']) {
      for (const header of ['If-Match', 'If-None-Match']) {
        for (const method of ['GET', 'PUT', 'DELETE']) {
          const headers = [[header, value]] as const;
          const { status, text } = method === 'PUT' ? await put('a', headers) : await ask('a', { method, headers });
          assert.equal(status, 400, `${method} ${header}: ${value}`);
          assert.ok(text.includes(header), text);
        }
      }
    }
    assert.equal(await tagOf('a'), tag);
  });

  it('is done once among forty with one tag, and by a removal or a change and not by both', async (t) => {
    const { ask, put, tagOf } = await world(t);
    for (let round = 0; round < 5; round += 1) {
      await put('a');
      const headers = [['If-Match', await tagOf('a')]] as const;
      const answers = await Promise.all(
        Array.from({ length: 40 }, (_, n) =>
          n % 4 === 3 ? ask('a', { method: 'DELETE', headers }) : put('a', headers),
        ),
      );
      const done = answers.filter(({ status }) => status < 300);
      assert.equal(done.length, 1);
      for (const { status } of answers) assert.ok([200, 204, 404, 412].includes(status), String(status));
    }
    const created = await Promise.all(Array.from({ length: 40 }, () => put('new', [['If-None-Match', '*']])));
    assert.deepEqual(
      created.map(({ status }) => status).filter((status) => status !== 412),
      [201],
    );
  });

  it('can be demanded (RFC 6585 §3)', async (t) => {
    const { ask, put, tagOf } = await world(t, 'demanded');
    assert.equal((await put('a')).status, 428);
    assert.equal((await put('a', [['If-None-Match', '*']])).status, 201);
    assert.equal((await ask('a', { method: 'DELETE' })).status, 428);
    assert.equal((await ask('a', { method: 'DELETE', headers: [['If-Match', await tagOf('a')]] })).status, 204);
  });
});
