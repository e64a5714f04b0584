import type { Draw } from '../random.ts';
import { type Message, utf8 } from '../wire/message.ts';
import { anyOperation } from './fields.ts';
import { fittingRequest, HOST, pathOf, requestId } from './requests.ts';
import { type Attack, bytes, oneRequest, type Target } from './shot.ts';
import { hostileText } from './texts.ts';

/** Forms of a request target that are none, or that another part of a program may read otherwise (RFC 9112 §3.2). */
const STRANGE: readonly string[] = [
  '*',
  '//',
  '///',
  '//host/path',
  '/\\host/path',
  '\\',
  '?',
  '#',
  '/#fragment',
  '/?',
  '/??',
  '/.',
  '/..',
  '/../../etc/passwd',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/..%2f..%2fetc%2fpasswd',
  '/./healthz',
  '/ui/..;/healthz',
  '/%',
  '/%2',
  '/%zz',
  '/%00',
  '/%ff',
  '/%c0%af',
  '/%ed%a0%80',
  '/%u0041',
  '/a%0d%0aSet-Cookie:%20a=b',
  '/\u00e9',
  '/\u00ff\u00fe',
  '/\ud83d\udca9',
  '/<script>',
  '/"',
  '/{id}',
  '/|',
  '/^',
  '/`',
  '/:id',
  '/(.*)',
  '/__proto__',
  '/constructor',
  'http://[/',
  'http://[',
  'http://]',
  'http://[::1/',
  'http://[::1]:99999/',
  'http://%/',
  'http://a:b/',
  'http://a:-1/',
  'http://a b/',
  'http://user:pass@h/healthz',
  'http://h',
  'http://h?',
  'http:///healthz',
  'http:/healthz',
  'http:healthz',
  'HTTP://H/healthz',
  'https://h/healthz',
  'ftp://h/healthz',
  'javascript:alert(1)',
  'file:///etc/passwd',
  'data:,x',
  'mailto:a@b',
  '://',
  ':',
  '::',
  'host:443',
  'h:0',
  '[::1]:443',
  'healthz',
  '.',
  'a',
  '%2fhealthz',
  'http://xn--/',
  'http://\u00e9/',
  'http://0x7f.1/',
  'http://1.2.3.4.5/',
  'http://h:80:80/',
];

/** Percent-encodes some letters and digits, which changes no meaning (RFC 3986 §6.2.2.2). */
const needlesslyEncoded = (path: string, draw: Draw): string =>
  path.replaceAll(/[a-z\d]/gi, (character) =>
    draw.chance(0.3) ? `%${character.charCodeAt(0).toString(16).padStart(2, '0')}` : character,
  );

function bent(path: string, draw: Draw): string {
  const at = draw.int(path.length + 1);
  return draw.pick([
    () => `${path}/`,
    () => `/${path}`,
    () => `${path}//`,
    () => `/.${path}`,
    () => `/x/..${path}`,
    () => `${path}/.`,
    () => `${path}/..`,
    () => `${path}%00`,
    () => `${path};a=b`,
    () => `${path}#a`,
    () => path.toUpperCase(),
    () => path.replaceAll('/', '%2f'),
    () => path.replaceAll('/', '%5c'),
    () => path.replaceAll('/', '\\'),
    () => `${path.slice(0, at)}${utf8(hostileText(draw).slice(0, 40)).replaceAll(/[\r\n ]/g, '')}${path.slice(at)}`,
    () => `${path}?${'a=b&'.repeat(draw.pick([10, 3_000]))}`,
    () => `${path}${'/a'.repeat(draw.pick([100, 7_000]))}`,
    () => `${path}?${'a'.repeat(draw.pick([100, 15_000, 40_000]))}`,
    () => `http://h${path}`,
    () => `http://[::1]:80${path}`,
    () => `http://h:${draw.pick(['', '0', '65536', 'x'])}${path}`,
  ])();
}

const someMethod = (draw: Draw): string =>
  draw.pick(['GET', 'GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH']);

/** Targets that are not a path, are bent, or have bytes in them that no target may have. */
export const strangeTargets: Attack = (draw, target) => {
  const path = pathOf(anyOperation(draw, target), draw, target);
  const bare = draw.chance(0.5) ? draw.pick(STRANGE) : bent(path, draw);
  const sent = draw.chance(0.3) && bare.startsWith('/') ? `${target.prefix}${bare}` : bare;
  const method = someMethod(draw);
  return {
    ...bytes(
      'target/strange',
      Buffer.from(
        `${method} ${sent} HTTP/1.1\r\n${HOST.join(': ')}\r\n${requestId(draw).join(': ')}\r\nConnection: close\r\n\r\n`,
        'latin1',
      ),
      {
        atMost: 1,
      },
    ),
    methods: [method],
  };
};

/** Other spellings of one target, which have the same answer (RFC 9112 §3.2.2, RFC 3986 §6.2.2.2). */
export const spelledTargets: Attack = (draw, target) => {
  const operation = anyOperation(draw, target, isPlainRead);
  const message = fittingRequest(operation, draw, target);
  const path = message.target;
  const spelled = draw.pick([
    () => `http://127.0.0.1${path}`,
    () => `http://h${path}`,
    () => `HTTP://H${path}`,
    () => `https://h:8443${path}`,
    () => needlesslyEncoded(path, draw),
    () => `${path}?`,
    () => `${path}?a=b`,
  ])();
  return oneRequest('target/spelled', { ...message, target: spelled }, { operation, also: [400] });
};

const isPlainRead = ({ method, pathParameters, queryParameters }: Target['document']['operations'][number]): boolean =>
  method === 'GET' && pathParameters.length === 0 && queryParameters.size === 0;

const METHODS: readonly string[] = [
  ...[
    'GET',
    'HEAD',
    'POST',
    'PUT',
    'PATCH',
    'DELETE',
    'OPTIONS',
    'TRACE',
    'CONNECT',
    'PROPFIND',
    'LINK',
    'M-SEARCH',
    'QUERY',
  ],
  ...[
    'get',
    'Get',
    'FOO',
    '',
    ' ',
    'GET\t',
    'GE\0T',
    '-',
    'PRI',
    'SOURCE',
    'A'.repeat(5_000),
    '\u00ff',
    '__proto__',
    'constructor',
  ],
];

/** Methods that a path does not have, or that are none. */
export const methods: Attack = (draw, target) => {
  const operation = anyOperation(draw, target);
  const message: Message = { ...fittingRequest(operation, draw, target), method: draw.pick(METHODS) };
  return { ...bytes('method', messageBytes(message)), methods: [message.method] };
};

const messageBytes = ({ method, target, headers, body = Buffer.alloc(0) }: Message): Buffer =>
  Buffer.concat([
    Buffer.from(
      `${method} ${target} HTTP/1.1\r\n${headers.map((header) => `${header.join(': ')}\r\n`).join('')}Content-Length: ${body.length}\r\n\r\n`,
      'latin1',
    ),
    body,
  ]);
