import { connect, type Socket } from 'node:net';

/** How a connection went, seen by the client: what came, and whether it ended in order or by a reset. */
export interface Ending {
  readonly received: string;
  readonly reset: boolean;
}

export interface RawConnection {
  readonly socket: Socket;
  readonly write: (text: string) => void;
  /** Resolves with all that has come so far as soon as `part` is in it; rejects where the connection ends before. */
  readonly until: (part: string) => Promise<string>;
  readonly ended: Promise<Ending>;
}

/** A client that sends bytes and no more: what no HTTP client would let us send. */
export async function rawConnection(port: number): Promise<RawConnection> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: false });
  let received = '';
  let fault: NodeJS.ErrnoException | undefined;
  const watchers = new Set<() => void>();
  socket.on('data', (bytes: Buffer) => {
    received += bytes.toString('latin1');
    for (const watch of watchers) watch();
  });
  const ended = new Promise<Ending>((resolve) => {
    socket.on('error', (error) => {
      fault = error;
    });
    socket.on('close', () => resolve({ received, reset: fault !== undefined }));
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return {
    socket,
    write: (text) => {
      socket.write(text);
    },
    until: (part) =>
      new Promise((resolve, reject) => {
        const watch = (): void => {
          if (!received.includes(part)) return;
          watchers.delete(watch);
          resolve(received);
        };
        watchers.add(watch);
        watch();
        void ended.then(() => reject(new Error(`the connection ended before ${part}: ${received}`)));
      }),
    ended,
  };
}
