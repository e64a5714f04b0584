import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { err, ok } from '@portcullis/domain';
import {
  anyText,
  createService,
  type EngineError,
  engineProblems,
  openApiDocument,
  type ProblemTable,
  required,
  routesOf,
  textInput,
  viewOf,
} from '@portcullis/http';
import Type from 'typebox';

/** All that a team writes for a resource of its own; nothing of it is known to the engine. */
interface Gate {
  readonly name: string;
  readonly openedAt: number;
}
interface GateShut {
  readonly kind: 'gate-shut';
  readonly name: string;
}

const show = viewOf<Gate>();
const fields = {
  name: show.field(Type.String(), (gate) => gate.name),
};
const problems: ProblemTable<GateShut | EngineError> = {
  ...engineProblems,
  'gate-shut': { status: 409, title: 'The gate is shut', message: ({ name }) => `${name} is shut` },
};
const access = { public: null } as const;
const reasons = {
  'field-missing': () => 'missing',
  'field-not-text': () => 'not text',
  'field-repeated': () => 'repeated',
  'field-too-long': () => '',
  'field-has-controls': () => 'controls',
};

async function serve(t: TestContext, gateFields: Parameters<typeof show.view>[1]) {
  const routes = [
    routesOf<typeof access, GateShut>()({
      method: 'get',
      path: '/gates/:name',
      operationId: 'getGate',
      summary: 'Read one gate',
      tag: 'gates',
      access: 'public',
      params: textInput({ name: required(Type.String({ maxLength: 100 }), anyText) }, reasons),
      success: { status: 200, description: 'The gate', view: show.view('Gate', gateFields) },
      failures: ['gate-shut'],
      handle: ({ params: { name } }) =>
        name === 'north' ? ok({ name, openedAt: 7 }) : err({ kind: 'gate-shut', name }),
    }),
  ];
  const app = createService({
    routes,
    access,
    problems,
    publicRealm: 'gates',
    present: ({ message }) => ({ message }),
    basePath: '',
    publicUrl: () => 'https://gates.example',
    cors: { origins: '*' },
    log: { request: () => {}, fault: (fault) => assert.fail(String(fault)) },
    newRequestId: () => 'a-request',
  });
  const server = app.listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  t.after(() => server.close());
  const address = server.address();
  assert.ok(address && typeof address === 'object');
  const document = openApiDocument({
    title: 'Gates',
    version: '1.0.0',
    description: '',
    basePath: '',
    routes,
    access,
    problems,
    errorSchema: Type.Object({ message: Type.String() }, { title: 'Error' }),
    invalidInputSchema: Type.Object({ message: Type.String() }, { title: 'InvalidInput' }),
  });
  return { base: `http://127.0.0.1:${address.port}`, document: JSON.stringify(document) };
}

describe('a resource that the engine has never heard of', () => {
  it('is routed, answered, refused and documented', async (t) => {
    const { base, document } = await serve(t, fields);

    const open = await fetch(`${base}/gates/north`);
    assert.equal(open.status, 200);
    assert.deepEqual(await open.json(), { name: 'north' });

    const shut = await fetch(`${base}/gates/south`);
    assert.equal(shut.status, 409);
    assert.deepEqual(await shut.json(), { message: 'south is shut' });

    assert.match(document, /"\/gates\/\{name\}"/);
    assert.match(document, /"409":\{"description":"The gate is shut"/);
  });

  it('shows one field more for one line more', async (t) => {
    const { base, document } = await serve(t, {
      ...fields,
      opened_at: show.field(Type.Integer(), (gate) => gate.openedAt),
    });
    assert.deepEqual(await (await fetch(`${base}/gates/north`)).json(), { name: 'north', opened_at: 7 });
    assert.match(document, /"opened_at":\{"type":"integer"\}/);
  });
});
