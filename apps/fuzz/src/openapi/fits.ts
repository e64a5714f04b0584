import type { Answer } from '../wire/answers.ts';
import type { Operation } from './document.ts';

/** What an answer is judged by. */
export interface Promised {
  /** Whether JSON has the shape of an error, of whichever service of the program: what is refused unread has no service yet. */
  readonly isError: (value: unknown) => boolean;
  readonly operation: Operation | undefined;
  /** Statuses beyond the operation's own. */
  readonly also: readonly number[];
  /** Of the request. */
  readonly method: string;
}

const mediaTypeOf = ({ headers }: Answer): string =>
  (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

/** What in the answer is against the service's document, or undefined. */
export function departure(answer: Answer, { isError, operation, also, method }: Promised): string | undefined {
  const { status, headers, body } = answer;
  const mediaType = mediaTypeOf(answer);
  if (body.length > 0 && mediaType === '') return `${status} with a body that has no type`;
  let json: unknown;
  if (/^application\/(?:problem\+)?json$/.test(mediaType) && method !== 'HEAD') {
    try {
      json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    } catch {
      return `${status} with a body that is not JSON in UTF-8`;
    }
  }
  const documented = operation?.answers.get(status);
  if (!documented) {
    if (operation && !also.includes(status)) return `${status}, which ${operation.id} does not document`;
    if (status >= 400 && mediaType === 'application/json' && method !== 'HEAD' && !isError(json))
      return `${status} in a shape that no error of the document has`;
    return undefined;
  }
  if (status === 401 && documented.headers.includes('www-authenticate') && !headers.has('www-authenticate'))
    return '401 without WWW-Authenticate';
  if (method === 'HEAD') return undefined;
  // RFC 9457: for those who ask for it, whatever the document says.
  if (mediaType === 'application/problem+json') return problemDeparture(status, json);
  const { content } = documented;
  if (content.size === 0)
    return body.length > 0 ? `${status} with a body, which ${operation?.id} does not document` : undefined;
  if (!content.has(mediaType) && !content.has('*/*'))
    return `${status} as ${mediaType}, which ${operation?.id} does not document`;
  const wrong = content.get(mediaType)?.(json ?? body.toString());
  // What is refused before it has a service: with a last answer, or for its target.
  const isUnread = status === 400 || (status > 400 && status < 500 && headers.get('connection') === 'close');
  if (isUnread && isError(json)) return undefined;
  return wrong === undefined ? undefined : `${status} against the schema of ${operation?.id}: ${wrong}`;
}

function problemDeparture(status: number, json: unknown): string | undefined {
  if (typeof json !== 'object' || json === null) return `${status} as a problem that is no object`;
  const { status: stated, title } = json as { readonly status?: unknown; readonly title?: unknown };
  return stated === status && typeof title === 'string'
    ? undefined
    : `${status} as a problem of another status, or without a title`;
}
