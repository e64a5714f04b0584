import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { jsonClient, programAt, temporaryFolder } from '@portcullis/testing';

const own = fileURLToPath(new URL('..', import.meta.url));
const root = fileURLToPath(new URL('../../../', import.meta.url));
const text = readFileSync(join(root, 'docs/build-your-own-service.md'), 'utf8');

/** The files of the document by their path. */
const listings = new Map(
  [...text.matchAll(/<!-- listing: (\S+) -->\n```\w+\n([\s\S]*?)\n```\n/g)].map(([, path = '', code]) => [
    path,
    `${code}\n`,
  ]),
);

describe('docs/build-your-own-service.md', () => {
  it('lists the service that is here, file by file', () => {
    const names = ['book/book', 'book/books', 'service', 'main', 'problems', 'routes', 'tokens', 'use-cases', 'views'];
    const files = names.map((name) => `src/${name}.ts`);
    assert.deepEqual([...listings.keys()].sort(), ['package.json', 'tsconfig.json', ...files].sort());
    for (const [path, code] of listings) assert.equal(code, readFileSync(join(own, path), 'utf8'), path);
  });

  it('builds a service that runs', { timeout: 120_000 }, async (t) => {
    // In a folder that packages resolve from, and that nobody keeps.
    const folder = join(own, 'dist/from-the-document');
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    for (const [path, code] of listings) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      // One folder further down than the service that it tells of.
      const deeper = path === 'tsconfig.json' ? code.replaceAll('"../../', '"../../../../') : code;
      writeFileSync(join(folder, path), deeper);
    }
    const compiled = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', folder]);
    assert.equal(compiled.status, 0, String(compiled.stdout));

    const { startServerProcess } = programAt(pathToFileURL(join(folder, 'dist/main.js')));
    const server = await startServerProcess({ DATA_DIR: temporaryFolder(t), LOG_LEVEL: 'error' });
    t.after(() => server.stop('SIGTERM'));
    const send = jsonClient(() => server.url);
    const json = { username: 'ada', password: 'iron bars' };
    assert.equal((await send('POST', '/signup', { json })).status, 201);
    const headers = { 'x-access-token': (await send('POST', '/login', { json })).json.token };
    const book = { title: 'On gates', author: 'Ada' };
    assert.equal((await send('POST', '/bookapi/addbook', { headers, json: book })).status, 200);
    assert.deepEqual((await send('GET', '/bookapi/books', { headers })).json, { Books: [{ id: 1, ...book }] });
    assert.equal((await send('GET', '/ui')).status, 200);
  });
});
