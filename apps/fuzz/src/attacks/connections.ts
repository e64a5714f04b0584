import type { Draw } from '../random.ts';
import { bytesOf, type Message, withHeader } from '../wire/message.ts';
import { anyOperation } from './fields.ts';
import { fittingRequest, HOST } from './requests.ts';
import { type Attack, bytes, type Shot, type Target } from './shot.ts';

const several = (draw: Draw, target: Target, count: number): readonly Message[] =>
  Array.from({ length: count }, () => fittingRequest(anyOperation(draw, target), draw, target));

/** Several requests at once on one connection, each of which has its answer, in order (RFC 9112 §9.3.2). */
export const pipelined: Attack = (draw, target): Shot => {
  const messages = several(draw, target, 2 + draw.int(8));
  const last = messages.length - 1;
  const sent = messages.map((message, n) => bytesOf(n === last ? withHeader(message, 'Connection', 'close') : message));
  const whole = Buffer.concat(sent);
  const cut = draw.int(whole.length);
  return draw.pick([
    (): Shot => ({
      ...bytes('connection/pipelined', whole),
      methods: messages.map(({ method }) => method),
      awaits: 'quiet',
    }),
    (): Shot => ({
      ...bytes('connection/pipelined in two pieces', whole),
      steps: [{ write: whole.subarray(0, cut) }, { pauseMs: 1 }, { write: whole.subarray(cut) }],
      methods: messages.map(({ method }) => method),
    }),
    (): Shot => ({
      ...bytes('connection/pipelined, then half closed', whole),
      steps: [{ write: whole }, { halfClose: true }],
      methods: messages.map(({ method }) => method),
    }),
    (): Shot => ({
      ...bytes('connection/pipelined, then given up', whole),
      steps: [{ write: whole }, { pauseMs: draw.int(3) }, { abort: true }],
      methods: messages.map(({ method }) => method),
    }),
  ])();
};

/** What has the longest answers, asked for again and again by clients that do not read. */
export const deafReaders: Attack = (draw, { document }): Shot => {
  const reads = document.operations.filter(
    ({ method, pathParameters }) => method === 'GET' && pathParameters.length === 0,
  );
  const { path } = draw.pick(reads);
  const request = bytesOf({ method: 'GET', target: path, headers: [HOST] });
  const sent = Buffer.concat(Array<Buffer>(draw.pick([20, 100, 200])).fill(request));
  return {
    ...bytes('connection/deaf', sent),
    steps: [{ write: sent }, { deafMs: 200 }, { abort: true }],
    connections: 8,
  };
};

/** Connections that say nothing, or end before they have said it all. */
export const early: Attack = (draw, target): Shot => {
  const sent = bytesOf(fittingRequest(anyOperation(draw, target), draw, target));
  const cut = draw.int(sent.length);
  return draw.pick([
    (): Shot => ({ ...bytes('connection/silent', sent), steps: [{ pauseMs: 5 }, { abort: true }], connections: 5 }),
    (): Shot => ({
      ...bytes('connection/cut', sent),
      steps: [{ write: sent.subarray(0, cut) }, { halfClose: true }],
      atMost: 1,
    }),
    (): Shot => ({ ...bytes('connection/reset', sent), steps: [{ write: sent.subarray(0, cut) }, { abort: true }] }),
    (): Shot => ({
      ...bytes('connection/byte by byte', sent),
      steps: [...sent.subarray(0, 400)]
        .flatMap((_, at) => [{ write: sent.subarray(at, at + 1) }])
        .concat([{ write: sent.subarray(400) }]),
    }),
  ])();
};

/** A right request with bytes changed, left out, doubled or put in. */
export const noise: Attack = (draw, target): Shot => {
  let sent = bytesOf(fittingRequest(anyOperation(draw, target), draw, target));
  for (let left = 1 + draw.int(5); left > 0; left -= 1) {
    const at = draw.int(sent.length);
    const [before, after] = [sent.subarray(0, at), sent.subarray(at)];
    sent = draw.pick<() => Buffer>([
      () => Buffer.concat([before, Buffer.from([draw.int(256)]), after.subarray(1)]),
      () => Buffer.concat([before, after.subarray(1 + draw.int(8))]),
      () => Buffer.concat([before, draw.bytes(1 + draw.int(8)), after]),
      () => Buffer.concat([sent.subarray(0, at + draw.int(20)), after]),
      () =>
        Buffer.concat([
          before,
          Buffer.from(draw.pick(['\r\n', '\r', '\n', '\0', ' ', ':', '\r\n\r\n', '%', '/']), 'latin1'),
          after,
        ]),
    ])();
  }
  return bytes('noise', sent);
};
