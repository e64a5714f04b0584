import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const text = readFileSync(join(root, 'docs/a-resource-of-your-own.md'), 'utf8');
/** The files of the document, and what is in them. */
export const listings = [...text.matchAll(/<!-- listing: (\S+) -->\n```\w+\n([\s\S]*?)```\n/g)].map(
  ([, path = '', code = '']) => [path, code] as const,
);
/** What a team installs: our packages, what the service imports beside them, and its types. */
const INSTALLED = ['domain', 'http', 'persistence-mongodb', 'persistence-sqlite', 'security', 'service', 'testing'];

/** Puts the listings into a folder outside of the repository, with the packages linked as an installation has them. */
function written(): string {
  const folder = mkdtempSync(join(tmpdir(), 'notes-'));
  const link = (name: string, to: string): void => {
    mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true });
    symlinkSync(realpathSync(to), join(folder, 'node_modules', name));
  };
  for (const name of INSTALLED) link(`@portcullis/${name}`, join(root, 'packages', name));
  link('typebox', join(root, 'packages/http/node_modules/typebox'));
  link('@types/node', join(root, 'node_modules/@types/node'));
  for (const [path, code] of listings) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), code);
  }
  return folder;
}

/** The service of the document, built. @returns where it is, from `before` on */
export function builtNotes(): () => string {
  let folder = '';
  before(() => {
    folder = written();
    const built = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder]);
    assert.equal(built.status, 0, String(built.stdout));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  return () => folder;
}
