import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { Agent, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { temporaryFolder } from '@portcullis/testing';
import { runCli, startServerProcess } from './support/process.ts';

const PASSWORD = 'a gate of iron bars';
const ADA = 'ada@example.org';
/** Whose hash is dearer than today's own, and so every login is. */
const IMPORTED = {
  email: 'bob@example.org',
  password_hash: `$2b$10$${'abcdefghijklmnopqrstuuOvvbZkxXw5RlGW3pGVbFNhKwPGGjX1a'}`,
};

interface From {
  readonly localAddress?: string;
  readonly forwardedFor?: string;
}

/** A client with one connection. */
function clientOf(t: TestContext, url: string, { localAddress, forwardedFor }: From) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  return async (email: string): Promise<number | undefined> => {
    const body = JSON.stringify({ email, password: PASSWORD });
    const asked = request(`${url}/api/v1/auth/login`, {
      method: 'POST',
      agent,
      ...(localAddress !== undefined && { localAddress }),
      headers: {
        'Content-Type': 'application/json',
        ...(forwardedFor !== undefined && { 'X-Forwarded-For': forwardedFor }),
      },
    }).end(body);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    answer.resume();
    await once(answer, 'end');
    return answer.statusCode;
  };
}

/** Strangers, and a user elsewhere. Every address of 127.0.0.0/8 is Linux's own; other systems have but one of them. */
const ways: Readonly<Record<string, { readonly strangers: From; readonly user: From }>> = {
  'through a trusted proxy': { strangers: { forwardedFor: '192.0.2.1' }, user: { forwardedFor: '198.51.100.1' } },
  ...(process.platform === 'linux' && {
    'from another address': { strangers: { localAddress: '127.0.0.2' }, user: { localAddress: '127.0.0.1' } },
  }),
};

describe('twenty strangers who try logins without end', { timeout: 240_000 }, () => {
  for (const [name, { strangers, user }] of Object.entries(ways)) {
    it(`keep no user from logging in ${name}, although every login is dear`, async (t) => {
      const folder = temporaryFolder(t);
      const environment = {
        DATA_DIR: join(folder, 'data'),
        LOG_LEVEL: 'error',
        TRUSTED_PROXIES: '127.0.0.1',
        PASSWORD_HASH_WAIT_SECONDS: '1',
      };
      const added = await runCli(['users', 'add', ADA], environment, {
        folder,
        input: `${PASSWORD}\n`,
      });
      assert.equal(added.code, 0, added.stderr);
      await writeFile(join(folder, 'users.jsonl'), `${JSON.stringify(IMPORTED)}\n`);
      const imported = await runCli(['users', 'import', 'users.jsonl'], environment, { folder });
      assert.equal(imported.code, 0, imported.stderr);
      const server = await startServerProcess(environment);
      t.after(() => server.stop('SIGKILL'));

      const seen = new Map<number | undefined, number>();
      let goOn = true;
      const storm = Array.from({ length: 20 }, async (_, stranger) => {
        const tryLogin = clientOf(t, server.url, strangers);
        for (let count = 0; goOn; count += 1) {
          const status = await tryLogin(`nobody-${stranger}-${count}@example.org`);
          seen.set(status, (seen.get(status) ?? 0) + 1);
          if (status === 503) await delay(20);
        }
      });
      const logIn = clientOf(t, server.url, user);
      const statuses: (number | undefined)[] = [];
      while (!seen.has(503)) await delay(20);
      for (let n = 0; n < 12; n += 1) statuses.push(await logIn(ADA));
      goOn = false;
      await Promise.all(storm);

      assert.deepEqual(statuses, new Array(12).fill(200));
      assert.deepEqual([...seen.keys()].sort(), [401, 503]);
    });
  }
});
