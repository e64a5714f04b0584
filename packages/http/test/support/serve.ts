import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import { type RunningServer, type ServerLimits, startServer } from '@portcullis/http';

export type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

/** A server on a free port that is gone after the test. */
export async function serve(
  t: TestContext,
  listener: Listener,
  limits: Partial<ServerLimits> = {},
): Promise<RunningServer> {
  const server = await startServer(listener, {
    host: '127.0.0.1',
    port: 0,
    limits,
    presentClientError: (status) => ({ message: `refusé: ${status}` }),
  });
  t.after(() => server.stop({ drainDelayMs: 0, graceMs: 0 }));
  return server;
}
