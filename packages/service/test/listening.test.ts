import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { runProgram } from '@portcullis/service';
import { CHEAP_HASHING, fakeTerminal, temporaryFolder } from '@portcullis/testing';
import { toy } from './support/toy-service.ts';

/** What `serve` says where it cannot listen. */
async function refusal(t: TestContext, settings: Record<string, string>) {
  const folder = temporaryFolder(t);
  const environment = { ...CHEAP_HASHING, DATA_DIR: join(folder, 'data'), PORT: '0', LOG_LEVEL: 'silent', ...settings };
  const terminal = fakeTerminal(false, environment, folder);
  assert.equal(await runProgram({ service: toy }, ['serve'], terminal), 1);
  return terminal.written().stderr;
}

// One that can be listened on would serve until the time limit.
describe('an address that cannot be listened on', { timeout: 120_000 }, () => {
  it('is refused as HOST where it is none of this machine', async (t) => {
    for (const HOST of ['192.0.2.1', '203.0.113.255', '2001:db8::1', '::ffff:192.0.2.1', 'fe80::1']) {
      const said = await refusal(t, { HOST });
      assert.match(
        said,
        /^Error: a setting cannot be used\n {2}HOST: expected an IP address of this machine[^\n]*\n\n$/,
        HOST,
      );
    }
  });

  it('is refused as PORT where something else listens there', async (t) => {
    const taken = createServer().listen(0, '127.0.0.1');
    t.after(() => taken.close());
    await once(taken, 'listening');
    const address = taken.address();
    assert.ok(address && typeof address === 'object');
    const said = await refusal(t, { PORT: String(address.port) });
    assert.match(
      said,
      /^Error: a setting cannot be used\n {2}PORT: expected a port that is free[^\n]*EADDRINUSE\)\n\n$/,
    );
  });
});
