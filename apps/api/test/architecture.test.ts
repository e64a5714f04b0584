import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

interface Manifest {
  readonly name: string;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

const readJson = <T>(path: string): T => JSON.parse(readFileSync(join(root, path), 'utf8'));
const members = ['packages', 'apps'].flatMap((group) =>
  readdirSync(join(root, group)).map((name) => `${group}/${name}`),
);
const manifests = new Map(members.map((member) => [member, readJson<Manifest>(`${member}/package.json`)]));
const siblings = (dependencies: Record<string, string> = {}): string[] =>
  Object.keys(dependencies)
    .filter((name) => name.startsWith('@portcullis/'))
    .map((name) => name.slice('@portcullis/'.length))
    .sort();

/** What a service of ours can be kept in. The platform knows neither. */
const STORES = ['persistence-mongodb', 'persistence-sqlite'];

/** Who may know whom. Anything that is not here does not resolve, and must not be declared. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'packages/domain': [],
  'packages/files': [],
  'packages/port-contracts': ['domain'],
  'packages/persistence-memory': ['domain'],
  'packages/persistence-mongodb': ['domain'],
  'packages/persistence-sqlite': ['domain', 'files'],
  'packages/security': ['domain'],
  'packages/http': ['domain'],
  'packages/mail': ['domain', 'files'],
  'packages/service': ['domain', 'files', 'http', 'security'],
  'packages/mongod': [],
  'packages/verifier': [],
  'packages/testing': ['domain', 'http', 'mongod', 'persistence-memory', 'port-contracts', 'service'],
  'apps/api': ['domain', 'http', 'mail', ...STORES, 'security', 'service'],
  'apps/books': ['domain', 'http', ...STORES, 'security', 'service'],
  'apps/ships': ['domain', 'http', ...STORES, 'security', 'service'],
  'apps/accounts': ['domain', 'http', ...STORES, 'security', 'service'],
  'apps/bench': ['api', 'domain', 'http', 'mongod', 'persistence-memory', 'persistence-mongodb', 'service'],
  'apps/fuzz': [],
  'apps/prove': ['api', 'domain', 'service'],
  'apps/all': ['accounts', 'api', 'books', 'service', 'ships'],
};

/** The one package that may declare each of these: a technology has one home. The verifier stands for itself, and a benchmark has peers. */
const HOMES: Readonly<Record<string, string>> = {
  '@node-rs/argon2': 'packages/security',
  '@node-rs/bcrypt': 'packages/security',
  '@photostructure/sqlite': 'packages/persistence-sqlite',
  '@koa/router': 'packages/http',
  jose: 'packages/security',
  koa: 'packages/http',
  'koa-bodyparser': 'packages/http',
  'koa2-swagger-ui': 'packages/http',
  mongodb: 'packages/persistence-mongodb',
  nodemailer: 'packages/mail',
  tr46: 'packages/mail',
  tsyringe: 'packages/service',
};

const homeOf = (name: string, member: string): string =>
  (member === 'packages/verifier' && name === 'jose') || member === 'apps/bench' ? member : (HOMES[name] ?? member);

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));
}

const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g;

/** For each file, those of its own package that it imports: for types, exported on, or loaded as it runs, too. */
const importsWithin = (files: readonly string[]): ReadonlyMap<string, readonly string[]> =>
  new Map(
    files.map((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      return [file, [...text.matchAll(IMPORT)].map(([, path = '']) => join(dirname(file), path))];
    }),
  );

/** The first circle that is found, with its first file at its end once more; empty where there is none. */
function circleIn(imports: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  function from(file: string, path: readonly string[]): readonly string[] {
    const before = path.indexOf(file);
    if (before >= 0) return [...path.slice(before), file];
    if (done.has(file)) return [];
    for (const next of imports.get(file) ?? []) {
      const circle = from(next, [...path, file]);
      if (circle.length > 0) return circle;
    }
    done.add(file);
    return [];
  }
  for (const file of imports.keys()) {
    const circle = from(file, []);
    if (circle.length > 0) return circle;
  }
  return [];
}

describe('architecture', () => {
  it('has a row for every member of the workspace', () => {
    assert.deepEqual([...manifests.keys()].sort(), Object.keys(ALLOWED).sort());
  });

  for (const [member, manifest] of manifests) {
    it(`${member} declares its allowed siblings and no others`, () => {
      assert.deepEqual(siblings(manifest.dependencies), [...(ALLOWED[member] ?? [])].sort());
    });

    it(`${member} knows what tests are made with in its tests at most`, () => {
      const forTests = ['mongod', 'persistence-memory', 'port-contracts', 'testing'];
      assert.ok(siblings(manifest.devDependencies).every((name) => forTests.includes(name)));
    });

    it(`${member} references in its tsconfig what it declares`, () => {
      const { references = [] } = readJson<{ references?: { path: string }[] }>(`${member}/tsconfig.json`);
      const referenced = references.map(({ path }) => basename(join(root, member, path))).sort();
      assert.deepEqual(referenced, siblings(manifest.dependencies));
    });

    it(`${member} declares no technology that has its home elsewhere`, () => {
      for (const name of Object.keys(manifest.dependencies ?? {})) assert.equal(homeOf(name, member), member, name);
    });
  }

  it('keeps the root manifest to tools, since what it declares resolves everywhere', () => {
    const { dependencies, devDependencies } = readJson<Manifest>('package.json');
    assert.equal(dependencies, undefined);
    assert.deepEqual(Object.keys(devDependencies ?? {}).sort(), ['@biomejs/biome', '@types/node', 'tsx', 'typescript']);
  });

  it('takes each dependency in one exact version, and runs none of their scripts', () => {
    const exact = /^\d+\.\d+\.\d+(-[\w.]+)?$/;
    const workspace = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8');
    const sectionOf = (name: string) => {
      const [, lines = ''] = workspace.match(new RegExp(`^${name}:\\n((?:  .+\\n?)+)`, 'm')) ?? [];
      return [...lines.matchAll(/^ {2}"?([^":]+)"?: (.+)$/gm)].map(([, key = '', value = '']) => ({ key, value }));
    };
    for (const { key, value } of [...sectionOf('catalog'), ...sectionOf('overrides')]) assert.match(value, exact, key);
    assert.ok(sectionOf('catalog').length > 0);
    assert.deepEqual([...new Set(sectionOf('allowBuilds').map(({ value }) => value))], ['false']);
    const all = [...manifests.values(), readJson<Manifest>('package.json')];
    for (const { dependencies, devDependencies } of all) {
      for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
        assert.ok(['workspace:*', 'catalog:'].includes(version) || exact.test(version), `${name} ${version}`);
      }
    }
  });

  it('has a subpath of the domain for each of its folders, with the names that the main entry has of it', async () => {
    const { exports } = readJson<{ readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>> }>(
      'packages/domain/package.json',
    );
    assert.deepEqual(Object.keys(exports), ['.', './*']);
    for (const target of Object.values(exports['./*'] ?? {})) assert.match(target, /^\.\/(src|dist)\/\*\/index\./);
    const folders = readdirSync(join(root, 'packages/domain/src'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
    const main = readFileSync(join(root, 'packages/domain/src/index.ts'), 'utf8');
    assert.equal(main, folders.map((folder) => `export * from './${folder}/index.ts';\n`).join(''));
    const names: string[] = [];
    for (const folder of folders) {
      const index = readFileSync(join(root, `packages/domain/src/${folder}/index.ts`), 'utf8');
      // The public names one by one, and none of another folder.
      assert.doesNotMatch(index, /export \*|from '(?!\.\/[\w-]+\.ts')/, folder);
      names.push(...Object.keys(await import(`@portcullis/domain/${folder}`)));
    }
    assert.deepEqual(names.sort(), Object.keys(await import('@portcullis/domain')).sort());
    const inside = '@portcullis/domain/session/refresh';
    await assert.rejects(import(inside), { code: 'ERR_MODULE_NOT_FOUND' });
  });

  for (const member of members) {
    it(`${member} has no files that import each other in a circle, types included`, () => {
      assert.deepEqual(circleIn(importsWithin(sources(`${member}/src`))), []);
    });
  }

  it('would find a circle, wherever it is entered', () => {
    const importsOf = (edges: Record<string, string[]>) => new Map(Object.entries(edges));
    assert.deepEqual(circleIn(importsOf({ a: ['b'], b: ['c'], c: ['d'], d: ['b'] })), ['b', 'c', 'd', 'b']);
    assert.deepEqual(circleIn(importsOf({ a: ['a'] })), ['a', 'a']);
    assert.deepEqual(circleIn(importsOf({ a: ['b', 'c'], b: ['c'], c: [] })), []);
    const own = 'apps/api/src/service.ts';
    assert.ok(importsWithin(sources('apps/api/src')).get(own)?.includes('apps/api/src/cli/keys-command.ts'));
  });

  it('has each term once in the glossary, in alphabetical order, with names that are in the code', () => {
    const rows = [
      ...readFileSync(join(root, 'docs/glossary.md'), 'utf8').matchAll(/^\| ([^|]+) \| ([^|]+) \|$/gm),
    ].slice(1);
    const terms = rows.map(([, term = '']) => term);
    assert.deepEqual(terms, [...new Set(terms)].sort());
    const code = members
      .flatMap((member) => sources(`${member}/src`))
      .map((file) => readFileSync(join(root, file), 'utf8'));
    const names = rows.flatMap(([, , meaning = '']) =>
      [...meaning.matchAll(/`([\w.]+)(?:\(\))?`/g)].map(([, name]) => name),
    );
    assert.ok(names.length > 20);
    for (const name of names)
      assert.ok(
        code.some((text) => new RegExp(`\\b${name}\\b`).test(text)),
        name,
      );
  });

  it('imports tsyringe in the composition root alone', () => {
    const importing = sources('packages/service/src').filter((file) =>
      /from '(tsyringe|reflect-metadata)'/.test(readFileSync(join(root, file), 'utf8')),
    );
    assert.deepEqual(importing, ['packages/service/src/composition/container.ts']);
  });

  it('names no service in the domain, and neither resource nor service in the HTTP engine', () => {
    const codeOf = (file: string) => readFileSync(join(root, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    for (const file of sources('packages/http/src')) {
      assert.doesNotMatch(codeOf(file), /widget|\bbook|\bship|account|portcullis(?!\/)/i, file);
    }
    // A resource is the domain's business, the service that shows it is not.
    for (const file of sources('packages/domain/src')) {
      assert.doesNotMatch(codeOf(file), /account|portcullis|apps\//i, file);
    }
  });

  it('imports the domain alone where a service keeps the rules of a resource of its own', () => {
    for (const folder of ['apps/books/src/book', 'apps/ships/src/ship']) {
      const imported = sources(folder).flatMap((file) =>
        [...readFileSync(join(root, file), 'utf8').matchAll(/from '([^']+)'/g)].map(([, name = '']) => name),
      );
      assert.ok(imported.length > 0, folder);
      assert.deepEqual([...new Set(imported.filter((name) => !/^\.\/[\w-]+\.ts$/.test(name)))], ['@portcullis/domain']);
    }
  });

  it('names the driver of MongoDB in its own adapter alone', () => {
    const naming = members
      .flatMap((member) => sources(`${member}/src`))
      .filter((file) =>
        /from 'mongodb'|import\('mongodb'\)|require\('mongodb'\)/.test(readFileSync(join(root, file), 'utf8')),
      );
    assert.ok(naming.length > 0);
    assert.deepEqual(
      naming.filter((file) => !file.startsWith('packages/persistence-mongodb/')),
      [],
    );
  });
});
