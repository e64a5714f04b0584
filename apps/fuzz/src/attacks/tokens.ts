import { createHmac } from 'node:crypto';
import type { Draw } from '../random.ts';
import type { Header } from '../wire/message.ts';
import { anyOperation } from './fields.ts';
import { credentialsFor, fittingRequest, HOST, requestId } from './requests.ts';
import { type Attack, oneRequest, type Target } from './shot.ts';
import { hostileJson } from './texts.ts';

const encode = (text: string): string => Buffer.from(text).toString('base64url');

const SCHEMES: readonly string[] = [
  'Bearer ',
  'bearer ',
  'Basic ',
  'Digest ',
  '',
  'Bearer',
  'Bearer  ',
  'Bearer\t',
  'Token ',
  'Bearer Bearer ',
];

/** Claims and headers that a library may be led astray by (RFC 8725). */
function forged(draw: Draw): string {
  const header = draw.pick([
    '{"alg":"none"}',
    '{"alg":"None","typ":"JWT"}',
    '{"alg":"HS256","typ":"at+jwt"}',
    '{"alg":"HS256","kid":"../../../dev/null"}',
    '{"alg":"HS256","kid":{"toString":1}}',
    '{"alg":"RS256","jwk":{"kty":"oct","k":""}}',
    '{"alg":"HS256","crit":["exp"],"exp":1}',
    '{"alg":"HS256","b64":false,"crit":["b64"]}',
    '{"alg":"EdDSA","kid":"x"}',
    '{"alg":["HS256"]}',
    '{"alg":"HS256","zip":"DEF"}',
    '{}',
    '[]',
    'null',
    'x',
  ]);
  const payload = draw.pick([
    '{"sub":"1","exp":1e99}',
    '{"sub":{"$ne":null},"exp":99999999999}',
    '{"identity":1,"type":"access","jti":"x","fresh":false,"iat":0,"nbf":0,"exp":99999999999}',
    '{"username":"\\u0000","exp":99999999999}',
    '{"public_id":null}',
    '{"exp":"soon"}',
    '{"exp":-1}',
    hostileJson(draw).slice(0, 8_000),
  ]);
  const input = `${encode(header)}.${encode(payload)}`;
  const signature = draw.pick(['', 'AA', createHmac('sha256', '').update(input).digest('base64url'), 'a'.repeat(86)]);
  return `${input}.${signature}`;
}

function mutated(token: string, draw: Draw): string {
  const at = draw.int(token.length + 1);
  return draw.pick([
    () => `${token}=`,
    () => `${token}.`,
    () => `.${token}`,
    () => token.slice(0, at),
    () => `${token.slice(0, at)}${draw.pick(['A', '_', '/', '+', '%00', '\u00ff', ' '])}${token.slice(at + 1)}`,
    () => token.split('.').reverse().join('.'),
    () => token.split('.').slice(0, 2).join('.'),
    () => `${token}.${token}`,
    () => `${token},${token}`,
    () => token.toUpperCase(),
    () => token.replaceAll('.', '..'),
    () => 'a.'.repeat(draw.pick([3, 1_000, 5_000])),
    () => forged(draw),
    () => '',
    () => 'undefined',
    () => '\u00e9\u00ff',
    () => `"${token}"`,
  ])();
}

function hostileCredentials(draw: Draw, target: Target, own: readonly Header[]): readonly Header[] {
  const [name, value] = own[0] ?? ['Authorization', 'Bearer a.b.c'];
  const actors = target.actors();
  const token = (actors.length > 0 && draw.pick(actors).accessToken) || value;
  return draw.weighted<() => readonly Header[]>([
    [6, () => [[name, `${name === 'Authorization' ? 'Bearer ' : ''}${mutated(token, draw)}`]]],
    [2, () => [[name, `${draw.pick(SCHEMES)}${token}`]]],
    [1, () => [...own, ...own]],
    [1, () => [...own, [name, '']]],
    [1, () => [[name, '']]],
    [1, () => []],
    [1, () => [['Cookie', `token=${token}; access_token=${token}`]]],
    [
      2,
      () => [
        [
          'Authorization',
          `Basic ${draw.pick([
            '',
            '=',
            '!!!',
            encode(':'),
            encode('\0:\0'),
            Buffer.from([0xff, 0x3a, 0xfe]).toString('base64'),
            encode(`${'u'.repeat(3_000)}:x`),
            encode('__proto__:x'),
            encode('a:b:c'),
            encode('no colon'),
          ])}`,
        ],
      ],
    ],
  ])();
}

/** Credentials that are mutated, forged, of another scheme, sent twice or elsewhere. */
export const tokens: Attack = (draw, target) => {
  const operation = anyOperation(draw, target, ({ security }) => security.length > 0);
  const own = credentialsFor(operation, draw, target);
  const message = fittingRequest(operation, draw, target);
  const rest = message.headers.filter(([name]) => name === 'Content-Type');
  return oneRequest(
    'token',
    { ...message, headers: [HOST, requestId(draw), ...hostileCredentials(draw, target, own), ...rest] },
    { operation, also: [400] },
  );
};
