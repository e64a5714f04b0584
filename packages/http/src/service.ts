import type { IncomingMessage, ServerResponse } from 'node:http';
import Router from '@koa/router';
import { Unavailable } from '@portcullis/domain';
import Koa, { type Context } from 'koa';
import { type Answer, flat, passAnswer, writeAnswer } from './answer.ts';
import { type AnswerBudget, answerBudget } from './answer-budget.ts';
import { bytesReader } from './body-bytes.ts';
import { type CorsPolicy, corsOf } from './cors.ts';
import { type Endpoint, endpointOf } from './endpoint.ts';
import type { Links } from './links.ts';
import type { ProblemSpec } from './problem.ts';
import { type ProblemOptions, problemAnswer } from './problem-answer.ts';
import { hasValidHost, type RequestTarget, targetOf } from './request-target.ts';
import { type AccessTable, hasState, type Route } from './route.ts';
import { type Networks, sourceOf } from './source.ts';

/** A Koa application: a team may add middleware of its own, and serves its `callback()`. */
export type Service = Koa;

/** One request in the log. */
export interface RequestEntry {
  readonly requestId: string;
  readonly method: string;
  /** Without the query, which may hold secrets. Empty if the request target is malformed. */
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
  readonly subject: string | undefined;
}

export interface ServiceLog {
  request(entry: RequestEntry): void;
  /** Something that should not have happened: a bug, or a store that is away. The client got no detail of it. */
  fault(fault: unknown, entry: Pick<RequestEntry, 'requestId' | 'method' | 'path'>): void;
  /** A peer passes requests on and is not in `trustedProxies`. Is told often. */
  passedOn?(peer: string): void;
}

export interface ServiceOptions<E extends { readonly kind: string }> extends ProblemOptions<E> {
  readonly routes: readonly Route[];
  readonly access: AccessTable;
  /** Where the routes begin, without a closing slash: `/api/v1`. */
  readonly basePath: string;
  /** What clients know the service by, without a closing slash. Asked per answer, since a free port is known only after listening. */
  readonly publicUrl: () => string;
  /** No web page of another origin may read answers where it is left out (Fetch Standard §3.2). */
  readonly cors?: Pick<CorsPolicy, 'origins'>;
  /** Whether `/widgets/` is another path than `/widgets` (the default), or the same. */
  readonly trailingSlash?: 'distinct' | 'ignored';
  /** What answers under way may take; services of one process share one. Its own where it is left out. */
  readonly answers?: AnswerBudget;
  /** In bytes, as sent and after decoding. */
  readonly bodyLimitBytes?: number;
  /** The proxies whose `X-Forwarded-For` is believed; none where it is left out. */
  readonly trustedProxies?: Networks;
  readonly log: ServiceLog;
  readonly newRequestId: () => string;
}

const DEFAULT_BODY_LIMIT_BYTES = 100_000;
const REQUEST_ID = /^[A-Za-z0-9._-]{8,64}$/;
const ALWAYS_EXPOSED = ['X-Request-Id', 'WWW-Authenticate', 'Retry-After', 'Allow'];

/** An API answers data: no page may frame it, no script of it may run, nothing of it is kept in a cache. */
const SECURITY_HEADERS = flat({
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
});

/**
 * A Koa application from a service's routes. Everything that can be compiled is compiled here, once.
 * @throws TypeError where routes contradict each other or the access table: a start that fails beats a wrong answer.
 */
export function createService<E extends { readonly kind: string }>(options: ServiceOptions<E>): Service {
  const { routes, basePath, publicUrl, newRequestId, answers = answerBudget() } = options;
  const log = totalLog(options.log);
  refuseContradictions(options);
  const links: Links = { path: (path) => `${basePath}${path}`, url: (path) => `${publicUrl()}${basePath}${path}` };
  const answerProblem = problemAnswer(options);
  const readBytes = bytesReader(options.bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES);
  const declared = routes.flatMap(({ successes }) => successes.flatMap(({ headers }) => Object.keys(headers ?? {})));
  const ofProblems = Object.values<ProblemSpec<never>>(options.problems).flatMap(({ headers }) =>
    Object.keys(headers ?? {}),
  );
  const ofState = routes.some(hasState) ? ['ETag'] : [];
  const exposedHeaders = [...new Set([...ALWAYS_EXPOSED, ...ofState, ...declared, ...ofProblems])];
  const cors = options.cors && corsOf({ ...options.cors, exposedHeaders });

  // Written out, since its defaults are otherwise: `/Things` and `/things/` are other paths than `/things`.
  const router = new Router({ sensitive: true, strict: options.trailingSlash !== 'ignored' });
  const byLayer = new Map<unknown, Routed>();
  const source = sourceOf(options.trustedProxies, log.passedOn);
  for (const route of routes) {
    const declared = `${route.underBase ? basePath : ''}${route.path}`;
    // A path that is declared with its slash would have to be asked for with one.
    const path = options.trailingSlash === 'ignored' ? declared.replace(/(?<=.)\/$/, '') : declared;
    const guard = options.access[route.access] ?? null;
    const endpoint = endpointOf(route, { guard, links, readBytes, answers, sourceOf: source });
    router[route.method](path, () => undefined);
    byLayer.set(router.stack.at(-1), { route, endpoint, realm: guard?.realm ?? options.publicRealm });
  }
  const layersOf = (path: string) => router.match(path, '').path;
  const known = new Map(
    router.stack
      .map(({ path }) => [String(path), layersOf(String(path))] as const)
      .filter(([path]) => !/[:*({]/.test(path)),
  );

  /** What the routes say to a request. */
  async function routed(ctx: Context, path: string): Promise<Answer> {
    // OPTIONS of the server itself (RFC 9110 §9.3.7).
    if (path === '*') return { status: 204, headers: [], body: undefined };
    const methods = new Set<string>();
    for (const layer of known.get(path) ?? layersOf(path)) {
      const to = byLayer.get(layer);
      const params = layer.paramNames.length === 0 ? NO_PARAMS : layer.params(path, layer.captures(path));
      if (!to?.route.matching.every(([name, pattern]) => pattern.test(params[name] ?? ''))) continue;
      if (layer.methods.includes(ctx.method)) {
        const answered = await to.endpoint(ctx, params);
        return 'kind' in answered ? answerProblem(ctx, answered, to.realm) : answered;
      }
      for (const method of layer.methods) methods.add(method);
    }
    if (methods.size === 0) return answerProblem(ctx, { kind: 'route-not-found' });
    const allow = ['Allow', [...methods, 'OPTIONS'].join(', ')];
    if (ctx.method === 'OPTIONS') return { status: 204, headers: allow, body: undefined };
    return withHeaders(answerProblem(ctx, { kind: 'method-not-allowed' }), allow);
  }

  async function answerOf(ctx: Context, target: RequestTarget | undefined): Promise<Answer> {
    if (!target || !hasValidHost(ctx.req)) return answerProblem(ctx, { kind: 'request-malformed' });
    return cors?.preflight(ctx.req) ?? routed(ctx, target.path);
  }

  async function answerRequest(ctx: Context): Promise<void> {
    const startedAt = performance.now();
    const { req } = ctx;
    const given = req.headers['x-request-id'];
    const requestId = typeof given === 'string' && REQUEST_ID.test(given) ? given : newRequestId();
    const target = targetOf(req);
    const entry = { requestId, method: ctx.method, path: target?.path ?? '' };
    ctx.state.requestId = requestId;
    let answer: Answer;
    try {
      answer = await answerOf(ctx, target);
    } catch (fault) {
      log.fault(fault, entry);
      answer =
        fault instanceof Unavailable
          ? withHeaders(answerProblem(ctx, { kind: 'service-unavailable' }), [
              'Retry-After',
              String(fault.retryAfterSeconds),
            ])
          : answerProblem(ctx, { kind: 'internal-error' });
    }
    const common = [...SECURITY_HEADERS, 'X-Request-Id', requestId, ...(cors?.headersFor(req) ?? [])];
    (app.isAlone() ? writeAnswer : passAnswer)(ctx, common, answer);
    const durationMs = Math.round((performance.now() - startedAt) * 1000) / 1000;
    log.request({ ...entry, status: ctx.status, durationMs, subject: ctx.state.subject });
  }

  const app = new Application();
  app.use(answerRequest);
  app.on('error', (fault, ctx?: Context) => {
    // A client that goes away is no fault. Its request has a line in the log: with 400 if its body was cut off.
    if (ctx && isOfConnection(fault, ctx)) return;
    log.fault(fault, { requestId: ctx?.state.requestId ?? '', method: ctx?.method ?? '', path: ctx?.path ?? '' });
  });
  return app;
}

interface Routed {
  readonly route: Route;
  readonly endpoint: Endpoint;
  readonly realm: string;
}

const NO_PARAMS: Readonly<Record<string, string>> = {};

const withHeaders = (answer: Answer, more: readonly string[]): Answer => ({
  ...answer,
  headers: [...answer.headers, ...more],
});

/** Whether this is what ended the connection of the request: told by where it comes from, and not by a list of codes. */
const isOfConnection = (fault: unknown, { req, res }: Context): boolean =>
  fault != null && [req.errored, req.socket.errored, res.errored].includes(fault as Error);

/**
 * Koa, with each target parsed before any of its getters reads it: they throw for some, its error handler included. As long as the
 * service is its only middleware, the service writes answers itself, since nobody else looks at them. Koa would set each header alone and
 * watch each response for its end, which took about a third of the CPU of a request.
 */
class Application extends Koa {
  isAlone(): boolean {
    return this.middleware.length === 1;
  }

  override callback(): ReturnType<Koa['callback']> {
    const handle = super.callback();
    const [only] = this.middleware;
    return async (request, response) => {
      targetOf(request);
      if (!only || !this.isAlone()) return handle(request, response);
      const ctx = this.createContext(request as IncomingMessage, response as ServerResponse);
      try {
        await only(ctx, nothingMore);
      } catch (fault) {
        ctx.onerror(fault as Error);
      }
    };
  }
}

const nothingMore = async (): Promise<void> => {};

/** A log that never throws, since errors are handled with it. */
function totalLog(log: ServiceLog): Required<ServiceLog> {
  const attempt = (write: () => void): void => {
    try {
      write();
    } catch {
      // There is nowhere left to tell it.
    }
  };
  return {
    request: (entry) => attempt(() => log.request(entry)),
    fault: (fault, entry) => attempt(() => log.fault(fault, entry)),
    passedOn: (peer) => attempt(() => log.passedOn?.(peer)),
  };
}

function refuseContradictions({ routes, access }: Pick<ServiceOptions<never>, 'routes' | 'access'>): void {
  const seen = new Set<string>();
  for (const { method, path, operationId, access: name } of routes) {
    if (!(name in access)) throw new TypeError(`${operationId}: no such access: ${name}`);
    for (const identity of [operationId, `${method} ${path.replaceAll(/:\w+/g, ':')}`]) {
      if (seen.has(identity)) throw new TypeError(`two routes are ${identity}`);
      seen.add(identity);
    }
  }
}
