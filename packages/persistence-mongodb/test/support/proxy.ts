import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * What lies between a client and its server.
 * `open` passes everything on, `cut` ends every connection and every new one, `hanging` keeps what it is sent, and the end of
 * a connection, until it is open again, `slow` keeps each answer for half a minute, `halving` ends a connection amid its answer.
 */
export type Condition = 'open' | 'cut' | 'hanging' | 'slow' | 'halving';

const SLOW_MILLISECONDS = 30_000;

/** Whether, and when, it came to what was asked for. */
export interface Stop {
  isStopped(): boolean;
  readonly whenStopped: Promise<void>;
}

export interface TcpProxy {
  readonly host: string;
  become(condition: Condition): void;
  /** Becomes so just before it would pass on the `nth` message, from 1, that has `text` in it. */
  becomeBefore(text: string, nth: number, condition: Condition): Stop;
  /** Ends the next connection that sends `text`, once the server has it: its answer is lost. */
  loseAnswerTo(text: string): () => boolean;
  /** Resolves once every client is gone and the server has had all that they sent. */
  drained(): Promise<void>;
  close(): Promise<void>;
}

export async function proxyTo(port: number): Promise<TcpProxy> {
  let condition: Condition = 'open';
  const sockets = new Set<Socket>();
  let kept: (() => void)[] = [];
  /** Looks at each message of a client; true where its answer is to be lost. */
  let watch = (_message: Buffer): boolean => false;

  function become(next: Condition): void {
    condition = next;
    if (next === 'cut') for (const socket of sockets) socket.destroy();
    if (next !== 'open') return;
    for (const deliver of kept) deliver();
    kept = [];
  }

  function passAnswer(client: Socket, chunk: Buffer): void {
    const deliver = (data: Buffer): unknown => client.writable && client.write(data);
    if (condition === 'hanging') kept.push(() => deliver(chunk));
    else if (condition === 'slow') setTimeout(deliver, SLOW_MILLISECONDS, chunk).unref();
    else if (condition === 'halving') client.end(chunk.subarray(0, chunk.length / 2));
    else deliver(chunk);
  }

  const server = createServer((client) => {
    if (condition === 'cut') {
      client.destroy();
      return;
    }
    const upstream = connect(port, '127.0.0.1');
    let isLost = false;
    client.on('data', (chunk) => {
      isLost = watch(chunk) || isLost;
      if (condition === 'hanging') kept.push(() => upstream.write(chunk));
      else upstream.write(chunk);
    });
    // Ended and not destroyed, which would take back what is under way.
    client.on('close', () => {
      if (condition === 'hanging') kept.push(() => upstream.end());
      else upstream.end();
    });
    upstream.on('data', (chunk) => {
      if (isLost) client.destroy();
      // A stream of answers (exhaust) would go on as long as somebody takes them.
      else if (client.destroyed) upstream.destroy();
      else passAnswer(client, chunk);
    });
    upstream.on('close', () => client.destroy());
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    become,
    becomeBefore(text, nth, next) {
      let seen = 0;
      const whenStopped = new Promise<void>((resolve) => {
        watch = (message) => {
          if (message.includes(text)) {
            seen += 1;
            if (seen === nth) {
              become(next);
              resolve();
            }
          }
          return false;
        };
      });
      return { isStopped: () => seen >= nth, whenStopped };
    },
    loseAnswerTo(text) {
      let isLost = false;
      watch = (message) => {
        if (isLost || !message.includes(text)) return false;
        isLost = true;
        return true;
      };
      return () => isLost;
    },
    async drained() {
      // Not by `once` of node:events, which rejects on an error; here a reset is an end like any other.
      const ended = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once('close', () => resolve()));
      while (sockets.size > 0) await Promise.all([...sockets].map(ended));
    },
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
