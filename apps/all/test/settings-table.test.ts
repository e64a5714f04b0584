import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { accounts } from '@portcullis/accounts';
import { api } from '@portcullis/api';
import { books } from '@portcullis/books';
import { type AnyService, compose, createApi, openStore, refusalOf } from '@portcullis/service';
import { ships } from '@portcullis/ships';
import { CHEAP_HASHING, openMemoryStore, temporaryFolder } from '@portcullis/testing';

const SECRET = 'S3cr3tS3cr3t';

/** Tried with every setting there is, a new one included. */
function hostileValues(folder: string): readonly string[] {
  const at = (name: string) => join(folder, name);
  return [
    ...[
      ' ',
      '\0',
      '\n',
      'a\nb',
      '\u2028',
      '\ufeff',
      '\ud800',
      '😀',
      'ü',
      '٣',
      '*',
      ',',
      ':',
      '/',
      '..',
      '%',
      '%00',
      '%zz',
      '-1',
      '0',
    ],
    ...[
      '1e3',
      '0x10',
      '1.5',
      '999999999999999999999',
      'NaN',
      'true',
      'null',
      '__proto__',
      'constructor',
      'x'.repeat(100_000),
    ],
    ...[
      'http://[/',
      'http://h',
      'https://h:99999',
      'https://u:p@h',
      'https://h/p',
      'ftp://h',
      '//h',
      'javascript:alert(1)',
    ],
    ...['a@b', 'a@b@c', 'A: B <a@b.example>', 'A <a@b>, C <d@e>', '<>', `${SECRET}:${SECRET}`, SECRET],
    ...[
      `smtp://user:${SECRET}50%off@h`,
      `smtp://user:${SECRET}@h:0`,
      `smtp://user:${SECRET}@h`,
      'smtps://[::1',
      'smtp://h#',
    ],
    ...['999.1.1.1', '1.2', '0x7f.1', '127.1', '[::1]', 'a..b', 'a_b.', 'h'.repeat(64), 'a.'.repeat(200)],
    ...[
      'https://h\\',
      'https://h ',
      ' https://h',
      'https://h\t',
      'https:\\\\h',
      'https://0x7f.1',
      'https://%68',
      'https://h:',
      'https://１.2.3.4',
    ],
    ...['Acme\\ <a@x.example>', 'A[c]me <a@x.example>', 'Acme; <a@x.example>', 'Ac:me <a@x.example>'],
    ...[
      at('file'),
      at('folder'),
      at('locked'),
      at('latin1'),
      at('pipe'),
      at('pem'),
      at('dangling'),
      at('file/below'),
      at('not/there'),
      '/dev/null/x',
      '/dev/full',
      '/dev/zero',
    ],
    ...['a.b', 'a$b', 'a%2Fb', 'a%20b', 'a/b', '%', 'a%00b', 'x'.repeat(47), 'x'.repeat(64), '%C3%BC'.repeat(30)].map(
      (name) => `mongodb://user:${SECRET}@127.0.0.1:1/${name}`,
    ),
    ...[
      'nope=1',
      'tls=maybe',
      'loadBalanced=true&replicaSet=rs',
      'replicaSet=',
      'maxPoolSize=1',
      'compressors=zstd',
      'proxyHost=h',
      'authMechanism=X',
      ...[
        'socketTimeoutMS=abc',
        'socketTimeoutMS=5000',
        'connectTimeoutMS=',
        'w=1',
        'journal=false',
        'retryWrites=false',
      ],
      ...[
        'readPreference=secondary',
        'readConcernLevel=local',
        'raw=true',
        'promoteValues=false',
        'timeoutMS=1',
        'session=1',
      ],
      ...[
        'checkServerIdentity=1',
        'lookup=1',
        'maxPoolSize=abc',
        'maxPoolSize=-5',
        'tls=true&ssl=false',
        'srvMaxHosts=1',
      ],
      ...['/dev/zero', at('pipe'), at('file'), at('folder'), at('pem')].flatMap((file) => [
        `tls=true&tlsCAFile=${file}${file === at('pem') ? '/none' : ''}`,
        `tls=true&tlsCertificateKeyFile=${file}`,
        `tls=true&tlsCRLFile=${file}`,
      ]),
    ].map((query) => `mongodb://user:${SECRET}@127.0.0.1:1/x?${query}`),
    ...[
      `mongodb://u:${SECRET}50%off@h/x`,
      'mongodb://h:99999/x',
      'mongodb://h,/x',
      'mongodb://',
      'mongodb+srv://a,b/x',
      'mongodb+srv://h',
      'mongodb+srv://127.0.0.1/x',
      ...['%61', 'a%62', 'local', 'admin', 'config', 'Local', 'ADMIN', 'x#y'].map(
        (name) => `mongodb://127.0.0.1:1/${name}`,
      ),
      ...['999.1.1.1', '1.2', '0x7f.1', 'a..b', '-a', 'ü', 'a b', 'a\\b', 'h'.repeat(64)].map(
        (host) => `mongodb://${host}/x`,
      ),
    ],
    ...[
      'mongodb+srv://h.example.org:1/x',
      'mongodb://a,b/x?directConnection=true',
      `mongodb://h/x?tlsCAFile=${at('none')}`,
    ],
  ];
}

/** Settings of a service that starts; the one under test comes over them. */
const sound = (folder: string) => ({
  ...CHEAP_HASHING,
  DATA_DIR: join(folder, 'data'),
  TOKEN_SECRET: randomBytes(48).toString('base64url'),
});

/** @returns what was refused, undefined where the service works */
async function outcome(t: TestContext, service: AnyService, variable: string, value: string) {
  const folder = temporaryFolder(t);
  const read = service.settings.read({
    ...sound(folder),
    ...(variable === 'DATA_DIR' && { TOKEN_SECRET: '' }),
    [variable]: value,
  });
  if (!read.ok) return read.error;
  // What every service has is put to use by the same code in each; only the name of its database is its own.
  if (service !== api && variable !== 'MONGODB_URL' && api.settings.references.some(({ name }) => name === variable))
    return undefined;
  const composition = await compose(service, read.value, {
    openStore: variable === 'MONGODB_URL' ? openStore : openMemoryStore,
  });
  if (!composition.ok) return composition.error;
  try {
    createApi(service.api(composition.value, read.value), {
      prefix: '',
      publicUrl: () => 'http://127.0.0.1',
      log: { request: () => undefined, fault: () => undefined },
      newRequestId: () => 'id',
      checkReady: composition.value.store.check,
    });
  } finally {
    await composition.value.close();
  }
  return undefined;
}

// What waits for ever ends by the time limit, which is far more than a busy machine needs.
describe('every setting of every service', { timeout: 600_000 }, () => {
  for (const service of [api, books, ships, accounts] as readonly AnyService[]) {
    for (const { name } of service.settings.references) {
      it(`${service.name}: ${name} is refused by name or works, whatever it is set to`, async (t) => {
        const folder = temporaryFolder(t);
        writeFileSync(join(folder, 'file'), 'a password\n');
        writeFileSync(join(folder, 'latin1'), Buffer.from([0xe4, 0x0a]));
        mkdirSync(join(folder, 'folder'));
        mkdirSync(join(folder, 'locked'));
        chmodSync(join(folder, 'locked'), 0o500);
        writeFileSync(join(folder, 'pem'), '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
        symlinkSync(join(folder, 'none'), join(folder, 'dangling'));
        // Where nobody writes: to open it would wait for ever.
        if (process.platform !== 'win32') execFileSync('mkfifo', [join(folder, 'pipe')]);
        for (const value of hostileValues(folder)) {
          const shown = JSON.stringify(value.slice(0, 100));
          let faults: Awaited<ReturnType<typeof outcome>>;
          try {
            faults = await outcome(t, service, name, value);
          } catch (fault) {
            // What an operator is told in one line: a store that is away, a file that may not be read.
            assert.ok(refusalOf(fault), `${shown}: ${fault instanceof Error ? fault.stack : fault}`);
            continue;
          }
          if (!faults) continue;
          assert.ok(
            faults.some(({ variable }) => variable === name),
            `${shown}: ${JSON.stringify(faults)}`,
          );
          for (const { expected } of faults) {
            assert.doesNotMatch(expected, /[\n\r]/, shown);
            assert.ok(!expected.includes(SECRET), shown);
          }
        }
      });
    }
  }

  it('refuses a MONGODB_URL for what would fail once it is used', async (t) => {
    for (const url of hostileValues(temporaryFolder(t)).filter((value) => value.startsWith('mongodb'))) {
      for (const service of [api, books] as readonly AnyService[]) {
        const faults = await outcome(t, service, 'MONGODB_URL', url);
        assert.deepEqual(
          faults?.map(({ variable }) => variable),
          ['MONGODB_URL'],
          `${service.name} ${url}`,
        );
      }
    }
  });
});
