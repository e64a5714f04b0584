import type { Operation } from '../openapi/document.ts';
import type { Draw } from '../random.ts';
import { type Message, utf8 } from '../wire/message.ts';
import {
  credentialsFor,
  encoded,
  type Fields,
  type FieldValue,
  fittingFields,
  fittingRequest,
  HOST,
  pathOf,
  percentEncoded,
  requestId,
} from './requests.ts';
import { type Attack, oneRequest, type Target } from './shot.ts';
import { HOSTILE_NAMES, hostileJson, hostileText } from './texts.ts';

/** Operations that change what the fuzzer itself needs are rarer, so that it is not locked out most of the time. */
const ENDING =
  /^(?:logOut|logOutAll|logout.*|endSession.*|removeUser|removeOwn.*|revoke.*|deleteUser|removeCurrentUser)$/i;

/** @throws TypeError where no operation has what is asked for */
export const anyOperation = (draw: Draw, { document }: Target, has: (operation: Operation) => boolean = () => true) =>
  draw.weighted(
    document.operations.filter(has).map((operation) => [ENDING.test(operation.id) ? 0.2 : 1, operation] as const),
  );

const hasBody = ({ bodies }: Operation): boolean => bodies.size > 0;
const hasParameters = ({ pathParameters, queryParameters }: Operation): boolean =>
  pathParameters.length + queryParameters.size > 0;

/** A request that is right in every way. */
export const valid: Attack = (draw, target) => {
  const operation = anyOperation(draw, target);
  return oneRequest('valid', fittingRequest(operation, draw, target), { operation });
};

const hostileValue = (draw: Draw): FieldValue =>
  draw.chance(0.5) ? { text: hostileText(draw) } : { json: hostileJson(draw) };

/** One thing about the fields is wrong. */
function spoil(fields: Fields, draw: Draw): Fields {
  const at = draw.int(Math.max(fields.length, 1));
  const [name, value] = fields[at] ?? ['', { text: '' }];
  const replaced = (field: Fields[number]): Fields => fields.with(at, field);
  return draw.weighted<() => Fields>([
    [10, () => (fields.length > 0 ? replaced([name, hostileValue(draw)]) : fields)],
    [2, () => fields.toSpliced(at, 1)],
    [2, () => [...fields, [name, draw.chance(0.5) ? value : hostileValue(draw)]]],
    [2, () => [...fields, [draw.pick(HOSTILE_NAMES), hostileValue(draw)]]],
    [1, () => (fields.length > 0 ? replaced([draw.pick(HOSTILE_NAMES), value]) : fields)],
    [
      1,
      () => (fields.length > 0 ? replaced([`${name}${draw.pick(['[]', '[$ne]', '\0', ' ', '.a'])}`, value]) : fields),
    ],
    [1, () => [...fields, [hostileText(draw), { text: 'x' }]]],
    [0.3, () => Array.from({ length: 3_000 }, (_, n) => [`${name}${n}`, { text: 'x' }] as const)],
  ])();
}

/** A request whose fields are wrong: other types, texts that break programs, names that mean something. */
export const fields: Attack = (draw, target) => {
  const operation = anyOperation(draw, target, hasBody);
  const [mediaType, schema] = draw.pick([...operation.bodies]);
  let sent = fittingFields(schema, draw, target);
  for (let left = 1 + draw.int(3); left > 0; left -= 1) sent = spoil(sent, draw);
  const { contentType, body } = encoded(sent, mediaType);
  const message: Message = {
    method: operation.method,
    target: utf8(pathOf(operation, draw, target)),
    headers: [HOST, requestId(draw), ...credentialsFor(operation, draw, target), ['Content-Type', contentType]],
    body,
  };
  return oneRequest(`fields/${mediaType}`, message, { operation });
};

/** Parameters of path and query that are wrong. What the router does not take for this path is a 404 or a 405. */
export const parameters: Attack = (draw, target) => {
  const operation = anyOperation(draw, target, hasParameters);
  const path = pathOf(operation, draw, target, (name) =>
    draw.chance(0.2) ? (target.seen(name)[0] ?? '1') : percentEncoded(hostileText(draw)),
  );
  const names = [...operation.queryParameters.keys()];
  const pairs = Array.from({ length: draw.int(4) }, () => {
    const name = names.length > 0 && draw.chance(0.8) ? draw.pick(names) : draw.pick(HOSTILE_NAMES);
    return draw.chance(0.8) ? `${percentEncoded(name)}=${percentEncoded(hostileText(draw))}` : draw.pick(RAW_QUERIES);
  });
  const right = fittingRequest(operation, draw, target);
  const message = {
    ...right,
    target: utf8(`${path}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`).slice(0, 15_000),
  };
  return oneRequest('parameters', message, { operation, also: [400, 404, 405, 413, 431] });
};

const RAW_QUERIES: readonly string[] = [
  '',
  '&&&',
  '=',
  '?',
  '%',
  '%zz',
  '%ff=%ff',
  '%00',
  'page=1&page=2',
  'page[]=1',
  'a=b;c=d',
  '+',
];
