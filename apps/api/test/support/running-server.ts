import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { rawClient } from './client.ts';
import type { Target } from './target.ts';

/** Waiting longer than this for tokens to expire is asked of nobody. */
const PATIENCE_SECONDS = 10;

/**
 * A server that is up, as the environment names it: `CONTRACT_URL`, `CONTRACT_ADMIN_EMAIL`, `CONTRACT_ADMIN_PASSWORD`, and
 * `CONTRACT_PUBLIC_URL` where its public URL is another one.
 */
export async function runningTarget(environment: NodeJS.ProcessEnv): Promise<Target> {
  const { CONTRACT_URL, CONTRACT_ADMIN_EMAIL: email, CONTRACT_ADMIN_PASSWORD: password } = environment;
  assert.ok(CONTRACT_URL, 'CONTRACT_URL must say where the server is, such as http://127.0.0.1:3000');
  assert.ok(email && password, 'CONTRACT_ADMIN_EMAIL and CONTRACT_ADMIN_PASSWORD must name an administrator');
  const baseUrl = new URL(CONTRACT_URL).origin;
  const login = await rawClient(baseUrl)({
    method: 'POST',
    path: '/api/v1/auth/login',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  assert.equal(login.status, 200, `the administrator cannot log in at ${baseUrl}: ${login.text}`);
  const lifetimeSeconds = Number((login.json as { readonly expires_in: unknown }).expires_in);
  return {
    name: baseUrl,
    baseUrl,
    publicUrl: environment.CONTRACT_PUBLIC_URL?.replace(/\/$/, '') ?? baseUrl,
    lifetimeSeconds,
    administrator: async () => ({ email, password }),
    powers: {
      ...(lifetimeSeconds <= PATIENCE_SECONDS && {
        // The clocks of both sides may be apart, and iat is cut to the second.
        expireTokens: () => delay((lifetimeSeconds + 1) * 1000),
      }),
    },
    async reset() {},
    async close() {},
  };
}
