import { err, ok, type Result } from '@portcullis/domain';
import type { Context, Middleware } from 'koa';
import bodyParser from 'koa-bodyparser';
import type { Entries, Input } from './input.ts';

export type BodyMediaType = 'application/json' | 'application/x-www-form-urlencoded';

/** The body of a route: which media types it takes (RFC 9110 §15.5.16: others are a 415) and how its fields are read. */
export interface Body<T> {
  readonly mediaTypes: readonly BodyMediaType[];
  readonly input: Input<T>;
}

export type BodyFault =
  /** `reason` is for the client: what about it can't be read. */
  { readonly kind: 'body-malformed'; readonly reason: string } | { readonly kind: 'media-type-unsupported' };

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/**
 * Reads the body's bytes, up to `limitBytes` after inflating, and leaves decoding to `readEntries`: the parsers of
 * koa-bodyparser fold bytes that are not UTF-8 and make objects of `a[b]=c`.
 */
export function bodyReader(limitBytes: number): Middleware {
  const limit = `${limitBytes}b`;
  return bodyParser({
    enableTypes: ['text'],
    // Every media type: which ones a route takes is the route's to say, and it answers in the service's own words.
    extendTypes: { text: ['*/*'] },
    textLimit: limit,
    // Not in the types, and passed through to raw-body, which answers a Buffer when told `null`.
    ...{ encoding: null },
  });
}

/** The fields of a body, each with every value sent for it. No body at all is a body without fields. */
export function readEntries(ctx: Context, mediaTypes: readonly BodyMediaType[]): Result<Entries, BodyFault> {
  const { body } = ctx.request;
  // Bytes that came without a readable Content-Type were left unread.
  if (!Buffer.isBuffer(body)) return announcesBody(ctx) ? err({ kind: 'media-type-unsupported' }) : ok(new Map());
  if (body.length === 0) return ok(new Map());
  // Without regard to case, and a blank may stand before the parameters (RFC 9110 §8.3.1).
  const sent = ctx.request.type.trim().toLowerCase();
  const mediaType = mediaTypes.find((type) => type === sent);
  const { charset } = ctx.request;
  if (!mediaType || (charset && !/^(?:utf-?8|us-ascii)$/i.test(charset)))
    return err({ kind: 'media-type-unsupported' });
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    return err({ kind: 'body-malformed', reason: 'The body is not valid UTF-8.' });
  }
  return mediaType === 'application/json' ? jsonEntries(text) : formEntries(text);
}

const announcesBody = ({ req: { headers } }: Context): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** `application/x-www-form-urlencoded` (URL Standard §5), but bytes that are not UTF-8 are refused and not replaced. */
export function formEntries(text: string, where: 'form' | 'query' = 'form'): Result<Map<string, string[]>, BodyFault> {
  const entries = new Map<string, string[]>();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const [name = '', ...rest] = pair.replaceAll('+', ' ').split('=');
    try {
      const key = decodeURIComponent(name);
      const value = decodeURIComponent(rest.join('='));
      const values = entries.get(key);
      if (values) values.push(value);
      else entries.set(key, [value]);
    } catch {
      return err({ kind: 'body-malformed', reason: `A percent-encoding in the ${where} is not valid UTF-8.` });
    }
  }
  return ok(entries);
}

function jsonEntries(text: string): Result<Entries, BodyFault> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err({ kind: 'body-malformed', reason: 'The body is not valid JSON.' });
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    return err({ kind: 'body-malformed', reason: 'The body must be a JSON object.' });
  }
  const entries = new Map<string, unknown[]>(Object.entries(value).map(([key, field]) => [key, [field]]));
  for (const key of repeatedKeys(text)) entries.get(key)?.push(undefined);
  return ok(entries);
}

/** The keys that stand more than once in the outermost object of this valid JSON text, of which JSON.parse keeps the last. */
function repeatedKeys(text: string): string[] {
  const seen = new Set<string>();
  const repeated: string[] = [];
  let depth = 0;
  for (const [token] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"(?:\s*:)?|[{}[\]]/g)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    else if (depth === 1 && token.endsWith(':')) {
      const key: string = JSON.parse(token.slice(0, token.lastIndexOf('"') + 1));
      if (seen.has(key)) repeated.push(key);
      seen.add(key);
    }
  }
  return repeated;
}
