import { randomUUID } from 'node:crypto';
import { err, ok, type Result } from '@portcullis/domain';
import { type BytesFault, malformed, NOT_UTF8 } from './body-bytes.ts';
import type { Entries } from './input.ts';

/** Each costs some microseconds to parse; no form has as many. */
const MAXIMUM_PARTS = 1_000;

const DASHES = Buffer.from('--');
const LINE_END = Buffer.from('\r\n');
const HEADERS_END = Buffer.from('\r\n\r\n');
/** What bytes that are not UTF-8 are decoded to. */
const REPLACEMENT = '\ufffd';
const utf8 = new TextDecoder('utf-8', { fatal: true });
const isBlank = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x09;
const standsAt = (body: Buffer, at: number, text: Buffer): boolean =>
  body.subarray(Math.max(at, 0), at + text.length).equals(text);

/**
 * The parts of a body, without the delimiters (RFC 2046 §5.1.1), preamble, epilogue and the blanks that any gateway may add behind a
 * delimiter. The parser knows none of these rules, and takes a boundary for one in the middle of a line, too.
 * @returns undefined if there is no part, no end, or too many parts.
 */
function partsOf(body: Buffer, boundary: string): readonly Buffer[] | undefined {
  const delimiter = Buffer.from(`--${boundary}`);
  const parts: Buffer[] = [];
  let from: number | undefined;
  for (let at = body.indexOf(delimiter); at !== -1; at = body.indexOf(delimiter, at + 1)) {
    if (at > 0 && !standsAt(body, at - LINE_END.length, LINE_END)) continue;
    const afterDelimiter = at + delimiter.length;
    const isLast = standsAt(body, afterDelimiter, DASHES);
    let lineEnd = isLast ? afterDelimiter + DASHES.length : afterDelimiter;
    while (isBlank(body[lineEnd])) lineEnd += 1;
    if (!standsAt(body, lineEnd, LINE_END) && !(isLast && lineEnd === body.length)) continue;
    if (from !== undefined) parts.push(body.subarray(from, at));
    if (parts.length > MAXIMUM_PARTS) return undefined;
    if (isLast) return parts.length > 0 ? parts : undefined;
    from = lineEnd + LINE_END.length;
  }
  return undefined;
}

/**
 * A part whose header fields have one spelling: each on one line, and no blanks around `;` and `=` of its disposition. MIME allows both
 * (RFC 5322 §2.2.3, RFC 2045 §5.1), and the parser takes neither.
 */
function inOneSpelling(part: Buffer): Buffer {
  const end = part.indexOf(HEADERS_END);
  if (end === -1) return part;
  const headers = part
    .toString('latin1', 0, end)
    .replaceAll(/\r\n(?=[ \t])/g, '')
    .replaceAll(/^content-disposition[ \t]*:.*/gim, (field) =>
      field.replaceAll(/"[^"]*"|[ \t]+/g, (token, at: number) => {
        const beside = `${field[at - 1] ?? ''}${field[at + token.length] ?? ''}`;
        return token.startsWith('"') || !/[;=]/.test(beside) ? token : '';
      }),
    );
  return Buffer.concat([Buffer.from(headers, 'latin1'), part.subarray(end)]);
}

/** Whether the parser replaced bytes of this text, as it does with those that are not UTF-8. */
function isFolded(text: string, part: Buffer): boolean {
  try {
    utf8.decode(part);
  } catch {
    return true;
  }
  // In base64 bytes may be what the part does not show.
  return text.includes(REPLACEMENT) && !part.includes(REPLACEMENT);
}

/** The `boundary` of a Content-Type; undefined if there is none (RFC 2046 §5.1.1). */
function boundaryOf(contentType: string): string | undefined {
  const [, quoted, token] = /;\s*boundary=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/i.exec(contentType) ?? [];
  return quoted?.replaceAll(/\\(.)/g, '$1') ?? token;
}

/**
 * `multipart/form-data` (RFC 7578), its texts in UTF-8. A file is a value of another type than text, of whatever bytes.
 *
 * Parsed by undici's `Response`, of a pinned version: that of Node is another one in each release, and those of Node 20 and 22
 * refuse what common clients send.
 */
export async function multipartEntries(body: Buffer, contentType: string): Promise<Result<Entries, BytesFault>> {
  const fault = err(malformed('The body is not valid multipart/form-data.'));
  const given = boundaryOf(contentType);
  const parts = given ? partsOf(body, given) : undefined;
  if (!parts) return given && body.includes(`--${given}\n`) ? err(malformed(BARE_LINE_FEEDS)) : fault;
  // No body can hold what is made up after it came.
  const boundary = randomUUID();
  const delimited = parts.flatMap((part) => [Buffer.from(`--${boundary}\r\n`), inOneSpelling(part)]);
  const whole = Buffer.concat([...delimited, Buffer.from(`--${boundary}--\r\n`)]);
  // Loaded when first needed: most services read no multipart, and it takes some 150 ms.
  const { Response } = await import('undici');
  const entries = new Map<string, unknown[]>();
  try {
    const headers = { 'Content-Type': `multipart/form-data; boundary=${boundary}` };
    const form = await new Response(whole, { headers }).formData();
    // One for each part, in their order.
    for (const [at, [name, value]] of [...form].entries()) {
      const part = parts[at];
      if (typeof value === 'string' && (!part || isFolded(value, part))) return err(NOT_UTF8);
      const values = entries.get(name);
      if (values) values.push(value);
      else entries.set(name, [value]);
    }
  } catch {
    return fault;
  }
  return ok(entries);
}

/** To guess where lines end would be to guess what belongs to a text. */
const BARE_LINE_FEEDS = 'The body is not valid multipart/form-data: its lines must end with CR LF.';
