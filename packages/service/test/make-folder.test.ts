// Folders where none can be made: Node's recursive mkdir never ends there.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type StoreAdapter, Unavailable } from '@portcullis/domain';
import { openStore } from '@portcullis/service';
import { memory, settingsForTest, temporaryFolder } from '@portcullis/testing';
import { keptTokenSecret } from '../src/settings/token-key-file.ts';
import { toy } from './support/toy-service.ts';

describe('a DATA_DIR that cannot be made', { skip: existsSync('/proc/self') ? false : 'there is no /proc' }, () => {
  for (const folder of ['/proc/x', '/proc/x/y/z', '/proc/self/x']) {
    it(`is refused at once: ${folder}`, { timeout: 60_000 }, async () => {
      const secret = await keptTokenSecret(folder, true);
      assert.ok(!secret.ok && secret.error.variable === 'DATA_DIR');
      const made: StoreAdapter = {
        ...memory(),
        open: (_settings, owner) => owner.makeFolder().then(() => assert.fail('made')),
      };
      const settings = settingsForTest(toy, { DATA_DIR: folder });

      await assert.rejects(openStore({ name: 'toy', stores: [made] }, settings, 'prepare'), Unavailable);
    });
  }
});

describe('a DATA_DIR that is missing', () => {
  it('is made with all that is missing above it, by any number of processes at once', async (t) => {
    const folder = join(temporaryFolder(t), 'a/b/c');
    const made = await Promise.all(Array.from({ length: 20 }, () => keptTokenSecret(folder, true)));
    assert.equal(new Set(made.map((secret) => secret.ok && secret.value)).size, 1);
    assert.ok(made[0]?.ok);
  });
});
