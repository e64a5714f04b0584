import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Validator } from '@seriousme/openapi-schema-validator';
import { runCli } from './support/process.ts';

interface Document {
  readonly openapi: string;
  readonly servers: readonly [{ readonly url: string }];
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, unknown>> & { readonly servers?: readonly [{ readonly url: string }] }>
  >;
  readonly components: { readonly schemas: object; readonly securitySchemes: object };
}

const committed = join(dirname(fileURLToPath(import.meta.url)), '../../../docs/openapi.json');
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

const jsonOf = async <T>(...args: string[]): Promise<T> => {
  const { code, stdout, stderr } = await runCli(args, {});
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
};

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(await jsonOf('openapi'));
    assert.ok(valid, JSON.stringify(errors, null, 2));
    assert.equal(validator.version, '3.1');
  });

  it('is the one that is committed (npm run openapi writes it anew)', async () => {
    assert.deepEqual(JSON.parse(readFileSync(committed, 'utf8')), await jsonOf('openapi'));
  });

  it('lists the routes that the command line lists, and no others', async () => {
    const document = await jsonOf<Document>('openapi');
    const documented = Object.entries(document.paths).flatMap(([path, item]) => {
      const { url } = (item.servers ?? document.servers)[0];
      return METHODS.filter((method) => method in item).map(
        (method) => `${method.toUpperCase()} ${url === '/' ? '' : url}${path}`,
      );
    });
    const listed = await jsonOf<{ method: string; path: string; access: string }[]>('routes', '--json');
    const routes = listed.map(({ method, path }) => `${method.toUpperCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    assert.deepEqual(documented.sort(), routes.sort());
    assert.deepEqual([...new Set(listed.map(({ access }) => access))].sort(), ['admin', 'client', 'public', 'user']);
  });

  it('has a bearer scheme that takes the token alone, and the models of the contract by name', async () => {
    const { components } = await jsonOf<Document>('openapi');
    assert.deepEqual(components.securitySchemes, {
      bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      client: { type: 'http', scheme: 'basic' },
    });
    for (const model of ['User', 'Widget', 'WidgetOwner', 'NavLinks', 'Pagination'])
      assert.ok(model in components.schemas);
  });
});
