import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';

/** What a request is for (RFC 9110 §7.1). */
export interface RequestTarget {
  /**
   * Begins with `/`, or is `*` for the server itself. Percent-encoded unreserved characters are decoded (RFC 3986 §6.2.2.2), so
   * that equal paths are equal texts; all else is as it was sent.
   */
  readonly path: string;
  /** The query with its `?`; empty if there is none. */
  readonly search: string;
  /** Host and port of an absolute-form target, which replace the Host field (RFC 9112 §3.2.2). */
  readonly authority?: string;
}

/** Visible ASCII. `#` begins a fragment, which is never sent (RFC 9110 §7.1). */
const TEXT = /^[!-"$-~]+$/;
const ABSOLUTE_FORM = /^https?:\/\/([^/?]*)(.*)$/i;
const REGISTERED_NAME = /^(?:[\w.~!$&'()*+,;=-]|%[0-9a-f]{2})+$/i;
const HOST_AND_PORT = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/;
const MALFORMED_ENCODING = /%(?![0-9a-f]{2})/i;
const UNRESERVED = /^[\w.~-]$/;
const LAST_PORT = 65_535;

function isAuthority(text: string): boolean {
  const [, host = '', port = ''] = HOST_AND_PORT.exec(text) ?? [];
  if (Number(port) > LAST_PORT) return false;
  if (!host.startsWith('[')) return REGISTERED_NAME.test(host);
  const address = host.slice(1, -1);
  // Node takes an address with a zone (`fe80::1%eth0`), and no URI has one (RFC 3986 §3.2.2).
  return isIPv6(address) && !address.includes('%');
}

const normalized = (path: string): string =>
  path.replaceAll(/%[0-9a-f]{2}/gi, (encoded) => {
    const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
    return UNRESERVED.test(character) ? character : encoded.toUpperCase();
  });

/**
 * Parses a request target in origin-form, absolute-form or asterisk-form (RFC 9112 §3.2). Never throws.
 * @returns undefined if it is malformed, which is answered with 400.
 */
export function parseRequestTarget(method: string, text: string): RequestTarget | undefined {
  if (!TEXT.test(text)) return undefined;
  const [, authority, rest = ''] = ABSOLUTE_FORM.exec(text) ?? [];
  // RFC 9110 §4.2.4: user information in a target is an error.
  if (authority !== undefined && !isAuthority(authority)) return undefined;
  const origin = authority === undefined ? text : rest;
  if (method === 'OPTIONS' && origin === (authority === undefined ? '*' : '')) {
    return { path: '*', search: '', ...(authority !== undefined && { authority }) };
  }

  const queryAt = origin.indexOf('?');
  const path = queryAt === -1 ? origin : origin.slice(0, queryAt);
  const isPath = authority === undefined ? path.startsWith('/') : path === '' || path.startsWith('/');
  if (!isPath || MALFORMED_ENCODING.test(path)) return undefined;
  return {
    path: normalized(path === '' ? '/' : path),
    search: queryAt === -1 ? '' : origin.slice(queryAt),
    ...(authority !== undefined && { authority }),
  };
}

/**
 * Whether the request names its host as it must (RFC 9112 §3.2): one Host field with a host and perhaps a port (RFC 9110 §7.2). Only
 * HTTP/1.0 may leave the field out, or empty. Otherwise the answer is 400, also if the target names a host of its own.
 */
export function hasValidHost(request: IncomingMessage): boolean {
  const lines = headerLines(request, 'host');
  if (lines.length > 1) return false;
  const [host = ''] = lines;
  return host === '' ? request.httpVersion === '1.0' : isAuthority(host);
}

/**
 * Each line of a header, as it was sent. Node's `headers` has the first of several, and `headersDistinct` is made of all headers at once.
 * @param name in lower case
 */
export function headerLines({ rawHeaders }: IncomingMessage, name: string): readonly string[] {
  const lines: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const each = rawHeaders[at] ?? '';
    if (each.length === name.length && each.toLowerCase() === name) lines.push(rawHeaders[at + 1] ?? '');
  }
  return lines;
}

type Request = Pick<IncomingMessage, 'method' | 'url' | 'headers'>;

const targets = new WeakMap<Request, RequestTarget | 'malformed'>();

/**
 * The target of this request, parsed the first time that it is asked for. `request.url` is its origin-form from then on, and `/` if
 * the target is malformed: Koa parses `request.url` wherever it is read, and throws for some texts that Node lets through.
 * @returns undefined if it is malformed.
 */
export function targetOf(request: Request): RequestTarget | undefined {
  const known = targets.get(request);
  if (known !== undefined) return known === 'malformed' ? undefined : known;
  const target = parseRequestTarget(request.method ?? '', request.url ?? '');
  targets.set(request, target ?? 'malformed');
  request.url = target ? `${target.path}${target.search}` : '/';
  if (target?.authority !== undefined) request.headers.host = target.authority;
  return target;
}
