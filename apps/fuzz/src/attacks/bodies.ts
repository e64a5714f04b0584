import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { Draw } from '../random.ts';
import { bytesOf, chunked, headerOf, type Message, withHeader } from '../wire/message.ts';
import { anyOperation } from './fields.ts';
import { fittingRequest } from './requests.ts';
import { type Attack, bytes, oneRequest } from './shot.ts';
import { hostileJson } from './texts.ts';

/** What a body that cannot be read may be answered with, beside what the document says. */
const UNREADABLE = [400, 408, 413, 415];

const CODINGS: readonly (readonly [name: string, encode: (body: Buffer) => Buffer])[] = [
  ['gzip', (body) => gzipSync(body)],
  ['x-gzip', (body) => gzipSync(body)],
  ['GZIP', (body) => gzipSync(body)],
  ['deflate', (body) => deflateSync(body)],
  ['deflate', (body) => deflateRawSync(body)],
  ['br', (body) => brotliCompressSync(body)],
  ['identity', (body) => body],
  ['gzip, gzip', (body) => gzipSync(gzipSync(body))],
  ['zstd', (body) => body],
  ['', (body) => body],
];

/** Bodies that grow when they are inflated, made once: zeros, and a stream of empty stored blocks that yields nothing. */
const zeros = Buffer.alloc(8_000_000);
const BOMBS: readonly (readonly [name: string, body: Buffer])[] = [
  ['gzip', gzipSync(zeros)],
  ['deflate', deflateSync(zeros)],
  ['br', brotliCompressSync(zeros)],
];
const emptyBlocks = (count: number): Buffer =>
  Buffer.concat([
    Buffer.from('1f8b0800000000000003', 'hex'),
    Buffer.from('000000ffff'.repeat(count), 'hex'),
    Buffer.from('03000000000000000000', 'hex'),
  ]);

function damaged(body: Buffer, draw: Draw): Buffer {
  const copy = Buffer.from(body);
  return draw.pick<() => Buffer>([
    () => copy.subarray(0, draw.int(copy.length + 1)),
    () => draw.bytes(1 + draw.int(64)),
    () => Buffer.concat([copy, draw.bytes(1 + draw.int(16))]),
    () => {
      if (copy.length > 0) copy[draw.int(copy.length)] = draw.int(256);
      return copy;
    },
    () => Buffer.from('garbage'),
    () => Buffer.alloc(0),
  ])();
}

const bodied = (draw: Draw, target: Parameters<Attack>[1]) => {
  const operation = anyOperation(draw, target, ({ bodies }) => bodies.size > 0);
  return { operation, message: fittingRequest(operation, draw, target) };
};

/** A content coding (RFC 9110 §8.4) that is right, damaged, unknown, applied twice, or a bomb. */
export const codings: Attack = (draw, target) => {
  const { operation, message } = bodied(draw, target);
  const [name, body] = draw.weighted<() => readonly [string, Buffer]>([
    [3, () => right()],
    [6, () => spoilt()],
    [1, () => draw.pick(BOMBS)],
    [0.3, () => ['gzip', emptyBlocks(draw.pick([10, 30_000, 400_000]))]],
  ])();
  function right(): readonly [string, Buffer] {
    const [coding, encode] = draw.pick(CODINGS);
    return [coding, encode(message.body ?? Buffer.alloc(0))];
  }
  function spoilt(): readonly [string, Buffer] {
    const [coding, coded] = right();
    return [coding, damaged(coded, draw)];
  }
  return oneRequest(`body/coding ${name || '(empty)'}`, withHeader({ ...message, body }, 'Content-Encoding', name), {
    operation,
    also: UNREADABLE,
  });
};

const MEDIA_TYPES: readonly string[] = [
  '',
  ';',
  '/',
  'text/plain',
  'application/json; charset=utf-16',
  'application/json; charset="utf-8"',
  'application/json;charset=',
  'APPLICATION/JSON',
  'application/json, text/plain',
  'application/json ; x="a;b"',
  'application/problem+json',
  'application/x-www-form-urlencoded; charset=latin1',
  'multipart/form-data',
  'multipart/form-data; boundary=',
  'multipart/form-data; boundary="a b"',
  `multipart/form-data; boundary=${'a'.repeat(100)}`,
  'multipart/form-data; boundary=fuzz-1f0e; boundary=b',
  'multipart/mixed; boundary=a',
  'application/json\u00ff',
  `application/${'j'.repeat(5_000)}`,
];

/** A media type that does not fit the body, or is none. */
export const mediaTypes: Attack = (draw, target) => {
  const { operation, message } = bodied(draw, target);
  const type = draw.pick(MEDIA_TYPES);
  return oneRequest('body/media type', withHeader(message, 'Content-Type', type), { operation, also: UNREADABLE });
};

const PART = 'Content-Disposition: form-data; name=';
const MULTIPARTS: readonly string[] = [
  `--b\r\n${PART}username\r\n\r\nx\r\n--b--`,
  `preamble\r\n--b\r\n${PART}"username"\r\n\r\nx\r\n--b--\r\nepilogue`,
  `--b \r\n${PART}"username"\r\n\r\nx\r\n--b--`,
  `--b\r\n${PART}"username"; filename="a"\r\n\r\nx\r\n--b--`,
  `--b\r\n${PART}"\0"\r\n\r\n\0\r\n--b--`,
  `--b\r\n\r\nx\r\n--b--`,
  `--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--`,
  `--b\r\n${PART}"username\r\n\r\nx\r\n--b--`,
  `--b\r\n${PART}"username"\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%\r\n--b--`,
  `--b\r\n${PART}"username"\r\n\r\nx`,
  `--b--`,
  `--b`,
  `--b\r\n${'A: b\r\n'.repeat(2_000)}\r\nx\r\n--b--`,
  `--b\r\n${PART}"${'n'.repeat(20_000)}"\r\n\r\nx\r\n--b--`,
  `${`--b\r\n${PART}"username"\r\n\r\n\r\n`.repeat(1_500)}--b--`,
  `--b\r\n${PART}"username"\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n--b--`,
  `--b\r\nContent-Disposition: form-data; name*=utf-8''%00%ff\r\n\r\nx\r\n--b--`,
];

/** Texts that are nearly JSON, a form or multipart, under the type that they claim. */
export const malformed: Attack = (draw, target) => {
  const { operation, message } = bodied(draw, target);
  const type = headerOf(message, 'content-type') ?? '';
  if (type.startsWith('multipart/')) {
    const body = Buffer.from(draw.pick(MULTIPARTS), 'latin1');
    return oneRequest(
      'body/malformed multipart',
      withHeader({ ...message, body }, 'Content-Type', 'multipart/form-data; boundary=b'),
      { operation, also: UNREADABLE },
    );
  }
  const body = draw.weighted<() => Buffer>([
    [4, () => damaged(message.body ?? Buffer.alloc(0), draw)],
    [2, () => Buffer.from(hostileJson(draw))],
    [1, () => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), message.body ?? Buffer.alloc(0)])],
    [1, () => Buffer.from(message.body?.toString() ?? '', 'utf16le')],
    [
      1,
      () =>
        Buffer.alloc(draw.pick([99_999, 100_000, 100_001, 500_000, 3_000_000]), draw.pick(['a', ' ', '[', '&', '\0'])),
    ],
  ])();
  return oneRequest('body/malformed', { ...message, body }, { operation, also: UNREADABLE });
};

/** The body in pieces: chunked, announced too long or too short, given up, or very slow. */
export const lengths: Attack = (draw, target) => {
  const { operation, message } = bodied(draw, target);
  const body = message.body ?? Buffer.alloc(0);
  const cut = draw.int(body.length + 1);
  const announced = (length: number | string): Message => withHeader(message, 'Content-Length', String(length));
  const split = (sent: Message) => {
    const all = bytesOf(sent);
    return [all.subarray(0, all.length - cut), all.subarray(all.length - cut)] as const;
  };
  const [first, second] = split(message);
  const chunkedMessage = withHeader(
    { ...message, body: chunked(body, 1 + draw.int(20)) },
    'Transfer-Encoding',
    'chunked',
  );
  return draw.pick([
    () => ({ ...oneRequest('body/chunked', chunkedMessage, { operation, also: UNREADABLE }) }),
    () => ({
      ...oneRequest('body/in two pieces', message, { operation }),
      steps: [{ write: first }, { pauseMs: 2 }, { write: second }],
    }),
    () => bytes('body/longer than announced', bytesOf(announced(Math.max(body.length - 3, 0)))),
    () => bytes('body/shorter than announced', bytesOf(announced(body.length + 5)), { atMost: 1 }),
    () => bytes('body/huge announced', bytesOf(announced('99999999999')), { atMost: 1 }),
    () =>
      bytes(
        'body/no length',
        bytesOf(announced(draw.pick(['-1', '+5', '0x10', '1e2', '', ' ', '5 5', '99999999999999999999999']))),
      ),
    () => ({
      ...bytes('body/given up', first),
      steps: [{ write: first }, { pauseMs: draw.int(6) }, { abort: true as const }],
    }),
    () => ({
      ...bytes('body/given up after it was sent', first),
      steps: [{ write: bytesOf(message) }, { pauseMs: draw.int(4) }, { abort: true as const }],
    }),
    () => ({
      ...bytes('body/half closed early', first, { atMost: 1 }),
      steps: [{ write: first }, { halfClose: true as const }],
    }),
  ])();
};
