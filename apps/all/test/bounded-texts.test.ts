import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { accounts } from '@portcullis/accounts';
import { api } from '@portcullis/api';
import { books } from '@portcullis/books';
import { type AnyService, createApi } from '@portcullis/service';
import { ships } from '@portcullis/ships';
import { jsonClient, openMemoryStore, serveForTest } from '@portcullis/testing';
import { credentials } from './support/credentials.ts';

// Every text of every request, as the services' own documents describe them.

/** A schema, as far as it matters here. */
interface Schema {
  readonly type?: string;
  readonly $ref?: string;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly maxItems?: number;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

interface Operation {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly bodies: readonly (readonly [mediaType: string, schema: Schema])[];
}

function operationsOf(service: AnyService, composition: unknown, settings: unknown): readonly Operation[] {
  const { document } = createApi(service.api(composition as never, settings as never), {
    prefix: '',
    publicUrl: () => '',
    log: { request: () => undefined, fault: () => undefined },
    newRequestId: () => 'request',
    checkReady: async () => undefined,
  });
  // biome-ignore lint/suspicious/noExplicitAny: an OpenAPI document, of which this reads what it needs
  const { paths, components, servers } = document as any;
  const resolved = (schema: Schema): Schema =>
    schema.$ref === undefined ? schema : components.schemas[schema.$ref.split('/').at(-1) ?? ''];
  // biome-ignore lint/suspicious/noExplicitAny: as above
  return Object.entries<any>(paths).flatMap(([path, { servers: own = servers, ...methods }]) =>
    // biome-ignore lint/suspicious/noExplicitAny: as above
    Object.entries<any>(methods).map(([method, { operationId, parameters = [], requestBody }]) => ({
      operationId,
      method: method.toUpperCase(),
      path: own === servers ? path : `//${path}`,
      parameters,
      // biome-ignore lint/suspicious/noExplicitAny: as above
      bodies: Object.entries<any>(requestBody?.content ?? {}).map(
        ([mediaType, { schema }]) => [mediaType, resolved(schema)] as const,
      ),
    })),
  );
}

/** Every text in a schema, with where it stands. */
function textsIn(schema: Schema, where: string): readonly (readonly [where: string, text: Schema])[] {
  return [
    ...(schema.type === 'string' ? [[where, schema] as const] : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, field]) => textsIn(field, `${where}.${name}`)),
    ...(schema.items ? textsIn(schema.items, `${where}[]`) : []),
  ];
}

const isBounded = ({ maxLength, format, enum: values }: Schema): boolean =>
  maxLength !== undefined || format === 'uuid' || values !== undefined;

/** A text of so many characters that no rule but that of its length refuses. */
function textOf(field: string, length: number): string {
  const [start, end] =
    field === 'email' ? ['eve@', '.example'] : field === 'info_url' ? ['https://', '.org'] : ['', ''];
  return `${start}${'a'.repeat(Math.max(0, length - start.length - end.length))}${end}`;
}

/** Of a widget, which is the one thing that is changed on conditions. */
/** What the schema demands; or all that it knows, where it demands nothing. */
function rightBody({ properties = {}, required = Object.keys(properties) }: Schema): Readonly<Record<string, unknown>> {
  const fields = Object.entries(properties).filter(([name]) => required.includes(name));
  return Object.fromEntries(fields.map(([name, field]) => [name, rightValue(name, field)]));
}

/** A value that the schema takes. */
function rightValue(field: string, schema: Schema): unknown {
  if (schema.type === 'array') return [];
  if (schema.type === 'integer') return 1;
  if (schema.type === 'boolean') return true;
  if (field === 'info_url') return 'https://example.org';
  if (field === 'email') return 'eve@example.org';
  return field === 'deadline' ? '2037-01-02' : 'a'.repeat(Math.max(1, schema.minLength ?? 12));
}

for (const service of [api, books, ships, accounts] as readonly AnyService[]) {
  describe(service.title, () => {
    const clientSecret = 's'.repeat(32);
    const serve = () =>
      serveForTest(service, {
        environment: { CLIENTS: `client:${clientSecret}`, APP_ENV: 'testing', ACCESS_TOKEN_LIFETIME_SECONDS: '3600' },
        openStore: openMemoryStore,
      });

    it('has a bound for every text and list of every request', async (t) => {
      const served = await serve();
      t.after(served.close);
      const operations = operationsOf(service, served.composition, served.composition.settings);
      const texts = operations.flatMap(({ operationId, parameters, bodies }) => [
        ...parameters.flatMap(({ name, schema }) => textsIn(schema, `${operationId} ${name}`)),
        ...bodies.flatMap(([mediaType, schema]) => textsIn(schema, `${operationId} ${mediaType}`)),
      ]);
      assert.ok(texts.length > 5, `only ${texts.length} texts`);
      assert.deepEqual(
        texts.filter(([, text]) => !isBounded(text)).map(([where]) => where),
        [],
      );
    });

    it('answers one character more in any field with a 4xx that names the field', async (t) => {
      const served = await serve();
      t.after(served.close);
      const send = jsonClient(() => served.url);
      const user = await credentials(service, send, async (login) =>
        served.composition.changeAccess('operator', (await served.composition.findUser(login))?.id, { admin: true }),
      );
      let tried = 0;
      for (const operation of operationsOf(service, served.composition, served.composition.settings)) {
        const { operationId, method, path, parameters, bodies } = operation;
        const headers = ['introspect', 'revoke'].includes(operationId)
          ? { Authorization: `Basic ${btoa(`client:${clientSecret}`)}` }
          : user;
        const inPath = parameters.filter((parameter) => parameter.in === 'path');
        const at = (long?: string): string =>
          inPath.reduce(
            (filled, { name, schema }) => {
              const right = schema.type === 'integer' ? '2' : 'a';
              return filled.replace(`{${name}}`, name === long ? textOf(name, (schema.maxLength ?? 36) + 1) : right);
            },
            path.replace('//', ''),
          );
        const url = (long?: string): string => (path.startsWith('//') ? new URL(at(long), served.url).href : at(long));
        for (const { name, schema } of inPath.filter(({ schema }) => schema.type === 'string')) {
          const { status, text } = await send(method, url(name), { headers });
          // What is looked for is not found, or is a name to create.
          assert.ok([400, 404].includes(status), `${operationId} ${name} ${schema.maxLength}: ${status} ${text}`);
          tried += 1;
        }
        for (const { name, schema } of parameters.filter((one) => one.in === 'query' && one.schema.type === 'string')) {
          const query = new URLSearchParams({ [name]: textOf(name, (schema.maxLength ?? 0) + 1) });
          const { status, text } = await send(method, `${url()}?${query}`, { headers });
          assert.equal(status, 400, `${operationId} ${name}: ${text}`);
          assert.ok(text.includes(name), text);
          tried += 1;
        }
        for (const { name, schema } of parameters.filter((one) => one.in === 'header')) {
          const tag = `"${'a'.repeat((schema.maxLength ?? 0) - 1)}"`;
          const body = bodies.find(([type]) => type === 'application/json')?.[1];
          const { status, text } = await send(method, url(), {
            headers: { ...headers, [name]: tag },
            ...(body && { json: rightBody(body) }),
          });
          assert.equal(status, 400, `${operationId} ${name}: ${text}`);
          assert.ok(text.includes(name), text);
          tried += 1;
        }
        for (const [mediaType, schema] of bodies.filter(([type]) => type !== 'multipart/form-data')) {
          const fields = Object.entries(schema.properties ?? {});
          const right = rightBody(schema);
          const long = fields.flatMap(
            ([name, { type, items, maxLength, maxItems }]): (readonly [string, unknown])[] => {
              if (type === 'string') return [[name, textOf(name, (maxLength ?? 0) + 1)]];
              if (items?.type !== 'string') return [];
              return [
                [name, ['a', textOf(name, (items.maxLength ?? 0) + 1)]],
                [name, Array.from({ length: (maxItems ?? 0) + 1 }, () => 'a')],
              ];
            },
          );
          for (const [name, value] of long) {
            const values = { ...right, [name]: value };
            const isForm = !mediaType.endsWith('json');
            const { status, text } = await send(method, url(), {
              headers: { ...headers, 'Content-Type': mediaType },
              body: isForm ? new URLSearchParams(values as Record<string, string>).toString() : JSON.stringify(values),
            });
            const shown = `${operationId} ${mediaType} ${name}: ${status} ${text.slice(0, 300)}`;
            // The contracts of books and ships have words for a login by a name that nobody has.
            if (operationId === 'logIn' && (service === books || name === 'username')) assert.equal(status, 401, shown);
            else {
              assert.equal(status, 400, shown);
              assert.ok(text.includes(name), shown);
            }
            tried += 1;
          }
        }
      }
      assert.ok(tried > 5, `only ${tried} fields`);
    });
  });
}
