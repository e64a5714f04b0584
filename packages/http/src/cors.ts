import type { Context } from 'koa';

export interface CorsPolicy {
  /** `*`, or the origins that may read answers (Fetch Standard §3.3). Credentials (cookies) are never allowed. */
  readonly origins: '*' | readonly string[];
  /** The response headers that scripts may read beside the safelisted ones. */
  readonly exposedHeaders: readonly string[];
}

/** Every method that some route may have. */
export const METHODS = 'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT';
const PREFLIGHT_MAX_AGE_SECONDS = 600;

/** Writes the CORS headers of an answer, and says whether the request was a preflight, which needs no more than them. */
export function corsOf({ origins, exposedHeaders }: CorsPolicy): (ctx: Context) => boolean {
  const exposed = exposedHeaders.join(', ');
  const listed = new Set(origins === '*' ? [] : origins);

  return (ctx) => {
    if (origins === '*') ctx.set('Access-Control-Allow-Origin', '*');
    else {
      // Also where the origin is not listed: a cache must not hand this answer to one that is.
      ctx.vary('Origin');
      const origin = ctx.get('Origin');
      if (listed.has(origin)) ctx.set('Access-Control-Allow-Origin', origin);
    }
    if (ctx.method !== 'OPTIONS' || ctx.get('Access-Control-Request-Method') === '') {
      ctx.set('Access-Control-Expose-Headers', exposed);
      return false;
    }
    ctx.set('Access-Control-Allow-Methods', METHODS);
    ctx.set('Access-Control-Max-Age', String(PREFLIGHT_MAX_AGE_SECONDS));
    ctx.vary('Access-Control-Request-Headers');
    const asked = ctx.get('Access-Control-Request-Headers');
    if (asked !== '') ctx.set('Access-Control-Allow-Headers', asked);
    ctx.status = 204;
    return true;
  };
}
