import type { MountedService, Owners } from '../owners.ts';
import type { Answer } from '../wire/answers.ts';
import type { Operation } from './document.ts';

/** What an answer is judged by. */
export interface Promised {
  readonly owners: Owners;
  /** The service that has everything below no prefix. It answers what is refused before its service is known. */
  readonly root: MountedService | undefined;
  readonly operation: Operation | undefined;
  /** Statuses beyond the operation's own. */
  readonly also: readonly number[];
  /** Of the request. */
  readonly method: string;
}

const mediaTypeOf = ({ headers }: Answer): string =>
  (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

/** What in the answer is against the service's document, or undefined. */
export function departure(answer: Answer, { owners, root, operation, also, method }: Promised): string | undefined {
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
  // Every service answers with this field. The server has none where it refuses what it cannot read.
  const isUnread = !headers.has('x-request-id') || (status === 400 && owners.mayBeMalformed);
  const isErrorOf = (service: MountedService | undefined): boolean => service?.document.isError(json) === true;
  const isError = (): boolean => (isUnread && isErrorOf(root)) || owners.services.some(isErrorOf);
  const documented = operation?.answers.get(status);
  if (!documented) {
    if (operation && !also.includes(status)) return `${status}, which ${operation.id} does not document`;
    if (status >= 400 && mediaType === 'application/json' && method !== 'HEAD' && !isError())
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
  if (status >= 400 && isUnread && isErrorOf(root)) return undefined;
  return wrong === undefined ? undefined : `${status} against the schema of ${operation?.id}: ${wrong}`;
}

function problemDeparture(status: number, json: unknown): string | undefined {
  if (typeof json !== 'object' || json === null) return `${status} as a problem that is no object`;
  const { status: stated, title } = json as { readonly status?: unknown; readonly title?: unknown };
  return stated === status && typeof title === 'string'
    ? undefined
    : `${status} as a problem of another status, or without a title`;
}
