import { randomUUID } from 'node:crypto';
import { err, ok, type Result } from '@portcullis/domain';
import { type BytesFault, malformed } from './body-bytes.ts';
import type { Entries } from './input.ts';

/** Each costs some microseconds to parse; no form has as many. */
const MAXIMUM_PARTS = 1_000;

const DASHES = Buffer.from('--');
const LINE_END = Buffer.from('\r\n');
const isBlank = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x09;
const standsAt = (body: Buffer, at: number, text: Buffer): boolean =>
  body.subarray(Math.max(at, 0), at + text.length).equals(text);

/**
 * The parts of a body with `replacement` in the place of each delimiter (RFC 2046 §5.1.1), without preamble, epilogue and the
 * blanks that any gateway may add behind a delimiter. The parser knows none of these rules, and takes a boundary for one in the
 * middle of a line, too.
 * @returns undefined if there is no part, no end, or too many parts.
 */
function delimitedBy(replacement: string, boundary: string, body: Buffer): Buffer | undefined {
  const delimiter = Buffer.from(`--${boundary}`);
  const kept: Buffer[] = [];
  let from: number | undefined;
  for (let at = body.indexOf(delimiter); at !== -1; at = body.indexOf(delimiter, at + 1)) {
    if (at > 0 && !standsAt(body, at - LINE_END.length, LINE_END)) continue;
    const afterDelimiter = at + delimiter.length;
    const isLast = standsAt(body, afterDelimiter, DASHES);
    let lineEnd = isLast ? afterDelimiter + DASHES.length : afterDelimiter;
    while (isBlank(body[lineEnd])) lineEnd += 1;
    if (!standsAt(body, lineEnd, LINE_END) && !(isLast && lineEnd === body.length)) continue;
    if (from !== undefined) kept.push(body.subarray(from, at));
    kept.push(Buffer.from(`--${replacement}${isLast ? '--\r\n' : ''}`));
    if (isLast) return Buffer.concat(kept);
    if (kept.length > 2 * MAXIMUM_PARTS) return undefined;
    from = lineEnd;
  }
  return undefined;
}

/** The `boundary` of a Content-Type; undefined if there is none (RFC 2046 §5.1.1). */
function boundaryOf(contentType: string): string | undefined {
  const [, quoted, token] = /;\s*boundary=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/i.exec(contentType) ?? [];
  return quoted?.replaceAll(/\\(.)/g, '$1') ?? token;
}

/**
 * `multipart/form-data` (RFC 7578) in UTF-8. A file is a value of another type than text.
 *
 * Parsed by undici's `Response`, of a pinned version: that of Node is another one in each release, and those of Node 20 and 22
 * refuse what common clients send.
 */
export async function multipartEntries(body: Buffer, contentType: string): Promise<Result<Entries, BytesFault>> {
  const fault = err(malformed('The body is not valid multipart/form-data.'));
  const given = boundaryOf(contentType);
  // No body can hold what is made up after it came.
  const boundary = randomUUID();
  const parts = given ? delimitedBy(boundary, given, body) : undefined;
  if (!parts) return fault;
  // Loaded when first needed: most services read no multipart, and it takes some 150 ms.
  const { Response } = await import('undici');
  try {
    const headers = { 'Content-Type': `multipart/form-data; boundary=${boundary}` };
    const form = await new Response(parts, { headers }).formData();
    return ok(new Map([...new Set(form.keys())].map((name) => [name, form.getAll(name)])));
  } catch {
    return fault;
  }
}
