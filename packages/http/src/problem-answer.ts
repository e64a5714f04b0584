import type { Context } from 'koa';
import { type Answer, flat, JSON_TYPE } from './answer.ts';
import type { EngineError, Problem, ProblemSpec, ProblemTable } from './problem.ts';

/** What Flask answers text with, and so what the contracts with text have. Nothing of a request is ever in it. */
const TEXT = 'text/html; charset=utf-8';
const PROBLEM = 'application/problem+json';

export interface ProblemOptions<E extends { readonly kind: string }> {
  /** The realm in challenges of routes that are open to everyone, such as a failed login. */
  readonly publicRealm: string;
  readonly problems: ProblemTable<E | EngineError>;
  /** The JSON body of an error in the service's own shape. */
  readonly present: (problem: Problem) => unknown;
}

export type AnswerProblem = (ctx: Context, error: { readonly kind: string }, realm?: string) => Answer;

/**
 * Makes the answer to every error there is: in the service's own shape, or as `application/problem+json` (RFC 9457) for a client
 * that asks for it.
 */
export function problemAnswer<E extends { readonly kind: string }>({
  problems,
  present,
  publicRealm,
}: ProblemOptions<E>): AnswerProblem {
  const rows = new Map(
    Object.entries<ProblemSpec<never>>(problems).map(([kind, row]) => [
      kind,
      // The table is complete for these errors by its type; only the compiler can't follow the kind to its row.
      {
        row: row as unknown as ProblemSpec<{ readonly kind: string }>,
        headers: [
          ...['Vary', 'Accept'],
          ...flat(row.headers ?? {}),
          // What was not read of the body would be taken for the next request.
          ...(row.status === 413 ? ['Connection', 'close'] : []),
        ],
      },
    ]),
  );

  return (ctx, error, realm = publicRealm) => {
    const found = rows.get(error.kind);
    if (!found) throw new TypeError(`no row for the error ${error.kind}`);
    const { row, headers } = found;
    const { status, title, challenge } = row;
    const message = row.message?.(error) ?? title;
    const fields = isInvalidInput(error) ? error.fields : undefined;
    const { kind } = error;
    const requestId: string = ctx.state.requestId;
    const answer = (type: string, body: string): Answer => ({
      status,
      headers: [
        ...headers,
        ...(challenge ? ['WWW-Authenticate', challenge(realm, message)] : []),
        'Content-Type',
        type,
      ],
      body,
    });

    if (ctx.accepts('application/json', PROBLEM) === PROBLEM) {
      const errors = fields && { errors: fields };
      const problem = { type: 'about:blank', title, status, detail: message, kind, ...errors, request_id: requestId };
      return answer(PROBLEM, JSON.stringify(problem));
    }
    if (row.as === 'text') return answer(TEXT, message);
    const problem: Problem = { kind, status, title, message, fields, requestId };
    return answer(JSON_TYPE, JSON.stringify(present(problem)));
  };
}

const isInvalidInput = (error: {
  readonly kind: string;
}): error is Extract<EngineError, { readonly kind: 'input-invalid' }> => error.kind === 'input-invalid';
