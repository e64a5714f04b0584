import { err, ok, type Result } from '@portcullis/domain';
import type { Context } from 'koa';
import { type BytesFault, malformed, NOT_UTF8 } from './body-bytes.ts';
import type { Entries, Input } from './input.ts';
import { readJsonMembers } from './json-members.ts';
import { multipartEntries } from './multipart.ts';

export type BodyMediaType =
  | 'application/json'
  | 'application/merge-patch+json'
  | 'application/x-www-form-urlencoded'
  | 'multipart/form-data';

/** The body of a route: which media types it takes (RFC 9110 §15.5.16: others are a 415) and how its fields are read. */
export interface Body<T> {
  readonly mediaTypes: readonly BodyMediaType[];
  readonly input: Input<T>;
  /** Whether a request without a body is refused as such, and not for the fields that are missing. */
  readonly required?: true;
}

export type BodyFault =
  | BytesFault
  /** JSON, but no object: no field of it can be named. */
  | { readonly kind: 'body-not-an-object' }
  | { readonly kind: 'body-missing' }
  | { readonly kind: 'media-type-unsupported' };

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The fields of a body, each with every value sent for it. No body at all is a body without fields, unless one is required. */
export function readEntries(
  ctx: Context,
  body: Buffer | undefined,
  { mediaTypes, required }: Pick<Body<unknown>, 'mediaTypes' | 'required'>,
): Result<Entries, BodyFault> | Promise<Result<Entries, BodyFault>> {
  // Bytes that came without a readable Content-Type were left unread.
  if (!body && announcesBody(ctx)) return err({ kind: 'media-type-unsupported' });
  if (!body || body.length === 0) return required ? err({ kind: 'body-missing' }) : ok(new Map());
  // Without regard to case, and a blank may stand before the parameters (RFC 9110 §8.3.1).
  const sent = ctx.request.type.trim().toLowerCase();
  const mediaType = mediaTypes.find((type) => type === sent);
  const { charset } = ctx.request;
  if (!mediaType || (charset && !/^(?:utf-?8|us-ascii)$/i.test(charset)))
    return err({ kind: 'media-type-unsupported' });
  // Its files may be of any bytes.
  if (mediaType === 'multipart/form-data') return multipartEntries(body, ctx.get('Content-Type'));
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    return err(NOT_UTF8);
  }
  return mediaType === 'application/x-www-form-urlencoded' ? formEntries(text) : jsonEntries(text);
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
      return err(malformed(`A percent-encoding in the ${where} is not valid UTF-8.`));
    }
  }
  return ok(entries);
}

function jsonEntries(text: string): Result<Entries, BodyFault> {
  const read = readJsonMembers(text);
  if (!read.ok) {
    return err(read.error === 'not-json' ? malformed('The body is not valid JSON.') : { kind: 'body-not-an-object' });
  }
  const { members, repeated } = read.value;
  return ok(new Map([...members].map(([name, value]) => [name, repeated.has(name) ? [value, value] : [value]])));
}
