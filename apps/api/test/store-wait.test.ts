import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { DatabaseSync } from '@photostructure/sqlite';
import { Unavailable, type UserId } from '@portcullis/domain';
import { openStore } from '@portcullis/service';
import { settingsForTest, temporaryFolder } from '@portcullis/testing';
import { api } from '../src/service.ts';

/** What keeps a call to a store of each kind waiting. Answers the settings of the store, and what is called. */
const KINDS = {
  async SQLite(t: TestContext) {
    const folder = temporaryFolder(t);
    const begin = () => {
      const holder = new DatabaseSync(join(folder, 'portcullis.sqlite'));
      t.after(() => holder.close());
      holder.exec('BEGIN IMMEDIATE');
    };
    return { environment: { DATA_DIR: folder }, begin };
  },
  async MongoDB(t: TestContext) {
    // Takes connections and answers nothing.
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      t.after(() => socket.destroy());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    return { environment: { MONGODB_URL: `mongodb://127.0.0.1:${port}` }, begin: () => undefined };
  },
};

describe('STORE_WAIT_SECONDS', { concurrency: true }, () => {
  for (const [kind, prepare] of Object.entries(KINDS)) {
    for (const seconds of [1, 3]) {
      it(`is how long ${kind} is waited for: ${seconds}`, async (t) => {
        const { environment, begin } = await prepare(t);
        const settings = settingsForTest(api, { ...environment, STORE_WAIT_SECONDS: String(seconds) });
        const since = performance.now();
        const store = await openStore(api, settings, 'prepare');
        t.after(() => store.close());
        begin();
        await assert.rejects(store.users.remove('nobody' as UserId), Unavailable);
        const waited = performance.now() - since;
        // A tenth is left for the answer. How much later it may be is for no busy machine to say.
        assert.ok(waited >= seconds * 890, `${waited} ms`);
      });
    }
  }
});
