import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** Times in milliseconds, sizes in bytes. */
export interface ServerLimits {
  /** From the connection to the end of the headers (Slowloris). */
  readonly headersTimeoutMs: number;
  /** From the connection to the end of the body. */
  readonly requestTimeoutMs: number;
  /** How long an idle connection is kept. */
  readonly keepAliveTimeoutMs: number;
  readonly maxHeaderBytes: number;
}

export const SERVER_LIMITS: ServerLimits = {
  headersTimeoutMs: 15_000,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 5_000,
  maxHeaderBytes: 16_384,
};

export interface StopOptions {
  /**
   * How long connections are still accepted after the stop was asked for: those that the kernel has accepted already would
   * otherwise be reset, and a balancer needs a moment to see that this node is not ready any more.
   */
  readonly drainDelayMs: number;
  /** How long requests under way may take to finish. */
  readonly graceMs: number;
}

export const STOP_OPTIONS: StopOptions = { drainDelayMs: 300, graceMs: 10_000 };

export interface ServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly limits?: Partial<ServerLimits>;
  /** The JSON body of an answer to what is no request at all: 400, 408 or 431. */
  readonly presentClientError: (status: number) => unknown;
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

/**
 * Listens and serves `handle` (a Koa application's `callback()`).
 * @throws the system's error, with its `code`, where the address cannot be listened on.
 */
export async function startServer(
  handle: (request: IncomingMessage, response: ServerResponse) => unknown,
  { host, port, presentClientError, ...options }: ServerOptions,
): Promise<RunningServer> {
  const limits = { ...SERVER_LIMITS, ...options.limits };
  const server = createServer(
    {
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: limits.keepAliveTimeoutMs,
      maxHeaderSize: limits.maxHeaderBytes,
      connectionsCheckingInterval: Math.min(CHECK_INTERVAL_MS, limits.headersTimeoutMs),
    },
    handle,
  );
  // Node answers with a status line alone.
  server.on('clientError', (fault: NodeJS.ErrnoException, socket: Socket) => {
    answerClientError(fault, socket, presentClientError);
  });
  const connections = trackConnections(server);
  await listen(server, host, port);

  let stopping: Promise<void> | undefined;
  const address = server.address() as AddressInfo;
  return {
    host: address.address,
    port: address.port,
    draining: () => stopping !== undefined,
    stop: (stopOptions) => {
      stopping ??= stopServer(server, connections, { ...STOP_OPTIONS, ...stopOptions });
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

const CLIENT_ERRORS: Readonly<Record<string, readonly [status: number, phrase: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
};

function answerClientError(
  fault: NodeJS.ErrnoException,
  socket: Socket & { readonly _httpMessage?: ServerResponse | null },
  present: ServerOptions['presentClientError'],
): void {
  // Nobody is there any more, or an answer is under way that a second one would corrupt.
  if (fault.code === 'ECONNRESET' || !socket.writable || socket._httpMessage?.headersSent) {
    socket.destroy();
    return;
  }
  const [status, phrase] = CLIENT_ERRORS[fault.code ?? ''] ?? [400, 'Bad Request'];
  const body = JSON.stringify(present(status));
  socket.end(
    [
      `HTTP/1.1 ${status} ${phrase}`,
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

interface Connections {
  /** From now on no connection outlives its answer. */
  drain(): void;
  /** Those that never sent a byte: Node takes them for busy and would wait for them. */
  destroySilent(): void;
  destroyAll(): void;
}

/** Which connections there are, and how many requests of each are under way. */
function trackConnections(server: Server): Connections {
  const busy = new Map<Socket, number>();
  let draining = false;

  server.on('connection', (socket: Socket) => {
    busy.set(socket, 0);
    socket.once('close', () => busy.delete(socket));
  });
  // Ahead of the handler, so that it sees the header set.
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    busy.set(socket, (busy.get(socket) ?? 0) + 1);
    if (draining) response.setHeader('Connection', 'close');
    response.once('close', () => {
      if (!busy.has(socket)) return;
      busy.set(socket, (busy.get(socket) ?? 1) - 1);
      if (draining && busy.get(socket) === 0) socket.end();
    });
  });

  return {
    drain: () => {
      draining = true;
    },
    destroySilent: () => {
      for (const socket of busy.keys()) if (socket.bytesRead === 0) socket.destroy();
    },
    destroyAll: () => {
      for (const socket of busy.keys()) socket.destroy();
    },
  };
}

async function stopServer(
  server: Server,
  connections: Connections,
  { drainDelayMs, graceMs }: StopOptions,
): Promise<void> {
  connections.drain();
  await new Promise((resolve) => setTimeout(resolve, drainDelayMs));
  // Ends the connections that are idle between two requests, too.
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  connections.destroySilent();
  // Node no longer checks timeouts once it is closing: whoever is slower than the grace is cut off here.
  const grace = setTimeout(() => connections.destroyAll(), graceMs);
  await closed;
  clearTimeout(grace);
}
