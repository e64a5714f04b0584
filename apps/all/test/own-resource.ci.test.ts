import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { builtNotes } from './support/notes.ts';

describe('the service of docs/a-resource-of-your-own.md', { timeout: 600_000 }, () => {
  const folder = builtNotes();

  it('certifies its notes on each store', () => {
    const certified = spawnSync(
      process.execPath,
      ['--test', '--test-reporter=tap', join(folder(), 'dist/certify.js')],
      {
        env: { ...process.env, NODE_TEST_CONTEXT: undefined },
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    const told = certified.stdout.split('\n').filter((line) => /not ok|error:/.test(line));
    assert.equal(certified.status, 0, told.join('\n'));
    for (const store of ['sqlite', 'mongodb', 'memory']) {
      assert.match(certified.stdout, new RegExp(`\\bok \\d+ - contract collections on ${store}`));
    }
  });
});
