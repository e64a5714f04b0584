import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { METHODS } from '../cors.ts';
import { clientErrorStatus, lastMessage, type PresentClientError } from './client-error.ts';
import { type Connection, connectionOn, type Handle, type WaitingRequests } from './connection.ts';
import { refusalsTo, type ServerLog } from './refusals.ts';

/** Times in milliseconds, sizes in bytes. */
export interface ServerLimits {
  /** From the start of a request, or of its connection, to the end of the headers (Slowloris): then 408. */
  readonly headersTimeoutMs: number;
  /** From there to the end of the body: then 408. */
  readonly requestTimeoutMs: number;
  /** How long an idle connection is kept, as clients are told; Node keeps it for a second more. */
  readonly keepAliveTimeoutMs: number;
  /** How long a connection may pass no byte while a request is under way, as to a client that does not read its answer. */
  readonly stallTimeoutMs: number;
  /** Request line and headers together: then 431. */
  readonly maxHeaderBytes: number;
  /** Connections at a time; one more is answered with 503 and ended. */
  readonly maxConnections: number;
  /**
   * Requests that wait behind others on their connection, on all connections together; the connection that brings one more is ended
   * after those that wait on it. Node parses all that comes in one piece: up to some 2,000 requests, of a few kB of memory each.
   */
  readonly maxWaitingRequests: number;
}

export const SERVER_LIMITS: ServerLimits = {
  headersTimeoutMs: 15_000,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 5_000,
  stallTimeoutMs: 60_000,
  maxHeaderBytes: 16_384,
  maxConnections: 1_000,
  maxWaitingRequests: 4_000,
};

export interface StopOptions {
  /**
   * How long connections are still accepted after the stop was asked for: a balancer needs a moment to see that this node
   * is not ready any more. A connection on which nothing was sent yet has as long to begin.
   */
  readonly drainDelayMs: number;
  /** How long requests under way may take to finish after that. */
  readonly graceMs: number;
}

export const STOP_OPTIONS: StopOptions = { drainDelayMs: 300, graceMs: 10_000 };

export interface ServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly limits?: Partial<ServerLimits>;
  readonly presentClientError: PresentClientError;
  /** Is told of what was refused before routing. */
  readonly log?: ServerLog;
}

export interface RunningServer {
  readonly host: string;
  readonly port: number;
  /** True from the moment that a stop was asked for. */
  readonly draining: () => boolean;
  /** Stops gracefully, in bounded time; a second call waits for the same stop. */
  readonly stop: (options?: Partial<StopOptions>) => Promise<void>;
}

/** Timeouts hold to about this much; Node looks only so often. */
const CHECK_INTERVAL_MS = 1_000;
/** For how long nobody may have come when the listener is closed, and how long that is waited for. */
const QUIET_MS = 10;
const LAST_CALL_MS = 1_000;

/**
 * Listens and serves `handle` (a Koa application's `callback()`).
 * @throws the system's error, with its `code`, where the address cannot be listened on.
 */
export async function startServer(
  handle: Handle,
  { host, port, presentClientError, log, ...options }: ServerOptions,
): Promise<RunningServer> {
  const limits = { ...SERVER_LIMITS, ...options.limits };
  const connections = new Map<Socket, Connection>();
  const refusals = refusalsTo(log);
  const waiting: WaitingRequests = { count: 0, maximum: limits.maxWaitingRequests };
  let accepted = 0;
  let held: (() => unknown)[] | undefined;
  let stopping: Promise<void> | undefined;

  const draining = (): boolean => stopping !== undefined;

  const server = createServer({
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    maxHeaderSize: limits.maxHeaderBytes,
    connectionsCheckingInterval: Math.min(CHECK_INTERVAL_MS, limits.headersTimeoutMs),
    // Refused in the service's words instead.
    requireHostHeader: false,
  });
  server.timeout = limits.stallTimeoutMs;
  // Node drops headers past the 2000th in silence, a second Authorization among them; their bytes are bounded anyway.
  server.maxHeadersCount = 0;

  function take(request: IncomingMessage, response: ServerResponse): void {
    connections.get(request.socket)?.take(request, response);
  }

  function handleOrHold(request: IncomingMessage, response: ServerResponse): void {
    if (held) held.push(() => handle(request, response));
    else handle(request, response);
  }

  server.on('connection', (socket: Socket) => {
    accepted += 1;
    if (connections.size >= limits.maxConnections) {
      refusals.note(503);
      socket.end(lastMessage(503, presentClientError(503), { 'Retry-After': '1' }), () => socket.destroy());
      return;
    }
    connections.set(
      socket,
      connectionOn(socket, { presentClientError, handle: handleOrHold, waiting, draining, refused: refusals.note }),
    );
    socket.once('close', () => connections.delete(socket));
  });
  server.on('request', take);
  // An expectation that nobody knows may be ignored (RFC 9110 §10.1.1); Node's own answer has no body.
  server.on('checkExpectation', take);
  // A tunnel, which no resource here is (RFC 9110 §9.3.6). Node has let go of the socket: its faults and its standstill are ours.
  server.on('connect', (_request, stream) => {
    const socket = stream as Socket;
    socket.on('error', () => socket.destroy());
    socket.setTimeout(limits.stallTimeoutMs, () => socket.destroy());
    // What is not read would reset the connection behind the answer.
    socket.resume();
    connections.get(socket)?.refuse(405, { Allow: METHODS });
  });
  server.on('clientError', ({ code }: NodeJS.ErrnoException, stream) => {
    const status = clientErrorStatus(code);
    const connection = connections.get(stream as Socket);
    if (status !== undefined && connection) connection.refuse(status);
    else stream.destroy();
  });

  /**
   * Closing the listener resets every connection that waits to be accepted, and a turn of the event loop accepts just one.
   * So it goes when none has come for a moment. Answers are held back meanwhile: a busy client that has its own comes again
   * at once.
   */
  async function stopListening(): Promise<void> {
    const waiting: (() => unknown)[] = [];
    held = waiting;
    const latest = performance.now() + LAST_CALL_MS;
    let before: number;
    do {
      before = accepted;
      await delay(QUIET_MS);
    } while (accepted > before && performance.now() < latest);
    await turn();
    // Ends the connections that are idle between two requests, too.
    server.close();
    held = undefined;
    for (const answer of waiting) answer();
  }

  async function stopServer({ drainDelayMs, graceMs }: StopOptions): Promise<void> {
    for (const { announceEnd } of connections.values()) announceEnd();
    await delay(drainDelayMs);
    const closed = new Promise((resolve) => server.once('close', resolve));
    await stopListening();
    for (const { endWhenDone } of connections.values()) endWhenDone(drainDelayMs);
    // Node no longer checks timeouts once it is closing: whoever is slower than the grace is cut off here.
    const grace = setTimeout(() => {
      for (const { destroy } of connections.values()) destroy();
    }, graceMs);
    await closed;
    clearTimeout(grace);
    refusals.end();
  }

  await listen(server, host, port);
  const address = server.address() as AddressInfo;
  return {
    host: address.address,
    port: address.port,
    draining,
    stop: (stopOptions) => {
      stopping ??= stopServer({ ...STOP_OPTIONS, ...stopOptions });
      return stopping;
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
