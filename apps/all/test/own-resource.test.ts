import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { startMongod, withMongod } from '@portcullis/mongod';
import { CHEAP_HASHING, type JsonAnswer, jsonClient, programAt } from '@portcullis/testing';
import { builtNotes, listings } from './support/notes.ts';

const LOST = 404;

describe('docs/a-resource-of-your-own.md', { timeout: 300_000 }, () => {
  const folder = builtNotes();

  it('is at most six files and 240 lines, which name no path of the repository', () => {
    assert.ok(listings.length <= 6, String(listings.length));
    const lines = listings.filter(([path]) => path.endsWith('.ts')).flatMap(([, code]) => code.trimEnd().split('\n'));
    assert.ok(lines.length <= 240, String(lines.length));
    for (const [path, code] of listings) assert.doesNotMatch(code, /packages\/|apps\/|\.\.\//, path);
    assert.deepEqual(readdirSync(join(folder(), 'src')).sort(), ['certify.ts', 'main.ts', 'note.ts', 'service.ts']);
  });

  it('serves them on SQLite', async () => serves(folder(), {}));

  withMongod(() => {
    it('serves them on MongoDB', async (t) => {
      const server = await startMongod();
      t.after(() => server.stop());
      await serves(folder(), { MONGODB_URL: `mongodb://127.0.0.1:${server.instanceInfo?.port}/notes-of-a-team` });
    });
  });
});

async function serves(folder: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const { startServerProcess } = programAt(pathToFileURL(join(folder, 'dist/main.js')));
  const data = mkdtempSync(join(tmpdir(), 'notes-data-'));
  const server = await startServerProcess({ ...CHEAP_HASHING, DATA_DIR: data, LOG_LEVEL: 'error', ...settings });
  try {
    await answers(jsonClient(() => server.url));
  } finally {
    await server.stop('SIGTERM');
    rmSync(data, { recursive: true, force: true });
  }
}

async function answers(send: ReturnType<typeof jsonClient>): Promise<void> {
  async function user(name: string) {
    const json = { name, password: `oak and iron bars of ${name}` };
    assert.equal((await send('POST', '/users', { json })).status, 201);
    const { answer } = (await send('POST', '/tokens', { json })).json;
    return (method: string, path: string, json?: unknown, headers: Readonly<Record<string, string>> = {}) =>
      send(method, path, {
        ...(json !== undefined && { json }),
        headers: { Authorization: `Bearer ${answer}`, ...headers },
      });
  }
  const [ada, bob] = [await user('ada'), await user('bob')];
  const note = (title: string, done = false) => ({ title, text: 'one\ntwo', done });
  const titles = ({ json }: JsonAnswer) => json.items.map(({ title }: { readonly title: string }) => title);
  assert.equal((await send('GET', '/notes')).status, 401);

  const added = await ada('POST', '/notes', { ...note('Gates'), dueAt: '2037-01-02T03:04:05+01:00' });
  assert.equal(added.status, 201, added.text);
  assert.equal(added.json.dueAt, '2037-01-02T02:04:05.000Z');
  const path = new URL(added.headers.get('Location') ?? '').pathname;
  const tag = added.headers.get('ETag') ?? '';
  const refused = await ada('POST', '/notes', { title: ' ', text: '\u0007', done: 'yes', ownerId: 'x', colour: 1 });
  assert.equal(refused.status, 400);
  assert.deepEqual(Object.keys(refused.json.errors).sort(), ['colour', 'done', 'ownerId', 'text', 'title']);

  // Unique for each owner.
  assert.equal((await ada('POST', '/notes', note('Gates'))).status, 409);
  assert.equal((await bob('POST', '/notes', note('Gates'))).status, 201);

  // Somebody else's is not there, whatever is done to it.
  for (const [method, json, headers] of [
    ['GET', undefined, {}],
    ['PUT', note('mine'), {}],
    ['PUT', note('mine'), { 'If-Match': tag }],
    ['PATCH', { done: true }, {}],
    ['PATCH', { done: true }, { 'If-Match': '*' }],
    ['DELETE', undefined, {}],
    ['DELETE', undefined, { 'If-Match': tag }],
  ] as const) {
    assert.equal((await bob(method, path, json, headers)).status, LOST, `${method} ${JSON.stringify(headers)}`);
  }
  assert.deepEqual(titles(await bob('GET', `/notes?ownerId=${added.json.ownerId}`)), ['Gates']);

  assert.equal((await ada('GET', path, undefined, { 'If-None-Match': tag })).status, 304);
  const patched = await ada('PATCH', path, { done: true, dueAt: null }, { 'If-Match': tag });
  assert.deepEqual(
    [patched.status, patched.json.done, patched.json.dueAt, patched.json.text],
    [200, true, null, 'one\ntwo'],
  );
  assert.equal((await ada('PUT', path, note('Doors'), { 'If-Match': tag })).status, 412);
  const seen = (await ada('GET', path)).headers.get('ETag') ?? '';
  const raced = await Promise.all(
    Array.from({ length: 20 }, (_, n) => ada('PUT', path, note(`Doors ${n}`), { 'If-Match': seen })),
  );
  assert.deepEqual(raced.map(({ status }) => status).sort(), [200, ...Array(19).fill(412)]);

  for (const title of ['b', 'a', 'd', 'c', 'e'])
    assert.equal((await ada('POST', '/notes', note(title, title > 'b'))).status, 201);
  assert.deepEqual(titles(await ada('GET', '/notes?done=true&sort=-title')), ['e', 'd', 'c']);
  const first = await ada('GET', '/notes?sort=title&per_page=5');
  const rest = await ada('GET', `/notes?sort=title&per_page=5&cursor=${first.json.next}`);
  assert.equal(rest.json.next, null);
  assert.deepEqual([...titles(first), ...titles(rest)].slice(-5), ['a', 'b', 'c', 'd', 'e']);
  assert.equal((await bob('GET', `/notes?sort=-title&cursor=${first.json.next}`)).status, 400);

  assert.equal((await ada('DELETE', path)).status, 204);
  assert.equal((await ada('GET', path)).status, LOST);
}
