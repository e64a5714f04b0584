import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { instant, type TokenId, Unavailable } from '@portcullis/domain';
import { freePort, kill, restart, startMongod, withMongod } from '@portcullis/mongod';
import { persistently, UNHURRIED } from './support/patience.ts';
import { openService } from './support/samples.ts';
import { writers } from './support/writers.ts';

const ROUNDS = 2;
const ACKNOWLEDGED_BEFORE_THE_KILL = 40;
const MARGIN_MILLISECONDS = 300_000;

withMongod(() => {
  describe('a server that is killed amid writes', () => {
    it('has all that it acknowledged when it is back, and nobody was told anything else', async (t) => {
      const dbPath = mkdtempSync(join(tmpdir(), 'portcullis-mongodb-'));
      const server = await startMongod({ dbPath, port: await freePort() });
      t.after(async () => {
        await server.stop();
        rmSync(dbPath, { recursive: true, force: true });
      });
      const stores = await openService({ url: server.getUri() });
      t.after(() => stores.close());
      await persistently(stores.check);

      const written = writers(stores, stores);
      for (let round = 1; round <= ROUNDS; round += 1) {
        await written.until((acknowledged) => acknowledged >= round * ACKNOWLEDGED_BEFORE_THE_KILL);
        await kill(server);
        await assert.rejects(stores.check(), Unavailable);
        await restart(server);
      }
      await written.stop();
      await written.assertAllThere(stores);
    });
  });

  describe('what expires', () => {
    it('goes by itself, five minutes after the token itself has expired, and not before', async (t) => {
      const server = await startMongod({ forgets: true });
      t.after(() => server.stop());
      const { revokedTokens, close } = await openService({ url: server.getUri(), ...UNHURRIED });
      t.after(close);

      const [gone, kept] = ['gone' as TokenId, 'kept' as TokenId];
      const expired = Date.now() - MARGIN_MILLISECONDS;
      for (const [id, expiresAt] of [
        [gone, expired],
        [kept, expired + 60_000],
      ] as const) {
        await revokedTokens.revoke({ tokenId: id, revokedAt: instant(0), expiresAt: instant(expiresAt) });
      }
      while (await revokedTokens.isRevoked(gone));
      assert.equal(await revokedTokens.isRevoked(kept), true);
    });
  });
});
