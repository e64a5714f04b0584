import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const PACKAGE = dirname(import.meta.dirname);
const SOURCES = join(PACKAGE, 'src');
const TYPESCRIPT = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));

const jsonOf = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

const sources = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: readFileSync(join(SOURCES, file), 'utf8') }));

/** Whatever a source names to be loaded, in any way that the language has. */
const importsOf = (text: string): readonly string[] =>
  [...text.matchAll(/\b(?:from|import|require)\s*\(?\s*(['"`])(.*?)\1/g)].map(([, , specifier = '']) => specifier);

describe('the domain', () => {
  it('imports nothing but its own files', () => {
    assert.ok(sources.some(({ file }) => file === 'index.ts'));
    assert.ok(sources.flatMap(({ text }) => importsOf(text)).length > sources.length);
    for (const { file, text } of sources) {
      for (const specifier of importsOf(text))
        assert.match(specifier, /^\.{1,2}\/[\w./-]+\.ts$/, `${file}: ${specifier}`);
      assert.doesNotMatch(text, /\/\/\/\s*<reference/, file);
    }
  });

  it('has no dependency, and for the tests alone none on an adapter', () => {
    const manifest = jsonOf(join(PACKAGE, 'package.json'));
    for (const field of ['dependencies', 'peerDependencies', 'optionalDependencies'])
      assert.ok(!(field in manifest), field);
    const names = Object.keys(manifest.devDependencies);
    assert.deepEqual(
      names.filter((name) => name.startsWith('@portcullis/')),
      [],
    );
  });

  it('compiles with the types of the language alone', () => {
    const { compilerOptions } = jsonOf(join(PACKAGE, 'tsconfig.json'));
    assert.deepEqual(compilerOptions.types, []);
    assert.ok(!('lib' in compilerOptions));
    assert.deepEqual(jsonOf(join(PACKAGE, '../../tsconfig.base.json')).compilerOptions.lib, ['ES2023']);
  });

  it('asks for no time and no randomness of its own', () => {
    for (const { file, text } of sources) {
      assert.doesNotMatch(text, /new\s+Date\s*(?!\s*\(\s*[^\s)])|(?<!new\s+)\bDate\s*\(/, file);
      assert.doesNotMatch(text, /Date\s*\.\s*now|Math\s*\.\s*random|\bperformance\b|\bcrypto\b/, file);
    }
  });

  it('registers, authenticates and logs out where nothing exists but the language', () => {
    const compiled = mkdtempSync(join(tmpdir(), 'portcullis-domain-'));
    try {
      const run = (...args: readonly string[]) =>
        execFileSync(process.execPath, args, { cwd: PACKAGE, encoding: 'utf8' });
      const into = ['--outDir', compiled, '--tsBuildInfoFile', join(compiled, '.tsbuildinfo')];
      run(join(TYPESCRIPT, 'bin/tsc'), '-p', PACKAGE, ...into);
      const script = fileURLToPath(new URL('support/bare-context.ts', import.meta.url));
      const flags = ['--experimental-vm-modules', '--no-warnings', '--conditions=source', '--import', 'tsx'];
      assert.deepEqual(JSON.parse(run(...flags, script, compiled)), {
        globals: [],
        trapped: 4,
        loginOfPrincipal: 'ada@example.com',
        loggedOut: true,
        afterwards: { ok: false, error: { kind: 'token-revoked' } },
        takenTwice: { ok: false, error: { kind: 'login-taken', login: 'ada@example.com' } },
        infoUrl: { ok: false, error: { kind: 'url-ip-not-allowed', value: 'http://127.1' } },
        deadline: { ok: true, value: Date.UTC(2037, 0, 3) - 1 },
        widgetName: { ok: true, value: 'widget-1' },
        unavailable: 'store is unavailable',
      });
    } finally {
      rmSync(compiled, { recursive: true, force: true });
    }
  });
});
