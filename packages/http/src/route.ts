import type { IncomingMessage } from 'node:http';
import type { Precondition, Result, Source } from '@portcullis/domain';
import type { TSchema } from 'typebox';
import type { Body } from './body.ts';
import type { Input } from './input.ts';
import type { Links } from './links.ts';
import type { View } from './view.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** A header of an answer, written from what the handler answered. */
export interface AnswerHeader<Value> {
  readonly description: string;
  readonly schema: TSchema;
  /** Left out where it is undefined. */
  readonly value: (answered: Value, links: Links) => string | undefined;
}

interface SuccessBase<Value> {
  readonly status: number;
  readonly description: string;
  readonly headers?: Readonly<Record<string, AnswerHeader<Value>>>;
}

/** An answer with a JSON body: what `view` shows of the value that the handler answers. */
export interface ViewSuccess<Value> extends SuccessBase<Value> {
  readonly view: View<Value>;
  /**
   * What differs from one state of the resource to another. Of a GET the answer has an entity tag by it (RFC 9110 §8.8.3), and is 304
   * for a client that has the state already.
   */
  readonly state?: (answered: Value) => string;
}

/** An answer without a body. */
export interface EmptySuccess extends SuccessBase<undefined> {
  readonly status: 204;
}

/** Bytes that are ready to send, such as a page or a document. */
export interface RawAnswer {
  readonly contentType: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RawSuccess extends SuccessBase<RawAnswer> {
  readonly mediaType: string;
}

// biome-ignore lint/suspicious/noExplicitAny: a view of any source; the value's type is inferred from it again
export type Success = ViewSuccess<any> | EmptySuccess | RawSuccess;
/** One success, or several by name: then the handler names the one it answers. */
export type Successes = Success | Readonly<Record<string, Success>>;

export type ValueOf<S> =
  S extends ViewSuccess<infer Value>
    ? Value
    : S extends RawSuccess
      ? RawAnswer
      : S extends EmptySuccess
        ? Nothing
        : never;
// biome-ignore lint/suspicious/noConfusingVoidType: so that a use case whose Result has no value is answered as it is
type Nothing = void;
export type AnswerOf<S extends Successes> = S extends Success
  ? ValueOf<S>
  : { readonly [Name in keyof S]: { readonly as: Name; readonly value: ValueOf<S[Name]> } }[keyof S];

/** What a guard says of a request: who is asking, or why nobody. */
export interface Guard<Principal, E extends { readonly kind: string }> {
  /** The scheme's name among the document's security schemes, and the scheme (OpenAPI 3.1 Security Scheme Object). */
  readonly scheme: { readonly name: string; readonly definition: Readonly<Record<string, string>> };
  /** The protection space in challenges (RFC 9110 §11.5). */
  readonly realm: string;
  /** The kinds that `check` can answer, for the document. */
  readonly failures: readonly E['kind'][];
  /** @param params those of the path as they were sent, for a guard that goes by whose the resource is. Runs before any body is read. */
  readonly check: (
    request: IncomingMessage,
    params: Readonly<Record<string, string>>,
    source: Source,
  ) => Promise<Result<Principal, E>>;
  /** Who it is, for the log: an id and never a secret. */
  readonly subject: (principal: Principal) => string;
}

/** `null` is open to everyone. */
// biome-ignore lint/suspicious/noExplicitAny: principals and errors differ from guard to guard
export type AccessTable = Readonly<Record<string, Guard<any, any> | null>>;
export type PrincipalOf<G> = G extends Guard<infer Principal, infer _E> ? Principal : undefined;

export interface Answering<Principal, Params, Query, Fields> {
  readonly principal: Principal;
  /** What the client calls itself (RFC 9110 §10.1.5). */
  readonly userAgent: string | undefined;
  /** The networks that the request comes from. */
  readonly source: Source;
  readonly params: Params;
  readonly query: Query;
  readonly body: Fields;
  /**
   * Counts an item of the answer, for a list that may have any number of them: as it is read, before all are there.
   * @throws Unavailable if the answers under way leave no room for it. What is read for this one has to be let go then.
   */
  readonly admit: (item: unknown) => void;
  /** What the client demands of the resource as it is now; nothing unless the route is `conditional`. */
  readonly precondition: Precondition;
}

/** One endpoint: what routes it, guards it, reads it, answers it and documents it. */
export interface RouteSpec<
  Access extends AccessTable,
  E extends { readonly kind: string },
  Name extends keyof Access & string,
  S extends Successes,
  F extends E['kind'],
  Params,
  Query,
  Fields,
> {
  readonly method: Method;
  /** In @koa/router's form: `/widgets/:name`. */
  readonly path: string;
  /** Unique in the service. */
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  readonly access: Name;
  /** What parameters of the path must look like; a path where one does not is as unknown as any, for everyone. */
  readonly matching?: Readonly<Record<string, RegExp>>;
  readonly params?: Input<Params>;
  readonly query?: Input<Query>;
  readonly body?: Body<Fields>;
  readonly success: S;
  /** Must cover what `handle` can answer, or it does not compile. */
  readonly failures?: readonly F[];
  /** What wrong or missing fields are answered as, where the contract makes no difference. One of `failures`. */
  readonly refusal?: NoInfer<F>;
  /**
   * Whether `If-Match` and `If-None-Match` are honoured, or even demanded (RFC 6585 §3). The handler has to have the store decide:
   * `precondition-failed` is what it answers then.
   */
  readonly conditional?: 'honoured' | 'demanded';
  /** False for what lies outside the service's base path, such as health checks. */
  readonly underBase?: boolean;
  // NoInfer: else the compiler would widen `failures` to whatever the handler answers, and nothing would be checked.
  readonly handle: (
    request: Answering<PrincipalOf<Access[Name]>, Params, Query, Fields>,
  ) =>
    | Promise<Result<NoInfer<AnswerOf<S>>, NoInfer<Extract<E, { readonly kind: F }>>>>
    | Result<NoInfer<AnswerOf<S>>, NoInfer<Extract<E, { readonly kind: F }>>>;
}

/** A route as the engine sees it: the types of what passes through are settled. */
export interface Route {
  readonly method: Method;
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string | undefined;
  readonly tag: string;
  readonly access: string;
  readonly matching: readonly (readonly [name: string, pattern: RegExp])[];
  readonly params: Input<unknown> | undefined;
  readonly query: Input<unknown> | undefined;
  readonly body: Body<unknown> | undefined;
  readonly successes: readonly Success[];
  readonly failures: readonly string[];
  readonly refusal: string | undefined;
  /** What becomes of `If-Match` and `If-None-Match`. */
  readonly conditional: 'ignored' | 'honoured' | 'demanded';
  readonly underBase: boolean;
  readonly run: (
    request: Answering<unknown, unknown, unknown, unknown>,
  ) => Promise<Result<{ readonly success: Success; readonly value: unknown }, { readonly kind: string }>>;
}

/** The route, where a change that names no state of the resource is refused: 428 (RFC 6585 §3). A read may name one or none. */
export const demanding = (route: Route): Route =>
  route.method !== 'get' && route.conditional === 'honoured' ? { ...route, conditional: 'demanded' } : route;

/** Whether an answer of the route has an entity tag. */
export const hasState = ({ successes }: Pick<Route, 'successes'>): boolean =>
  successes.some((success) => 'view' in success && success.state !== undefined);

const isOne = (success: Successes): success is Success => 'status' in success && typeof success.status === 'number';

/**
 * The maker of a service's routes. `Access` is the type of its access table (it decides the type of `principal`), `E` the
 * union of its errors (it decides what `failures` may name).
 */
export const routesOf =
  <Access extends AccessTable, E extends { readonly kind: string }>() =>
  <
    const Name extends keyof Access & string,
    const S extends Successes,
    const F extends E['kind'] = never,
    Params = undefined,
    Query = undefined,
    Fields = undefined,
  >(
    spec: RouteSpec<Access, E, Name, S, F, Params, Query, Fields>,
  ): Route => {
    const { success, handle } = spec;
    const successes = isOne(success) ? [success] : Object.values(success);
    // The engine hands `handle` what this very route's inputs and guard answered; the types come back together here.
    const answer = handle as unknown as (
      request: Answering<unknown, unknown, unknown, unknown>,
    ) => Promise<Result<unknown, { readonly kind: string }>>;
    return {
      method: spec.method,
      path: spec.path,
      operationId: spec.operationId,
      summary: spec.summary,
      description: spec.description,
      tag: spec.tag,
      access: spec.access,
      matching: Object.entries(spec.matching ?? {}),
      params: spec.params,
      query: spec.query,
      body: spec.body,
      successes,
      failures: spec.failures ?? [],
      refusal: spec.refusal,
      conditional: spec.conditional ?? (hasState({ successes }) ? 'honoured' : 'ignored'),
      underBase: spec.underBase ?? true,
      async run(request) {
        const answered = await answer(request);
        if (!answered.ok) return answered;
        if (isOne(success)) return { ok: true, value: { success, value: answered.value } };
        const { as, value } = answered.value as { readonly as: string; readonly value: unknown };
        const named = success[as];
        if (!named) throw new TypeError(`${spec.operationId} answered an undeclared success: ${as}`);
        return { ok: true, value: { success: named, value } };
      },
    };
  };
