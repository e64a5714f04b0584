import { readFileSync } from 'node:fs';

/** The version in the package.json above this module, which lies in `src` or in `dist`. @param url the module's `import.meta.url` */
export function versionAbove(url: string): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', url), 'utf8'));
  return manifest !== null && typeof manifest === 'object' && 'version' in manifest ? String(manifest.version) : '';
}
