import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

const root = new URL('../../../', import.meta.url);
const text = readFileSync(new URL('docs/threats.md', root), 'utf8');

describe('docs/threats.md', () => {
  it('names files that are there, and tests that are in them', () => {
    const files = [...text.matchAll(/`((?:apps|packages|docs)\/[^`]+)`/g)].map(([, file = '']) => file);
    const shown = [...text.matchAll(/`([^`]+\.test\.ts)`: "([^"]+)"/g)];
    assert.ok(shown.length >= 30, `${shown.length} tests`);
    for (const file of files) assert.ok(existsSync(new URL(file, root)), file);
    for (const [, file = '', name = ''] of shown) {
      assert.ok(readFileSync(new URL(file, root), 'utf8').includes(name), `${file}: ${name}`);
    }
    assert.equal(files.filter((file) => file.endsWith('.test.ts')).length, shown.length, 'each test file with a test');
  });
});
