import { isIPv6 } from 'node:net';
import type { Settings } from './schema.ts';

/** An address that is listened on. */
export interface Listening {
  readonly host: string;
  readonly port: number;
}

/** Addresses that listen on every interface; nobody can be reached at them. */
const EVERY_INTERFACE = new Set(['0.0.0.0', '::']);

/** The URL of an address that is listened on, without a closing slash. */
export function urlOf({ host, port }: Listening): string {
  if (EVERY_INTERFACE.has(host)) return `http://localhost:${port}`;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/** What clients know the service by, without a closing slash. */
export const publicUrlOf = ({ PUBLIC_URL }: Settings, listening: Listening): string =>
  PUBLIC_URL === undefined ? urlOf(listening) : new URL(PUBLIC_URL).origin;
