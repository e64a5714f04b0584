import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

const root = new URL('../../../', import.meta.url);
const text = readFileSync(new URL('docs/threats.md', root), 'utf8');

const HEAD = ['attack', 'what holds', 'shown by', 'left to the operator'];

/** The tests that a file defines, by their titles: true for one that runs. Comments define none. */
function testsOf(source: string): ReadonlyMap<string, boolean> {
  const code = source.replaceAll(/^\s*(\/\/|\/?\*).*$/gm, '');
  const calls = code.matchAll(/\b(?:it|test)(\.\w+)?\(\s*(['"`])((?:\\.|(?!\2).)*)\2\s*,([^=]*)/g);
  return new Map(
    [...calls].map(([, modifier = '', quote = '', title = '', options = '']) => [
      // Of a test that is run for several values, what comes before the value.
      title.replaceAll(`\\${quote}`, quote).replace(/[: ]*\$\{.*$/, ''),
      modifier === '' && !/\b(skip|todo)\b/.test(options),
    ]),
  );
}

interface Row {
  readonly group: string;
  readonly cells: readonly string[];
}

/** The rows of every table, each under its heading. */
function rowsOf(document: string): readonly Row[] {
  let group = '';
  const rows: Row[] = [];
  for (const line of document.split('\n')) {
    if (line.startsWith('## ')) group = line.slice(3);
    if (line.startsWith('|') && !/^\|[-|]+\|$/.test(line)) {
      rows.push({
        group,
        cells: line
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim()),
      });
    }
  }
  return rows;
}

/** What is wrong with a document of this form. @param read the text of a file of the repository, if there is one */
function faultsOf(document: string, read: (file: string) => string | undefined): readonly string[] {
  const faults: string[] = [];
  for (const [, file = ''] of document.matchAll(/`((?:apps|packages|docs)\/[^`]+)`/g)) {
    if (read(file) === undefined) faults.push(`${file} is not there`);
  }
  for (const { group, cells } of rowsOf(document)) {
    if (cells.join() === HEAD.join()) continue;
    const [attack = '', holds = '', shown = '', left = ''] = cells;
    if (cells.length !== HEAD.length || [group, attack, holds, left].includes('')) {
      faults.push(`${attack} has not every column`);
    }
    const named = [...shown.matchAll(/`([^`]+\.test\.ts)`: "([^"]+)"/g)];
    if (named.length === 0) faults.push(`${attack} is shown by nothing`);
    if (named.length !== shown.split('.test.ts`').length - 1) faults.push(`${attack} names a file without a test`);
    for (const [, file = '', title = ''] of named) {
      const runs = testsOf(read(file) ?? '').get(title);
      if (runs === undefined) faults.push(`${file} has no test "${title}"`);
      if (runs === false) faults.push(`${file} skips "${title}"`);
    }
  }
  return faults;
}

const readFile = (file: string): string | undefined => {
  const url = new URL(file, root);
  return existsSync(url) ? readFileSync(url, 'utf8') : undefined;
};

describe('docs/threats.md', () => {
  it('names files that are there, and in every row a test that its file has and runs', () => {
    assert.deepEqual(faultsOf(text, readFile), []);
    assert.ok(rowsOf(text).length >= 50);
  });

  it('has every kind of attacker, and is where a reader of the architecture finds it', () => {
    const groups = new Set(rowsOf(text).map(({ group }) => group));
    for (const attacker of ['stranger', 'registered user', 'administrator', 'beside', 'neighbour', 'supply', 'slip']) {
      assert.ok(
        [...groups].some((group) => group.includes(attacker)),
        attacker,
      );
    }
    assert.match(readFileSync(new URL('docs/architecture.md', root), 'utf8'), /\]\(threats\.md\)/);
  });

  it('would be refused with any row that shows less than it says', () => {
    const file = 'apps/a.test.ts';
    const source = [
      "it('holds', async () => {});",
      "it.skip('is skipped', () => {});",
      "it('is not run here', { skip: true }, () => {});",
      "it('is yet to come', { todo: true }, () => {});",
      "// it('is a comment', () => {});",
      " * it('is a comment, too', () => {});",
      "const title = 'is a text';",
      "describe('is a group', () => {});",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source of a test.
      'it(`is run for: ${value}, and more`, () => {});',
    ].join('\n');
    const read = (wanted: string) => (wanted === file ? source : undefined);
    const rowOf = (...cells: string[]) =>
      `## A stranger\n| ${HEAD.join(' | ')} |\n|---|---|---|---|\n| ${cells.join(' | ')} |\n`;
    const shown = (title: string) => rowOf('an attack', 'a wall', `\`${file}\`: "${title}"`, 'nothing');
    for (const title of ['holds', 'is run for']) assert.deepEqual(faultsOf(shown(title), read), []);
    for (const title of [
      ...['hold', 'is skipped', 'is not run here', 'is yet to come', 'is a comment', 'is a comment, too'],
      ...['is a text', 'is a group', ''],
    ]) {
      assert.notDeepEqual(faultsOf(shown(title), read), [], title);
    }
    for (const row of [
      rowOf('an attack', 'a wall', `\`${file}\`: "holds"`),
      rowOf('an attack', 'a wall', `\`${file}\`: "holds"`, ''),
      rowOf('an attack', '', `\`${file}\`: "holds"`, 'nothing'),
      rowOf('an attack', 'a wall', 'somewhere', 'nothing'),
      rowOf('an attack', 'a wall', `\`${file}\`: "holds" and \`${file}\``, 'nothing'),
      rowOf('an attack', 'a wall', '`apps/b.test.ts`: "holds"', 'nothing'),
      rowOf('an attack', 'a wall in `packages/nowhere.ts`', `\`${file}\`: "holds"`, 'nothing'),
    ]) {
      assert.notDeepEqual(faultsOf(row, read), [], row);
    }
  });
});
