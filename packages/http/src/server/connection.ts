import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { lastAnswer, lastMessage, type PresentClientError } from './client-error.ts';

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Handles a request that is due. */
export type Handle = (request: IncomingMessage, response: ServerResponse) => unknown;

/** How many requests wait behind others, on all connections together. */
export interface WaitingRequests {
  count: number;
  readonly maximum: number;
}

/** One connection and what is under way on it; Node keeps the same account, but shows none of it. */
export interface Connection {
  /**
   * Has the request handled as soon as the answers to those before it are written. Until then nothing more is read, so that a client
   * that pipelines without reading has one answer of the process's memory. A request is not handled if its answer could not be sent.
   */
  readonly take: (request: IncomingMessage, response: ServerResponse) => void;
  /** Refuses what can't be read, came too late, or is no request for an answer: in the place of its response, in order, or not at all. */
  readonly refuse: (status: number, headers?: Readonly<Record<string, string>>) => void;
  /** Lets the latest request under way be the last one, and says so in its response (RFC 9112 §9.6). */
  readonly announceEnd: () => void;
  /** Ends the connection as soon as nothing is under way on it. A silent one may begin until it is `settleMs` old. */
  readonly endWhenDone: (settleMs: number) => void;
  readonly destroy: () => void;
}

export interface ConnectionOptions {
  readonly presentClientError: PresentClientError;
  readonly handle: Handle;
  readonly waiting: WaitingRequests;
  /** Is told of each refusal that an answer was written for, by its status. */
  readonly refused: (status: number) => void;
  /** Whether each answer is to be the last one of its connection. */
  readonly draining: () => boolean;
}

/** A client that is still sending would get a reset, and lose the answer, if the socket were closed behind it. */
const LINGER_MS = 1_000;

/**
 * No other protocol is spoken here, so the request is handled as any other (RFC 9110 §7.8). But Node's parser drops what came behind it
 * in the same piece, without a word: its answer has to be the last one.
 */
const asksForUpgrade = ({ headers }: IncomingMessage): boolean =>
  headers.upgrade !== undefined && /\bupgrade\b/i.test(headers.connection ?? '');

export function connectionOn(
  socket: Socket,
  { presentClientError, handle, waiting, draining, refused: noteRefusal }: ConnectionOptions,
): Connection {
  // In the order of the requests: a client that pipelines has several.
  const underWay = new Set<Exchange>();
  // Those among them that are not handled yet: what came in one piece is parsed in one go, however much it is.
  const held: Exchange[] = [];
  const openedAt = performance.now();
  let latest: Exchange | undefined;
  let ending = false;
  let refused = false;
  let owed: (() => void) | undefined;
  let unwanted = false;
  // It brought more than may wait: nothing more is read of it.
  let cutOff = false;

  function answerBare(status: number, more?: Readonly<Record<string, string>>): void {
    // A connection that was opened ahead of need, as browsers do, has asked nothing.
    if (!socket.writable || socket.bytesRead === 0) {
      socket.destroy();
      return;
    }
    noteRefusal(status);
    socket.end(lastMessage(status, presentClientError(status), more));
    linger();
  }

  function linger(): void {
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  }

  const destroySoon = socket.destroySoon.bind(socket);
  // Node closes with it behind a last answer, also where the body is still on its way, as after a 413.
  socket.destroySoon = () => {
    // Not where the body was refused: it would complete, and be processed after all.
    if (refused || !latest || latest.request.complete) {
      destroySoon();
      return;
    }
    socket.end();
    latest.request.resume();
    linger();
  };

  function answerAs(response: ServerResponse, status: number): void {
    ending = true;
    noteRefusal(status);
    const { headers, body } = lastAnswer(presentClientError(status));
    // With its own phrase: Koa may have set that of another status.
    response.writeHead(status, STATUS_CODES[status], headers);
    response.end(body);
  }

  function hold(exchange: Exchange): void {
    held.push(exchange);
    waiting.count += 1;
    socket.pause();
  }

  // Node resumes the socket for reasons of its own, such as a body that is read.
  socket.on('resume', () => {
    if (held.length > 0 || cutOff) socket.pause();
  });

  /** Has a request that waits never handled. */
  function release(exchange: Exchange): void {
    const at = held.indexOf(exchange);
    if (at === -1) return;
    held.splice(at, 1);
    waiting.count -= 1;
  }

  function handleNext(): void {
    if (socket.destroyed) return;
    const next = held.shift();
    if (!next) return;
    waiting.count -= 1;
    if (held.length === 0 && !cutOff) socket.resume();
    handle(next.request, next.response);
  }

  socket.once('close', () => {
    waiting.count -= held.length;
    held.length = 0;
  });

  function done(exchange: Exchange): void {
    underWay.delete(exchange);
    // In another turn of the event loop: many requests that came in one piece would else be handled before anybody else's.
    if (held.length > 0) setImmediate(handleNext);
    if (underWay.size > 0) return;
    if (owed) owed();
    else if (unwanted) socket.destroySoon();
  }

  function announceEnd(): void {
    if (!latest || !underWay.has(latest) || latest.response.headersSent) return;
    // Not a header, which an error handler would take away again.
    latest.response.shouldKeepAlive = false;
    ending = true;
  }

  return {
    take(request, response) {
      if (ending) return;
      if (underWay.size > 0 && waiting.count >= waiting.maximum) {
        announceEnd();
        ending = true;
        unwanted = true;
        cutOff = true;
        noteRefusal(503);
        socket.pause();
        return;
      }
      const exchange = { request, response };
      latest = exchange;
      underWay.add(exchange);
      response.once('close', () => done(exchange));
      if (draining() || asksForUpgrade(request)) announceEnd();
      // RFC 9112 §3.2. Node would answer it, too, but without a body.
      if (request.headers.host === undefined && request.httpVersion === '1.1') answerAs(response, 400);
      else if (underWay.size > 1) hold(exchange);
      else handle(request, response);
    },

    refuse(status, headers) {
      // The parser complains of every further byte, too.
      if (refused) return;
      refused = true;
      ending = true;
      if (latest && !latest.request.complete) {
        // What can't be read is the body of a request that has its response.
        if (latest.response.headersSent) socket.destroy();
        else {
          release(latest);
          answerAs(latest.response, status);
        }
      } else if (underWay.size > 0) owed = () => answerBare(status, headers);
      else answerBare(status, headers);
    },

    announceEnd,

    endWhenDone(settleMs) {
      unwanted = true;
      if (socket.bytesRead > 0) return;
      const endSilent = () => {
        if (socket.bytesRead === 0) socket.destroy();
      };
      setTimeout(endSilent, openedAt + settleMs - performance.now()).unref();
    },

    destroy: () => socket.destroy(),
  };
}
