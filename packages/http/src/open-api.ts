import type { TSchema } from 'typebox';
import { ENTITY_TAGS_MAX_LENGTH, ETAG } from './preconditions.ts';
import type { EngineError, ProblemSpec, ProblemTable } from './problem.ts';
import { type AccessTable, hasState, type Route, type Success } from './route.ts';

export interface DocumentOptions<E extends { readonly kind: string }> {
  readonly title: string;
  readonly version: string;
  readonly description: string;
  readonly basePath: string;
  readonly routes: readonly Route[];
  readonly access: AccessTable;
  readonly problems: ProblemTable<E | EngineError>;
  /** What error bodies look like; one model for refused fields and one for the rest. */
  readonly errorSchema: TSchema;
  readonly invalidInputSchema: TSchema;
}

type Json = Readonly<Record<string, unknown>>;

/** The service's OpenAPI 3.1 document, read from the same routes that the router is built from. */
export function openApiDocument<E extends { readonly kind: string }>(options: DocumentOptions<E>): Json {
  const { title, version, description, basePath, routes, access } = options;
  const models = new Map<string, unknown>();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] ??= route.underBase ? {} : { servers: [{ url: '/' }] };
    paths[path][route.method] = operationOf(route, options, models);
  }
  const schemes = Object.values(access).flatMap((guard) =>
    guard ? [[guard.scheme.name, guard.scheme.definition]] : [],
  );
  return {
    openapi: '3.1.0',
    info: { title, version, description },
    servers: [{ url: basePath || '/' }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: Object.fromEntries([...models].sort(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: Object.fromEntries(schemes),
    },
  };
}

function operationOf<E extends { readonly kind: string }>(
  route: Route,
  options: DocumentOptions<E>,
  models: Map<string, unknown>,
): Json {
  const guard = options.access[route.access] ?? null;
  const parameters = [
    ...parametersOf('path', route.params?.schema),
    ...parametersOf('query', route.query?.schema),
    ...conditionsOf(route),
  ];
  const { operationId, summary, description, tag, body } = route;
  return {
    operationId,
    summary,
    ...(description !== undefined && { description }),
    tags: [tag],
    security: guard ? [{ [guard.scheme.name]: [] }] : [],
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: true,
        content: Object.fromEntries(
          body.mediaTypes.map((type) => [type, { schema: hoist(body.input.schema, models) }]),
        ),
      },
    }),
    responses: {
      ...successesOf(route.successes, models),
      ...(hasState(route) && { 304: { description: 'The client has this state already', headers: ETAG_HEADER } }),
      ...failuresOf(route, options, models),
    },
  };
}

function parametersOf(place: 'path' | 'query', schema: TSchema | undefined): Json[] {
  if (!schema) return [];
  const { properties, required } = schema as { properties?: Record<string, TSchema>; required?: string[] };
  return Object.entries(properties ?? {}).map(([name, field]) => ({
    name,
    in: place,
    required: place === 'path' || (required?.includes(name) ?? false),
    schema: field,
  }));
}

const ENTITY_TAGS = { type: 'string', maxLength: ENTITY_TAGS_MAX_LENGTH } as const;
const ETAG_HEADER = { ETag: ETAG };

/** The headers of a conditional request (RFC 9110 §13.1). */
function conditionsOf({ conditional }: Route): Json[] {
  if (conditional === 'ignored') return [];
  return [
    ['If-Match', 'Entity tags, or *: goes on only where one of them is that of the resource'],
    ['If-None-Match', 'Entity tags, or *: goes on only where none of them is that of the resource'],
  ].map(([name, description]) => ({ name, in: 'header', required: false, description, schema: ENTITY_TAGS }));
}

function successesOf(successes: readonly Success[], models: Map<string, unknown>): Json {
  const byStatus = new Map<number, Success[]>();
  for (const success of successes) byStatus.set(success.status, [...(byStatus.get(success.status) ?? []), success]);
  return Object.fromEntries(
    [...byStatus].map(([status, found]) => {
      const headers = {
        ...(hasState({ successes: found }) && ETAG_HEADER),
        ...Object.fromEntries(
          found
            .flatMap((success) => Object.entries(success.headers ?? {}))
            .map(([name, { description, schema }]) => [name, { description, schema }]),
        ),
      };
      const schemas = found.flatMap((success) => ('view' in success ? [hoist(success.view.schema, models)] : []));
      const raw = found.flatMap((success) => ('mediaType' in success ? [[success.mediaType, {}]] : []));
      const content = {
        ...(schemas.length > 0 && {
          'application/json': { schema: schemas.length === 1 ? schemas[0] : { anyOf: schemas } },
        }),
        ...Object.fromEntries(raw),
      };
      return [
        status,
        {
          description: found.map(({ description }) => description).join('; '),
          ...(Object.keys(headers).length > 0 && { headers }),
          ...(Object.keys(content).length > 0 && { content }),
        },
      ];
    }),
  );
}

/** Every failure that the route can end with, its guard's and the engine's own included, by status. */
function failuresOf<E extends { readonly kind: string }>(
  route: Route,
  { access, problems, errorSchema, invalidInputSchema }: DocumentOptions<E>,
  models: Map<string, unknown>,
): Json {
  const rows = problems as unknown as Readonly<Record<string, ProblemSpec<never>>>;
  const reads = route.params ?? route.query ?? route.body;
  const kinds = new Set<string>([
    ...(access[route.access]?.failures ?? []),
    ...(reads && route.refusal === undefined ? ['input-invalid'] : []),
    ...(route.conditional !== 'ignored' ? ['precondition-malformed', 'precondition-failed'] : []),
    ...(route.conditional === 'demanded' ? ['precondition-required'] : []),
    ...(route.body ? ['body-malformed', 'body-too-large', 'content-coding-unsupported'] : []),
    ...(route.body && route.refusal === undefined ? ['media-type-unsupported'] : []),
    ...route.failures,
    'internal-error',
    'service-unavailable',
  ] satisfies (EngineError['kind'] | string)[]);

  const byStatus = new Map<number, string[]>();
  for (const kind of kinds) {
    const status = rows[kind]?.status ?? 500;
    byStatus.set(status, [...(byStatus.get(status) ?? []), kind]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, found]) => {
      const schema = found.includes('input-invalid') ? invalidInputSchema : errorSchema;
      const headers = headersOf(
        found.flatMap((kind) => rows[kind] ?? []),
        status,
      );
      return [
        status,
        {
          description: [...new Set(found.map((kind) => rows[kind]?.title ?? kind))].join('; '),
          ...(Object.keys(headers).length > 0 && { headers }),
          content: {
            ...(found.some((kind) => rows[kind]?.as !== 'text') && {
              'application/json': { schema: hoist(schema, models) },
            }),
            ...(found.some((kind) => rows[kind]?.as === 'text') && { 'text/html': { schema: { type: 'string' } } }),
          },
        },
      ];
    }),
  );
}

const headersOf = (found: readonly ProblemSpec<never>[], status: number): Json => ({
  ...(found.some(({ challenge }) => challenge !== undefined) && {
    'WWW-Authenticate': { description: 'RFC 9110 §11.6.1', schema: { type: 'string' } },
  }),
  ...(status === 503 && { 'Retry-After': { description: 'Seconds', schema: { type: 'integer' } } }),
  ...Object.fromEntries(
    found.flatMap(({ headers = {}, title }) =>
      Object.keys(headers).map((name) => [name, { description: title, schema: { type: 'string' } }]),
    ),
  ),
});

/** A schema with a title becomes a model of that name, once, and a reference to it. */
function hoist(schema: unknown, models: Map<string, unknown>): unknown {
  if (Array.isArray(schema)) return schema.map((part) => hoist(part, models));
  if (schema === null || typeof schema !== 'object') return schema;
  const parts = Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, hoist(part, models)]));
  if (!('title' in schema) || typeof schema.title !== 'string') return parts;
  models.set(schema.title, parts);
  return { $ref: `#/components/schemas/${schema.title}` };
}
