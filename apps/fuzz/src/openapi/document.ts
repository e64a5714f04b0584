import Schema from 'typebox/schema';

type Json = Readonly<Record<string, unknown>>;

/** The body schemas of one answer, by media type; `undefined` where the document gives none. */
interface DocumentedAnswer {
  readonly content: ReadonlyMap<string, JsonCheck | undefined>;
  /** In lower case. */
  readonly headers: readonly string[];
}

/** What is wrong with the value, or undefined. */
type JsonCheck = (value: unknown) => string | undefined;

/** One operation of an OpenAPI document. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  /** With its server's path in front of it: `/api/v1/users/{public_id}`. */
  readonly path: string;
  readonly pathParameters: readonly string[];
  /** Names and schemas. */
  readonly queryParameters: ReadonlyMap<string, Json>;
  /** By media type, references resolved. */
  readonly bodies: ReadonlyMap<string, Json>;
  /** The names of the schemes that it asks for; none where it is open to everyone. */
  readonly security: readonly string[];
  readonly answers: ReadonlyMap<number, DocumentedAnswer>;
}

export interface Document {
  readonly operations: readonly Operation[];
  /** Whether JSON has the shape that some error of this service is documented with. */
  readonly isError: (value: unknown) => boolean;
}

const METHODS = ['get', 'head', 'put', 'post', 'patch', 'delete', 'options', 'trace'];
const object = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.map(object) : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** @param source an OpenAPI 3.1 document, parsed */
export function readDocument(source: unknown): Document {
  const root = object(source);
  const { components } = root;
  const compiled = new Map<string, JsonCheck>();

  function checkOf(schema: Json): JsonCheck {
    const key = JSON.stringify(schema);
    const known = compiled.get(key);
    if (known) return known;
    const validator = Schema.Compile({ ...schema, components } as never);
    const check: JsonCheck = (value) => {
      if (validator.Check(value)) return undefined;
      const [first] = validator.Errors(value)[1];
      return `${first?.instancePath || '/'} ${first?.message ?? 'does not fit'}`;
    };
    compiled.set(key, check);
    return check;
  }

  function resolved(value: unknown): Json {
    const schema = object(value);
    const name = /^#\/components\/schemas\/(.+)$/.exec(text(schema.$ref))?.[1];
    return name === undefined ? schema : object(object(object(components).schemas)[name]);
  }

  const operations = Object.entries(object(root.paths)).flatMap(([path, item]) =>
    METHODS.filter((method) => method in object(item)).map((method): Operation => {
      const entry = object(object(item)[method]);
      const servers = list(object(item).servers ?? root.servers);
      const parameters = [...list(object(item).parameters), ...list(entry.parameters)];
      const inPlace = (place: string) => parameters.filter((parameter) => parameter.in === place);
      return {
        id: text(entry.operationId),
        method: method.toUpperCase(),
        path: `${text(servers[0]?.url).replace(/\/$/, '')}${path}`,
        pathParameters: inPlace('path').map(({ name }) => text(name)),
        queryParameters: new Map(inPlace('query').map(({ name, schema }) => [text(name), resolved(schema)])),
        bodies: new Map(
          Object.entries(object(object(entry.requestBody).content)).map(([type, media]) => [
            type,
            resolved(object(media).schema),
          ]),
        ),
        security: list(entry.security).flatMap(Object.keys),
        answers: new Map(
          Object.entries(object(entry.responses)).map(([status, answer]) => [
            Number(status),
            {
              headers: Object.keys(object(object(answer).headers)).map((name) => name.toLowerCase()),
              content: new Map(
                Object.entries(object(object(answer).content)).map(([type, media]) => {
                  const { schema } = object(media);
                  return [type, schema === undefined ? undefined : checkOf(object(schema))];
                }),
              ),
            },
          ]),
        ),
      };
    }),
  );
  const errors = operations
    .flatMap(({ answers }) => [...answers])
    .filter(([status]) => status >= 400)
    .flatMap(([, { content }]) => [...content.values()])
    .filter((check) => check !== undefined);
  const distinct = [...new Set(errors)];
  return { operations, isError: (value) => distinct.some((check) => check(value) === undefined) };
}
