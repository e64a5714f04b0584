import type { Context } from 'koa';
import type { EngineError, Problem, ProblemSpec } from './problem.ts';
import type { ServiceOptions } from './service.ts';

/** What Flask answers text with, and so what the contracts with text have. Nothing of a request is ever in it. */
const TEXT = 'text/html; charset=utf-8';

export type AnswerProblem = (ctx: Context, error: { readonly kind: string }, realm?: string) => void;

/**
 * Writes every error body there is: in the service's own shape, or as `application/problem+json` (RFC 9457) for a client
 * that asks for it.
 */
export function problemAnswer<E extends { readonly kind: string }>({
  problems,
  present,
  publicRealm,
}: Pick<ServiceOptions<E>, 'problems' | 'present' | 'publicRealm'>): AnswerProblem {
  // The table is complete for these errors by its type; only the compiler can't follow the kind to its row.
  const rows = problems as unknown as Readonly<Record<string, ProblemSpec<{ readonly kind: string }>>>;

  return (ctx, error, realm = publicRealm) => {
    const row = rows[error.kind];
    if (!row) throw new TypeError(`no row for the error ${error.kind}`);
    const { status, title, headers, challenge } = row;
    const message = row.message?.(error) ?? title;
    const fields = isInvalidInput(error) ? error.fields : undefined;
    const requestId: string = ctx.state.requestId;
    const problem: Problem = { kind: error.kind, status, title, message, fields, requestId };

    ctx.status = status;
    if (headers) ctx.set(headers);
    if (challenge) ctx.set('WWW-Authenticate', challenge(realm, message));
    // What was not read of the body would be taken for the next request.
    if (status === 413) ctx.set('Connection', 'close');
    ctx.vary('Accept');
    if (ctx.accepts('application/json', 'application/problem+json') === 'application/problem+json') {
      ctx.type = 'application/problem+json';
      ctx.body = JSON.stringify({
        type: 'about:blank',
        title,
        status,
        detail: message,
        kind: error.kind,
        ...(fields && { errors: fields }),
        request_id: requestId,
      });
    } else if (row.as === 'text') {
      ctx.set('Content-Type', TEXT);
      ctx.body = message;
    } else {
      ctx.type = 'application/json';
      ctx.body = JSON.stringify(present(problem));
    }
  };
}

const isInvalidInput = (error: {
  readonly kind: string;
}): error is Extract<EngineError, { readonly kind: 'input-invalid' }> => error.kind === 'input-invalid';
