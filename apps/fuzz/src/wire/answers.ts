/** One answer as it came, checked against RFC 9112 while it was read. */
export interface Answer {
  readonly status: number;
  /** By name in lower case; a name that came twice has its values joined by a line feed. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

export interface Reading {
  readonly answers: readonly Answer[];
  /** What is wrong with the bytes as HTTP; nothing after it was read. */
  readonly violation: string | undefined;
  /** Whether the bytes end with an answer that is not complete. */
  readonly cut: boolean;
}

const HEADERS_END = '\r\n\r\n';
const STATUS_LINE = /^HTTP\/1\.1 ([1-5]\d\d) [\t\x20-\x7e\x80-\xff]*$/;
const FIELD_LINE = /^([!#$%&'*+.^_`|~\w-]+):[\t ]*([\t\x20-\x7e\x80-\xff]*?)[\t ]*$/;

type Part =
  | { readonly answer: Answer; readonly end: number }
  | { readonly violation: string }
  | { readonly more: true };

/**
 * Reads the answers to requests of these methods, in their order.
 * @param methods a HEAD has an answer without a body. An answer beyond the last of them is read as one to a GET.
 * @param ended whether no more will come: an answer without a length ends there (RFC 9112 §6.3)
 */
export function readAnswers(bytes: Buffer, methods: readonly string[], ended: boolean): Reading {
  const answers: Answer[] = [];
  let at = 0;
  while (at < bytes.length) {
    const final = answers.filter(({ status }) => status >= 200).length;
    const part = readAnswer(bytes, at, methods[final] ?? 'GET', ended);
    if ('violation' in part) return { answers, violation: part.violation, cut: false };
    if ('more' in part) return { answers, violation: undefined, cut: true };
    answers.push(part.answer);
    at = part.end;
  }
  return { answers, violation: undefined, cut: false };
}

function readAnswer(bytes: Buffer, start: number, method: string, ended: boolean): Part {
  const headEnd = bytes.indexOf(HEADERS_END, start, 'latin1');
  const head = bytes.toString('latin1', start, headEnd < 0 ? bytes.length : headEnd);
  const [statusLine = '', ...lines] = head.split('\r\n');
  if (headEnd < 0 && !head.includes('\r\n')) {
    return 'HTTP/1.1 '.startsWith(head.slice(0, 9)) ? { more: true } : { violation: `no status line: ${shown(head)}` };
  }
  const status = Number(STATUS_LINE.exec(statusLine)?.[1]);
  if (Number.isNaN(status)) return { violation: `no status line: ${shown(statusLine)}` };
  if (headEnd < 0) return { more: true };

  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name = '', value = ''] = FIELD_LINE.exec(line) ?? [];
    if (name === '') return { violation: `no header: ${shown(line)}` };
    const before = headers.get(name.toLowerCase());
    headers.set(name.toLowerCase(), before === undefined ? value : `${before}\n${value}`);
  }
  const bodyStart = headEnd + HEADERS_END.length;
  const length = headers.get('content-length');
  const coding = headers.get('transfer-encoding');
  if (length !== undefined && coding !== undefined) return { violation: 'a length and a transfer coding' };
  if (length !== undefined && !/^\d+$/.test(length)) return { violation: `no length: ${shown(length)}` };
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') return { violation: `transfer coding ${coding}` };
  const bodyless = status < 200 || status === 204;
  // RFC 9110 §8.6, RFC 9112 §6.1
  if (bodyless && (length ?? coding) !== undefined) return { violation: `a ${status} that announces a body` };
  const at = (end: number, body: Buffer): Part => ({ answer: { status, headers, body }, end });
  // A server that cannot read a request does not know that it is a HEAD.
  const refusesUnread =
    status >= 400 && headers.get('connection') === 'close' && bytes.length - bodyStart === Number(length);
  if (bodyless || status === 304 || (method === 'HEAD' && !refusesUnread)) return at(bodyStart, Buffer.alloc(0));
  if (coding !== undefined) {
    const read = readChunks(bytes, bodyStart);
    return 'body' in read ? at(read.end, read.body) : read;
  }
  if (length === undefined) {
    if (!ended) return { more: true };
    return at(bytes.length, bytes.subarray(bodyStart));
  }
  const end = bodyStart + Number(length);
  return end > bytes.length ? { more: true } : at(end, bytes.subarray(bodyStart, end));
}

type Chunks =
  | { readonly body: Buffer; readonly end: number }
  | { readonly violation: string }
  | { readonly more: true };

function readChunks(bytes: Buffer, start: number): Chunks {
  const parts: Buffer[] = [];
  let at = start;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at, 'latin1');
    if (lineEnd < 0) return { more: true };
    const line = bytes.toString('latin1', at, lineEnd);
    if (!/^[\da-f]{1,8}$/i.test(line)) return { violation: `no chunk size: ${shown(line)}` };
    const size = Number.parseInt(line, 16);
    const end = lineEnd + 2 + size;
    if (bytes.length < end + 2) return { more: true };
    if (bytes.toString('latin1', end, end + 2) !== '\r\n') return { violation: 'a chunk without its end' };
    at = end + 2;
    if (size === 0) return { body: Buffer.concat(parts), end: at };
    parts.push(bytes.subarray(lineEnd + 2, end));
  }
}

const shown = (text: string): string => JSON.stringify(text.slice(0, 80));
