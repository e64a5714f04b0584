import { isUnconditional, meets, ok, type Precondition, type Result } from '@portcullis/domain';
import type { Context } from 'koa';
import { type Answer, flat, JSON_TYPE } from './answer.ts';
import type { AnswerBudget, SharedCopy } from './answer-budget.ts';
import { formEntries, readEntries } from './body.ts';
import type { ReadBytes } from './body-bytes.ts';
import type { FieldReasons } from './input.ts';
import type { Links } from './links.ts';
import { entityTag, preconditionOf, versionOf } from './preconditions.ts';
import type { EngineError } from './problem.ts';
import type { AccessTable, Answering, RawAnswer, Route, Success } from './route.ts';
import { type Compiled, compileSchema } from './schema.ts';
import type { SourceOf } from './source.ts';

interface EndpointDeps {
  readonly guard: AccessTable[string];
  readonly links: Links;
  readonly readBytes: ReadBytes;
  readonly sourceOf: SourceOf;
  readonly answers: AnswerBudget;
}

type Refusal = { readonly kind: string };

/** What a route's `refusal` stands for: fields that are wrong or not there. A body that cannot be read is another matter. */
const REFUSABLE: ReadonlySet<string> = new Set<EngineError['kind']>([
  'input-invalid',
  'body-missing',
  'body-not-an-object',
  'media-type-unsupported',
]);

/** The answer to a request, or the error that it is to be answered with. @param params those of the path, as they were sent */
export type Endpoint = (ctx: Context, params: Params) => Promise<Answer | Refusal>;
type Params = Readonly<Record<string, string>>;

/** Token first, then the role, then the fields, all of them at once, then the handler. */
export function endpointOf(route: Route, { guard, links, readBytes, sourceOf, answers }: EndpointDeps): Endpoint {
  const makers = new Map(
    route.successes.map((success) => [success, answerOf(success, { links, answers }, route.operationId)]),
  );

  const takesNothing = !route.params && !route.query && !route.body && route.conditional === 'ignored';

  return async (ctx, params) => {
    // Now, since a connection that is closed later has no address any more.
    const source = sourceOf(ctx.req);
    const admitted = guard && (await guard.check(ctx.req, params, source));
    if (admitted && !admitted.ok) return admitted.error;
    if (guard && admitted) ctx.state.subject = guard.subject(admitted.value);

    const read = takesNothing ? NOTHING : await readInputs(route, ctx, params, readBytes);
    if (!read.ok) {
      const { refusal } = route;
      return refusal !== undefined && REFUSABLE.has(read.error.kind) ? { kind: refusal } : read.error;
    }

    const reading = answers.reading();
    try {
      const answered = await route.run({
        ...read.value,
        principal: admitted?.value,
        userAgent: ctx.req.headers['user-agent'],
        source,
        admit: reading.admit,
      });
      if (!answered.ok) return answered.error;
      const { success, value } = answered.value;
      const make = makers.get(success);
      if (!make) throw new TypeError(`${route.operationId} answered a success that is not its own`);
      return make(ctx, value, read.value.precondition);
    } finally {
      reading.end();
    }
  };
}

type Inputs = Pick<Answering<unknown, unknown, unknown, unknown>, 'params' | 'query' | 'body' | 'precondition'>;

const NOTHING = ok({ params: undefined, query: undefined, body: undefined, precondition: {} });

async function readInputs(
  { params, query, body, conditional }: Route,
  ctx: Context,
  sent: Params,
  readBytes: ReadBytes,
): Promise<Result<Inputs, Refusal>> {
  const read = { params: undefined as unknown, query: undefined as unknown, body: undefined as unknown };
  let refused: FieldReasons = {};
  const take = (part: keyof typeof read, parsed: Result<unknown, FieldReasons>): void => {
    if (parsed.ok) read[part] = parsed.value;
    else refused = { ...refused, ...parsed.error };
  };

  if (params) take('params', params.read(new Map(Object.entries(sent).map(([name, value]) => [name, [value]]))));
  if (query) {
    const entries = formEntries(ctx.querystring, 'query');
    if (!entries.ok) return entries;
    take('query', query.read(entries.value));
  }
  if (body) {
    const bytes = await readBytes(ctx);
    if (!bytes.ok) return bytes;
    const entries = await readEntries(ctx, bytes.value, body);
    if (!entries.ok) return entries;
    take('body', body.input.read(entries.value));
  }
  if (Object.keys(refused).length > 0) {
    return { ok: false, error: { kind: 'input-invalid', fields: refused } as Refusal };
  }
  if (conditional === 'ignored') return { ok: true, value: { ...read, precondition: {} } };
  const precondition = preconditionOf(ctx.req.headers);
  if (!precondition.ok) return precondition;
  if (conditional === 'demanded' && isUnconditional(precondition.value)) {
    return { ok: false, error: { kind: 'precondition-required' } };
  }
  return { ok: true, value: { ...read, precondition: precondition.value } };
}

type MakerDeps = Pick<EndpointDeps, 'links' | 'answers'>;
/** The headers of an answer beside those of its success, and its body. */
type Content = readonly [headers: readonly string[], body: Answer['body']];

/** How one success is answered; its schema is compiled here, at start-up. */
function answerOf(success: Success, deps: MakerDeps, operationId: string) {
  const declared = Object.entries(success.headers ?? {});
  const { links } = deps;
  const contentOf = contentOfSuccess(success, deps, operationId);
  const stateOf = 'view' in success ? success.state : undefined;
  return (ctx: Context, value: unknown, { ifMatch, ifNoneMatch }: Precondition): Answer | Refusal => {
    const headers: string[] = [];
    if (stateOf) {
      const version = versionOf(stateOf(value as never));
      if (ifMatch && !meets({ ifMatch }, version)) return { kind: 'precondition-failed' };
      headers.push('ETag', entityTag(version));
      if (ifNoneMatch && !meets({ ifNoneMatch }, version)) return { status: 304, headers, body: undefined };
    }
    for (const [name, header] of declared) {
      const text = header.value(value as never, links);
      if (text !== undefined) headers.push(name, text);
    }
    const [more, body] = contentOf(ctx, value);
    headers.push(...more);
    return { status: success.status, headers, body };
  };
}

/** Answers that are smaller cost about as much as their response. */
const SHARED_FROM_BYTES = 16_384;

/**
 * The bytes of an answer, and the same Buffer again as long as its text is the same and some client waits for it: any number of clients
 * that read slowly wait for one copy. Compared by content, so that no answer is ever out of date.
 */
function sharedBytes(answers: AnswerBudget): (ctx: Context, text: string) => string | Buffer {
  let latest: SharedCopy | undefined;
  return ({ res }, text) => {
    if (text.length < SHARED_FROM_BYTES) return text;
    const bytes = Buffer.from(text);
    const copy = latest?.bytes()?.equals(bytes) ? latest : answers.copyOf(bytes);
    latest = copy;
    const shared = copy.bytes() ?? bytes;
    copy.sendWith(res);
    return shared;
  };
}

const JSON_HEADERS = ['Content-Type', JSON_TYPE];

function contentOfSuccess(
  success: Success,
  { links, answers }: MakerDeps,
  operationId: string,
): (ctx: Context, value: unknown) => Content {
  if ('view' in success) {
    const { view } = success;
    const shared = sharedBytes(answers);
    const compiled: Compiled<typeof view.schema> = compileSchema(view.schema);
    return (ctx, value) => {
      const shown = view.render(value, links);
      if (!compiled.check(shown)) {
        throw new TypeError(`${operationId} answers against its schema: ${compiled.departures(shown).join('; ')}`);
      }
      return [JSON_HEADERS, shared(ctx, JSON.stringify(shown))];
    };
  }
  if ('mediaType' in success) {
    return (_ctx, value) => {
      const { contentType, body, headers } = value as RawAnswer;
      return [['Content-Type', contentType, ...flat(headers ?? {})], body];
    };
  }
  return () => [[], undefined];
}
