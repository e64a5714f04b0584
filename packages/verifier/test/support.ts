import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHEAP_HASHING, programAt } from '@portcullis/testing';
import type { VerifierOptions } from '@portcullis/verifier';

const { startServerProcess, runCli } = programAt(new URL('../../../apps/api/dist/main.js', import.meta.url));

export const CLIENT = { clientId: 'reports', clientSecret: 'the.secret_of~the-reports.service' };
const PASSWORD = 'a gate of iron bars';

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

/** A service that issues tokens, as it ships. */
export interface Issuer {
  readonly url: string;
  readonly options: Required<Pick<VerifierOptions, 'issuer' | 'audience' | 'jwksUrl' | 'introspection'>>;
  register(email: string): Promise<Tokens>;
  logIn(email: string): Promise<Tokens>;
  post(path: string, token?: string, form?: Readonly<Record<string, string>>): Promise<Response>;
  cli(...args: string[]): Promise<string>;
  stop(): Promise<unknown>;
  close(): Promise<void>;
}

export async function startIssuer(settings: Readonly<Record<string, string>> = {}): Promise<Issuer> {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-verifier-'));
  const environment = {
    ...{ APP_ENV: 'testing', ACCESS_TOKEN_LIFETIME_SECONDS: '600', DATA_DIR: folder, TOKEN_ALGORITHM: 'EdDSA' },
    CLIENTS: `${CLIENT.clientId}:${CLIENT.clientSecret}`,
    ...CHEAP_HASHING,
    ...settings,
  };
  const server = await startServerProcess(environment);
  const base = `${server.url}/api/v1`;
  const post: Issuer['post'] = (path, token, form = {}) =>
    fetch(`${base}${path}`, {
      method: 'POST',
      headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
      body: new URLSearchParams(form),
    });
  const tokens = async (path: string, email: string): Promise<Tokens> =>
    (await (await post(path, undefined, { email, password: PASSWORD })).json()) as Tokens;
  let stopped: Promise<unknown> | undefined;
  const stop = () => {
    stopped ??= server.stop('SIGTERM');
    return stopped;
  };
  return {
    ...{ url: base, post, stop },
    options: {
      ...{ issuer: 'portcullis', audience: 'portcullis-api' },
      jwksUrl: `${server.url}/.well-known/jwks.json`,
      introspection: { url: `${base}/auth/introspect`, ...CLIENT },
    },
    register: (email) => tokens('/auth/register', email),
    logIn: (email) => tokens('/auth/login', email),
    async cli(...args) {
      const { code, stdout, stderr } = await runCli(args, environment);
      if (code !== 0) throw new Error(stderr);
      return stdout;
    },
    async close() {
      await stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/** @returns where it listens, and how it ends */
export async function listen(listener: RequestListener): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
