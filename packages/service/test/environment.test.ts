import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { temporaryFolder } from '@portcullis/testing';
import fc from 'fast-check';
import { environmentIn } from '../src/settings/environment.ts';
import { unknownVariables } from '../src/settings/unknown.ts';

const utf16 = (text: string, bigEndian = false) => {
  const bytes = Buffer.from(text, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
};

function reading(t: TestContext) {
  const folder = temporaryFolder(t);
  return (content: string | Buffer, own: Record<string, string> = {}) => {
    writeFileSync(join(folder, '.env'), content);
    return environmentIn(folder, own);
  };
}

async function refused(read: ReturnType<typeof environmentIn>): Promise<string> {
  const answer = await read;
  assert.ok(!answer.ok, JSON.stringify(answer));
  assert.deepEqual([...new Set(answer.error.map(({ variable }) => variable))], ['.env']);
  return answer.error.map(({ expected }) => expected).join('\n');
}

describe('the file .env', () => {
  it('means the same with a byte order mark, in CRLF, with export and in quotes', async (t) => {
    const read = reading(t);
    for (const text of [
      'APP_ENV=production\nPORT=1',
      '\ufeffAPP_ENV=production\nPORT=1\n',
      '\ufeff# a comment\r\n\r\nexport APP_ENV = production # why\r\nPORT="1"\r\n',
      "  APP_ENV='production'\n\t\nexport\tPORT=`1` # one",
    ]) {
      const answer = await read(text);
      assert.ok(answer.ok, text);
      assert.deepEqual(answer.value, {
        environment: { APP_ENV: 'production', PORT: '1' },
        inFile: ['APP_ENV', 'PORT'],
      });
    }
  });

  it('is refused by its name where it is no UTF-8', async (t) => {
    const read = reading(t);
    const text = 'APP_ENV=production\n';
    const wrong = [
      ...[false, true].flatMap((bigEndian) => [utf16(text, bigEndian), utf16(`\ufeff${text}`, bigEndian)]),
      Buffer.from('\ufeffAPP_ENV=production\n', 'utf16le'),
      Buffer.from('NAME=\xe4\n', 'latin1'),
      Buffer.from([...Buffer.from('A='), 0xed, 0xa0, 0x80]),
      Buffer.from('A=b\0c'),
    ];
    for (const bytes of wrong) assert.match(await refused(read(bytes)), /UTF-8/);
  });

  it('is refused where it is a folder', async (t) => {
    const folder = temporaryFolder(t);
    mkdirSync(join(folder, '.env'));
    assert.match(await refused(environmentIn(folder, {})), /a folder/);
  });

  it('is refused where it is a pipe, a device or far too large, and is not waited for', async (t) => {
    const folder = temporaryFolder(t);
    const file = join(folder, '.env');
    symlinkSync('/dev/zero', file);
    assert.match(await refused(environmentIn(folder, {})), /a pipe or a device/);
    rmSync(file);
    // To open it would wait until somebody writes.
    execFileSync('mkfifo', [file]);
    assert.match(await refused(environmentIn(folder, {})), /a pipe or a device/);
    rmSync(file);
    writeFileSync(file, `# ${'x'.repeat(1024 * 1024)}`);
    assert.match(await refused(environmentIn(folder, {})), /more than 1048576 bytes/);
  });

  it('is refused where it is a link that leads to nothing, or to itself, and read where it leads to a file', async (t) => {
    const folder = temporaryFolder(t);
    const file = join(folder, '.env');
    symlinkSync(join(folder, 'none'), file);
    assert.match(await refused(environmentIn(folder, {})), /a link that leads to none/);
    writeFileSync(join(folder, 'none'), 'A=1');
    const read = await environmentIn(folder, {});
    assert.deepEqual(read.ok && read.value.environment, { A: '1' });
    rmSync(file);
    symlinkSync(file, file);
    assert.match(await refused(environmentIn(folder, {})), /ELOOP/);
  });

  it('is refused with the number of each line that says nothing, and without its text', async (t) => {
    const read = reading(t);
    for (const line of [
      ...['S3cr3t', 'S3cr3t S3=x', '1S3cr3t=x', 'A-S3cr3t=x', '=S3cr3t', 'export S3cr3t', ': S3cr3t'],
      ...['A="S3cr3t', "A='S3cr3t", 'A="a"S3cr3t', 'A=S3cr3t#x', 'A=#S3cr3t', 'é=S3cr3t'],
    ]) {
      const why = await refused(read(`OK=1\n\n${line}\nTHEN=2\n`));
      assert.match(why, /line 3\b/, line);
      assert.doesNotMatch(why, /S3cr3t/);
    }
    assert.match(await refused(read('A=1\nB="2\n3"\n\nA=4\n')), /A is in lines 1 and 5/);
  });

  it('yields to a variable of the environment, unless that is empty', async (t) => {
    const read = reading(t);
    const answer = await read('A=1\nB=2\nC=\n', { A: 'own', B: '', D: '' });
    assert.ok(answer.ok);
    assert.deepEqual(answer.value.environment, { A: 'own', B: '2' });
  });

  it('is either refused, or read with every name and value that it was written with', async (t) => {
    const read = reading(t);
    const value = fc.stringMatching(/^[ -~é\u00a0€😀\n]{0,12}$/u);
    const entry = fc.record({
      name: fc.constantFrom('A', 'B_1', '_c', 'LONG_NAME'),
      value,
      quote: fc.constantFrom('', '"', "'", '`'),
      lead: fc.constantFrom('', ' ', 'export ', '\t'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 4 }), fc.constantFrom('\n', '\r\n'), async (entries, ending) => {
        const text = entries
          .map(({ name, value, quote, lead }) => `${lead}${name}=${quote}${value}${quote}`)
          .join(ending);
        const answer = await read(text);
        // Quotes inside the same quotes, and what ends a bare value, make another file of it.
        const plain = entries.every(({ value, quote }) =>
          quote === '' ? !/[\n#"'`]/.test(value) : !value.includes(quote) && !value.includes('\\'),
        );
        const names = entries.map(({ name }) => name);
        assert.ok(!plain || answer.ok === (new Set(names).size === names.length), text);
        if (!plain || !answer.ok) return;
        assert.deepEqual(answer.value.inFile, names);
        for (const { name, value, quote } of entries) {
          const written = quote === '' ? value.trim() : value;
          assert.equal(answer.value.environment[name], written === '' ? undefined : written, text);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a variable that no setting has the name of', () => {
  const known = ['APP_ENV', 'HOST', 'PORT', 'DATA_DIR', 'MONGODB_URL', 'TOKEN_SECRET', 'CLIENTS', 'CORS_ORIGINS'];
  const found = (inFile: string[], ...own: string[]) =>
    unknownVariables(
      { inFile, environment: Object.fromEntries([...inFile, ...own].map((name) => [name, 'x'])) },
      known,
    ).map(({ variable, nearest }) => [variable, nearest]);

  it('is told wherever it is in .env, and with the nearest name where there is one', () => {
    assert.deepEqual(found(['PORT', 'FOO', 'PROT', 'TOKEN_SECERT']), [
      ['FOO', undefined],
      ['PROT', 'PORT'],
      ['TOKEN_SECERT', 'TOKEN_SECRET'],
    ]);
  });

  it('is told of the environment where it is a slip of one of ours, and no other program is spoken of', () => {
    const common = [
      ...[
        'PATH',
        'HOME',
        'USER',
        'SHELL',
        'LANG',
        'TERM',
        'PWD',
        'OLDPWD',
        'HOSTNAME',
        'HOSTS',
        'POST',
        'PORTS',
        'SHLVL',
        '_',
      ],
      ...[
        'LOGNAME',
        'TMPDIR',
        'EDITOR',
        'NODE_ENV',
        'NODE_OPTIONS',
        'MAIL',
        'DISPLAY',
        'XDG_DATA_DIRS',
        'CI',
        'DATABASE_URL',
      ],
    ];
    assert.deepEqual(found([], ...common), []);
    for (const [slip, nearest] of [
      ...[
        ['PROT', 'PORT'],
        ['HSOT', 'HOST'],
        ['Port', 'PORT'],
        ['APP-ENV', 'APP_ENV'],
        ['APPENV', 'APP_ENV'],
      ],
      ...[
        ['APP_EVN', 'APP_ENV'],
        ['MONGO_URL', 'MONGODB_URL'],
        ['DATADIR', 'DATA_DIR'],
        ['CLIENT', 'CLIENTS'],
      ],
    ]) {
      assert.deepEqual(found([], String(slip)), [[slip, nearest]]);
    }
  });

  it('is found with one letter left out, doubled, changed or in the place of the next, in every longer name', () => {
    for (const name of known.filter(({ length }) => length >= 6)) {
      for (let at = 0; at < name.length; at += 1) {
        const [before, letter, after] = [name.slice(0, at), name[at] ?? '', name.slice(at + 1)];
        const slips = [`${before}${after}`, `${before}${letter}${letter}${after}`, `${before}Q${after}`];
        if (after) slips.push(`${before}${after[0]}${letter}${after.slice(1)}`);
        for (const slip of slips) if (slip !== name) assert.deepEqual(found([], slip), [[slip, name]]);
      }
    }
  });
});
