import type { IncomingMessage } from 'node:http';
import type { Answer } from './answer.ts';

export interface CorsPolicy {
  /** `*`, or the origins that may read answers (Fetch Standard §3.3). Credentials (cookies) are never allowed. */
  readonly origins: '*' | readonly string[];
  /** The response headers that scripts may read beside the safelisted ones. */
  readonly exposedHeaders: readonly string[];
}

/** Every method that some route may have. */
export const METHODS = 'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT';
const PREFLIGHT_MAX_AGE_SECONDS = 600;

export interface Cors {
  /** The headers of an answer to this request, names and values by turns. */
  readonly headersFor: (request: IncomingMessage) => readonly string[];
  /** The answer to a preflight, which needs no more than those headers and these; undefined for any other request. */
  readonly preflight: (request: IncomingMessage) => Answer | undefined;
}

export function corsOf({ origins, exposedHeaders }: CorsPolicy): Cors {
  const exposed = ['Access-Control-Expose-Headers', exposedHeaders.join(', ')];
  const toEveryone = ['Access-Control-Allow-Origin', '*', ...exposed];
  // Also where the origin is not listed: a cache must not hand this answer to one that is.
  const toOthers = ['Vary', 'Origin', ...exposed];
  const listed = new Map(
    (origins === '*' ? [] : origins).map((origin) => [origin, [...toOthers, 'Access-Control-Allow-Origin', origin]]),
  );
  return {
    headersFor: ({ headers: { origin } }) => (origins === '*' ? toEveryone : (listed.get(origin ?? '') ?? toOthers)),

    preflight({ method, headers }) {
      if (method !== 'OPTIONS' || !headers['access-control-request-method']) return undefined;
      const asked = headers['access-control-request-headers'];
      return {
        status: 204,
        headers: [
          ...['Access-Control-Allow-Methods', METHODS],
          ...['Access-Control-Max-Age', String(PREFLIGHT_MAX_AGE_SECONDS)],
          ...['Vary', 'Access-Control-Request-Headers'],
          ...(asked ? ['Access-Control-Allow-Headers', asked] : []),
        ],
        body: undefined,
      };
    },
  };
}
