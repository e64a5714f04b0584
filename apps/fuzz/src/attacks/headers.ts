import type { Draw } from '../random.ts';
import { bytesOf, type Header, type Message, utf8 } from '../wire/message.ts';
import { anyOperation } from './fields.ts';
import { fittingRequest, HOST } from './requests.ts';
import { type Attack, bytes, oneRequest } from './shot.ts';
import { hostileText } from './texts.ts';

const NAMED: readonly (readonly [name: string, values: readonly string[]])[] = [
  [
    'Accept',
    [
      '',
      '*',
      '*/*',
      'application/problem+json',
      'text/html;q=0.x',
      ',,,',
      'a/b;q=9',
      'application/json;q=0',
      `${'a/b,'.repeat(2_000)}`,
    ],
  ],
  ['Accept-Encoding', ['', 'gzip', 'br;q=1, *;q=0', 'identity;q=0', '\u00ff']],
  ['Accept-Language', ['*', 'x'.repeat(4_000)]],
  ['Access-Control-Request-Headers', ['a', '*', '\u00e9', 'a,'.repeat(3_000)]],
  ['Access-Control-Request-Method', ['GET', 'NONE', '']],
  ['Connection', ['close', 'keep-alive', 'upgrade', 'Host', 'Authorization, Content-Length', ',', 'close, keep-alive']],
  ['Content-Length', ['0']],
  ['Cookie', ['a=b', '=', ';;;', `a=${'b'.repeat(4_000)}`]],
  ['Expect', ['100-continue', '200-ok', '', 'x']],
  ['Forwarded', ['for=";', 'host=evil.example']],
  ['If-Match', ['*', '"a"', 'W/']],
  ['If-Modified-Since', ['Sat, 29 Oct 1994 19:43:31 GMT', 'yesterday', '0', 'Fri, 31 Dec 9999 23:59:59 GMT']],
  ['If-None-Match', ['*', '"', 'W/"a", "b"', ',']],
  ['If-Range', ['"a"', 'x']],
  ['If-Unmodified-Since', ['Sat, 29 Oct 1994 19:43:31 GMT']],
  ['Keep-Alive', ['timeout=1e9', 'x']],
  ['Max-Forwards', ['0', '-1', 'x']],
  ['Origin', ['null', 'http://[', '*', 'https://evil.example', '\u00ff', '']],
  ['Range', ['bytes=0-', 'bytes=5-1', 'bytes=-', 'x', `bytes=${'0-1,'.repeat(2_000)}`]],
  ['TE', ['trailers', 'chunked', 'x;q=2']],
  ['Trailer', ['Content-Length', '*']],
  ['Upgrade', ['websocket', 'h2c', 'TLS/1.0', '']],
  ['User-Agent', ['', '\u001b[2J', '\u00ff\u00fe', 'x'.repeat(8_000)]],
  ['Via', ['1.1 x', ',']],
  ['X-Forwarded-For', ["' OR 1=1", '::1, [', '\u00ff']],
  ['X-Forwarded-Host', ['evil.example', 'http://[']],
  ['X-Forwarded-Proto', ['javascript', 'https']],
  ['X-HTTP-Method-Override', ['DELETE', '__proto__']],
  ['X-Request-Id', ['', 'a', 'x'.repeat(65), 'abcdefgh\u00ff', '../../..', '<script>', 'a'.repeat(9_000)]],
  ['__proto__', ['a']],
  ['constructor', ['a']],
];

/** What a header can do about an answer, whatever the operation. */
const BY_HEADERS = [204, 304, 400, 405, 406, 413, 415, 417, 426, 431];

/** Headers that are strange in what they say; as lines they are right. */
export const headers: Attack = (draw, target) => {
  const operation = anyOperation(draw, target);
  const message = fittingRequest(operation, draw, target);
  const strange = Array.from({ length: 1 + draw.int(3) }, (): Header => {
    const [name, values] = draw.pick(NAMED);
    if (draw.chance(0.8)) return [name, draw.pick(values)];
    return [name, utf8(hostileText(draw).replaceAll(/[\0\r\n]/g, '')).slice(0, 10_000)];
  });
  const sent = bytesOf({ ...message, headers: [...message.headers, ...strange] });
  // Expect, Upgrade and a second Content-Length decide whether there is an answer at all.
  const unsure = strange.some(([name]) => /^(?:Expect|Upgrade|Content-Length|Connection)$/.test(name));
  const shot = unsure ? bytes('header/named', sent) : oneRequest('header/named', message);
  return {
    ...shot,
    steps: [{ write: sent }],
    methods: [message.method],
    operation,
    also: BY_HEADERS,
  };
};

const line = (text: string): string => `${text}\r\n`;
const many = (count: number, of: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => line(of(n))).join('');

/** Lines that are no headers, or too many, too long, or twice where one may be. */
const LINES: readonly ((draw: Draw) => readonly [lines: string, only?: readonly number[]])[] = [
  () => [line('Host: other'), [400]],
  () => [line('host: 127.0.0.1'), [400]],
  () => [line('Authorization: Bearer a.b.c') + line('authorization: Basic YTpi')],
  () => [line('Content-Type: application/json') + line('Content-Type: text/plain')],
  () => [line('A: b') + line(' folded') + line('\tand again')],
  () => [line(' leading: blank')],
  () => [line('no colon')],
  () => [line(': no name')],
  () => [line('bl ank: a')],
  () => [line('A : b')],
  () => [line('\u00e9: a')],
  () => [line('A: \0')],
  () => [line('A: \u0001\u007f')],
  () => [line('A: \u0080\u00ff')],
  () => ['A: b\n'],
  () => ['A: b\rB: c\r\n'],
  () => ['\r\r\n'],
  (draw) => [many(draw.pick([100, 1_999, 2_001, 3_000]), () => 'A:')],
  (draw) => [many(draw.pick([100, 1_000]), (n) => `X-${n}: ${n}`)],
  (draw) => [line(`A: ${'a'.repeat(draw.pick([1_000, 15_000, 17_000, 200_000]))}`)],
  (draw) => [line(`${'a'.repeat(draw.pick([1_000, 17_000]))}: b`)],
  (draw) => [line(utf8(`X: ${hostileText(draw)}`).slice(0, 12_000))],
  (draw) => [line(`${utf8(hostileText(draw)).slice(0, 200)}: x`)],
];

/** Header lines that a parser may read in more than one way (RFC 9112 §5). */
export const headerLines: Attack = (draw, target) => {
  const message = fittingRequest(anyOperation(draw, target), draw, target);
  const [lines, only] = draw.pick(LINES)(draw);
  const sent = inserted(message, lines);
  return { ...bytes('header/lines', sent, only ? { only } : {}), methods: [message.method] };
};

/** The request's bytes with these lines behind its own headers. */
export function inserted(message: Message, lines: string): Buffer {
  const body = message.body ?? Buffer.alloc(0);
  const announced = /^(?:content-length|transfer-encoding)\s*:/im.test(lines);
  const own = message.headers.map((header) => line(header.join(': '))).join('');
  const length = announced || message.body === undefined ? '' : line(`Content-Length: ${body.length}`);
  return Buffer.concat([
    Buffer.from(`${message.method} ${message.target} HTTP/1.1\r\n${own}${length}${lines}\r\n`, 'latin1'),
    body,
  ]);
}

const SMUGGLED = 'GET /healthz HTTP/1.1\r\nHost: smuggled\r\n\r\n';
const REFUSED = [400, 413, 431, 501];

/** Two ways to tell where a body ends: whatever hides in it must not be served (RFC 9112 §6.3, §11.2). */
const AMBIGUOUS: readonly string[] = [
  'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n',
  'Transfer-Encoding: chunked\r\nContent-Length: 4\r\n',
  'Content-Length: 4\r\nContent-Length: 5\r\n',
  'Content-Length: 4, 4\r\n',
  'Content-Length: 4\r\nContent-Length: 4\r\n',
  'Transfer-Encoding: xchunked\r\nContent-Length: 4\r\n',
  'Transfer-Encoding: chunked, identity\r\n',
  'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n',
  'Transfer-Encoding : chunked\r\n',
  'Transfer-Encoding:\x0bchunked\r\n',
  'Content-Length: 0x4\r\n',
  'Content-Length: -4\r\n',
  'Content-Length: +4\r\n',
  'Content-Length : 4\r\n',
];

/** A request in the body of another, and lengths that contradict each other: refused, and nothing hidden is served. */
export const smuggling: Attack = (draw, target) => {
  const message = fittingRequest(anyOperation(draw, target), draw, target);
  const sent = inserted({ ...message, body: Buffer.from(`0\r\n\r\n${SMUGGLED}`) }, draw.pick(AMBIGUOUS));
  return { ...bytes('framing/ambiguous', sent, { only: REFUSED, atMost: 1 }), methods: [message.method] };
};

const CHUNKED: readonly string[] = [
  '0\r\n\r\n',
  '0\r\nTrailer: a\r\n\r\n',
  '5;a=b\r\nhello\r\n0\r\n\r\n',
  `5;${'a'.repeat(20_000)}\r\nhello\r\n0\r\n\r\n`,
  'fffffffffffffffff\r\n',
  '7fffffffffffffff\r\nhello',
  '-5\r\nhello\r\n0\r\n\r\n',
  ' 5\r\nhello\r\n0\r\n\r\n',
  '5\nhello\n0\n\n',
  '5\r\nhello0\r\n\r\n',
  '5\r\nhell',
  'g\r\nhello\r\n',
  '0x5\r\nhello\r\n0\r\n\r\n',
  `0\r\n${'A: b\r\n'.repeat(3_000)}\r\n`,
];

/** Chunks that are no chunks (RFC 9112 §7.1). */
export const chunks: Attack = (draw, target) => {
  const operation = anyOperation(draw, target);
  const message = fittingRequest(operation, draw, target);
  const sent = inserted({ ...message, body: Buffer.from(draw.pick(CHUNKED)) }, 'Transfer-Encoding: chunked\r\n');
  return { ...bytes('framing/chunks', sent), methods: [message.method] };
};

const LINES_OF_REQUEST: readonly string[] = [
  '',
  '\r\n',
  '\n',
  'GET',
  'GET /',
  'GET / HTTP',
  'GET / HTTP/1',
  'GET / HTTP/0.9',
  'GET / HTTP/1.0',
  'GET / HTTP/1.2',
  'GET / HTTP/2.0',
  'GET / HTTP/3',
  'GET / http/1.1',
  'GET / HTTP/1.1 x',
  'GET  /  HTTP/1.1',
  'GET\t/\tHTTP/1.1',
  ' GET / HTTP/1.1',
  'GET / /a HTTP/1.1',
  'PRI * HTTP/2.0',
  'HTTP/1.1 200 OK',
  '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
  '\u0005\u0001\u0000',
  'CONNECT h:443 HTTP/1.1',
  'EHLO example.org',
  '{"a":1}',
];

/** Request lines that are none, other versions, other protocols. */
export const requestLines: Attack = (draw) => {
  const sent = `${draw.pick(LINES_OF_REQUEST)}\r\n${draw.chance(0.7) ? line(HOST.join(': ')) : ''}\r\n`;
  return bytes('framing/request line', Buffer.from(sent, 'latin1'));
};
