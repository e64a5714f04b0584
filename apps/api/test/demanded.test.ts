import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { api } from '@portcullis/api';
import { jsonClient, openMemoryStore, serveForTest } from '@portcullis/testing';

const PASSWORD = 'iron-bars-and-oak';
const CONTENT = { info_url: 'https://example.org/', deadline: '2099-01-01' };

const demanded: typeof api = {
  ...api,
  api: (parts, settings) => ({ ...api.api(parts, settings), preconditions: 'demanded' }),
};

describe('a service that demands preconditions', () => {
  it('refuses each change that names no state with 428, does what names one, and reads as before', async (t) => {
    const served = await serveForTest(demanded, { openStore: openMemoryStore });
    t.after(served.close);
    const send = jsonClient(() => served.url);
    const register = async (email: string) => {
      const { json } = await send('POST', '/auth/register', { json: { email, password: PASSWORD } });
      return { Authorization: `Bearer ${(json as { readonly access_token: string }).access_token}` };
    };
    const user = await register('ada@example.org');
    await register('root@example.org');
    const { changeAccess, findUser } = served.composition;
    const { id } = (await findUser('root@example.org')) ?? assert.fail();
    assert.ok((await changeAccess('operator', id, { admin: true })).ok);
    const login = await send('POST', '/auth/login', { json: { email: 'root@example.org', password: PASSWORD } });
    const root = { Authorization: `Bearer ${(login.json as { readonly access_token: string }).access_token}` };

    const path = '/widgets/gate';
    const status = async (method: string, target: string, headers: Record<string, string>, json?: object) =>
      (await send(method, target, { headers: { ...root, ...headers }, ...(json && { json }) })).status;
    const tagOf = async (target: string, headers = root) =>
      (await send('GET', target, { headers })).headers.get('etag') ?? assert.fail(target);

    assert.equal(await status('PUT', path, {}, CONTENT), 428);
    assert.equal(await status('PUT', path, { 'If-None-Match': '*' }, CONTENT), 201);
    assert.equal(await status('GET', path, {}), 200);
    const etag = await tagOf(path);
    for (const [method, json] of [['PUT', CONTENT], ['PATCH', { deadline: '2098-01-01' }], ['DELETE']] as const) {
      assert.equal(await status(method, path, {}, json), 428, method);
      assert.equal(await status(method, path, { 'If-Match': '"x"' }, json), 412, method);
    }
    assert.equal(await tagOf(path), etag);
    // What would be refused anyway is refused as before.
    assert.equal((await send('DELETE', path, { headers: user })).status, 403);
    assert.equal(await status('PUT', path, {}, { deadline: 'never' }), 400);
    assert.equal(await status('POST', '/widgets', {}, { name: 'other', ...CONTENT }), 201);

    assert.equal(await status('PATCH', path, { 'If-Match': etag }, { deadline: '2098-01-01' }), 200);
    assert.equal(await status('DELETE', path, { 'If-Match': '*' }), 204);
    assert.equal((await send('DELETE', '/auth/user', { headers: user, json: { password: PASSWORD } })).status, 428);
    const headers = { ...user, 'If-Match': await tagOf('/auth/user', user) };
    assert.equal((await send('DELETE', '/auth/user', { headers, json: { password: PASSWORD } })).status, 204);
  });

  it('says so in its document, on these routes alone', async (t) => {
    const served = await serveForTest(demanded, { openStore: openMemoryStore });
    t.after(served.close);
    const { json } = await jsonClient(() => served.url)('GET', '/swagger.json');
    const { paths } = json as { readonly paths: Record<string, Record<string, { readonly responses?: object }>> };
    const demanding = Object.values(paths).flatMap((methods) =>
      Object.entries(methods).flatMap(([method, { responses }]) => ('428' in (responses ?? {}) ? [method] : [])),
    );
    assert.ok(demanding.length > 4 && demanding.every((method) => ['put', 'patch', 'delete'].includes(method)));
  });
});
