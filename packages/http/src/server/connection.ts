import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { lastAnswer, lastMessage, type PresentClientError } from './client-error.ts';

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** One connection and what is under way on it; Node keeps the same account, but shows none of it. */
export interface Connection {
  /** Answers false where the request must not be processed, since its answer could not be sent any more. */
  readonly take: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Refuses what can't be read, or came too late: in the place of its response, in order, or not at all. */
  readonly refuse: (status: number) => void;
  /** Lets the latest request under way be the last one, and says so in its response (RFC 9112 §9.6). */
  readonly announceEnd: () => void;
  /** Ends the connection as soon as nothing is under way on it. A silent one may begin until it is `settleMs` old. */
  readonly endWhenDone: (settleMs: number) => void;
  readonly destroy: () => void;
}

/** A client that is still sending would get a reset, and lose the answer, if the socket were closed behind it. */
const LINGER_MS = 1_000;

export function connectionOn(socket: Socket, presentClientError: PresentClientError): Connection {
  // In the order of the requests: a client that pipelines has several.
  const underWay = new Set<Exchange>();
  const openedAt = performance.now();
  let latest: Exchange | undefined;
  let ending = false;
  let refused = false;
  let statusOwed: number | undefined;
  let unwanted = false;

  function answerBare(status: number): void {
    // A connection that was opened ahead of need, as browsers do, has asked nothing.
    if (!socket.writable || socket.bytesRead === 0) {
      socket.destroy();
      return;
    }
    socket.end(lastMessage(status, presentClientError(status)));
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
    const { headers, body } = lastAnswer(presentClientError(status));
    response.writeHead(status, headers);
    response.end(body);
  }

  function done(exchange: Exchange): void {
    underWay.delete(exchange);
    if (underWay.size > 0) return;
    if (statusOwed !== undefined) answerBare(statusOwed);
    else if (unwanted) socket.destroySoon();
  }

  return {
    take(request, response) {
      if (ending) return false;
      const exchange = { request, response };
      latest = exchange;
      underWay.add(exchange);
      response.once('close', () => done(exchange));
      // RFC 9112 §3.2. Node would answer it, too, but without a body.
      if (request.headers.host !== undefined || request.httpVersion !== '1.1') return true;
      answerAs(response, 400);
      return false;
    },

    refuse(status) {
      // The parser complains of every further byte, too.
      if (refused) return;
      refused = true;
      ending = true;
      if (latest && !latest.request.complete) {
        // What can't be read is the body of a request that has its response.
        if (latest.response.headersSent) socket.destroy();
        else answerAs(latest.response, status);
      } else if (underWay.size > 0) statusOwed = status;
      else answerBare(status);
    },

    announceEnd() {
      if (!latest || !underWay.has(latest) || latest.response.headersSent) return;
      // Not a header, which an error handler would take away again.
      latest.response.shouldKeepAlive = false;
      ending = true;
    },

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
