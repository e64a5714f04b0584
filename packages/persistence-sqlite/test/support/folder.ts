import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** A folder of its own under the system's temporary one. */
export function temporaryFolder(): { readonly path: string; readonly file: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'portcullis-sqlite-'));
  return { path, file: join(path, 'store.sqlite'), remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** As `temporaryFolder`, removed when the test ends. */
export function folderOf(t: TestContext): { readonly path: string; readonly file: string } {
  const folder = temporaryFolder();
  t.after(folder.remove);
  return folder;
}
