import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that is measured, in a process of its own. */
export interface Contender {
  /** Without a closing slash. */
  readonly url: string;
  /** One of each user. */
  readonly tokens: readonly string[];
}

/** A request that is measured; each contender answers all of them. */
export const SCENARIOS = {
  user: '/api/v1/auth/user',
  list: '/api/v1/widgets?page=1&per_page=10',
} as const;
export type Scenario = keyof typeof SCENARIOS;

/** Listens on a free port. */
export async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
