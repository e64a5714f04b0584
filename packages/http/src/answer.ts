import { Buffer } from 'node:buffer';
import type { Context } from 'koa';

/** An answer as a whole: it is written once, and nothing of it before it is complete. */
export interface Answer {
  readonly status: number;
  /** Names and values by turns, as `writeHead` takes them. */
  readonly headers: readonly string[];
  /** Undefined where there is none, as in 204 and 304 (RFC 9110 §6.4.1). */
  readonly body: string | Buffer | undefined;
}

export const JSON_TYPE = 'application/json; charset=utf-8';

/** Names and values by turns. */
export const flat = (headers: Readonly<Record<string, string>>): readonly string[] => Object.entries(headers).flat();

/**
 * Writes an answer by one `writeHead` and one `end`.
 * @param common headers of every answer; the answer's own replace those of the same name, but for `Vary`
 */
export function writeAnswer({ req, res }: Context, common: readonly string[], { status, headers, body }: Answer): void {
  // The connection has answered for it (a body that cannot be read), or the client is gone.
  if (res.headersSent || res.destroyed) return;
  const all: string[] = [];
  for (let at = 0; at < common.length; at += 2) {
    const name = common[at] ?? '';
    if (!replaces(headers, name)) all.push(name, common[at + 1] ?? '');
  }
  all.push(...headers);
  if (body !== undefined) all.push('Content-Length', String(Buffer.byteLength(body)));
  res.writeHead(status, all);
  res.end(req.method === 'HEAD' ? undefined : body);
}

function replaces(headers: readonly string[], name: string): boolean {
  for (let at = 0; at < headers.length; at += 2) if (headers[at] === name && name !== 'Vary') return true;
  return false;
}

/** Gives an answer to Koa, for middleware that looks at it, or changes it, before Koa writes it. */
export function passAnswer(ctx: Context, common: readonly string[], { status, headers, body }: Answer): void {
  ctx.status = status;
  for (const list of [common, headers]) {
    for (let at = 0; at < list.length; at += 2) {
      const [name = '', value = ''] = [list[at], list[at + 1]];
      if (name === 'Vary') ctx.vary(value);
      else ctx.set(name, value);
    }
  }
  ctx.body = body ?? null;
}
