import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { parseEnv } from 'node:util';
import { describeExpectation, renderEnvExample, renderSettingsTable } from '@portcullis/service';
import { api } from '../src/service.ts';

const { settings } = api;
const { references } = settings;
type ReadSettings = Extract<ReturnType<typeof settings.read>, { readonly ok: true }>['value'];
type SettingName = keyof ReadSettings | 'MONGODB_URL' | 'MIGRATE_AT_START';

const root = new URL('../../../', import.meta.url);
const secret = randomBytes(32).toString('base64');

function settingsOf(environment: Record<string, string>): ReadSettings {
  const read = settings.read(environment);
  assert.ok(read.ok, read.ok ? '' : JSON.stringify(read.error));
  return read.value;
}

function faultsOf(environment: Record<string, string>): string[] {
  const read = settings.read(environment);
  return read.ok ? [] : read.error.map(({ variable }) => variable);
}

const defaults = {
  APP_ENV: 'development',
  HOST: '127.0.0.1',
  PORT: 3000,
  MAX_CONNECTIONS: 1000,
  DATA_DIR: 'data',
  STORE_WAIT_SECONDS: 2,
  MIGRATE_AT_START: 'yes',
  TOKEN_ISSUER: 'portcullis',
  TOKEN_AUDIENCE: 'portcullis-api',
  ACCESS_TOKEN_LIFETIME_SECONDS: 900,
  REFRESH_TOKEN_LIFETIME_SECONDS: 2_592_000,
  SESSION_LIFETIME_SECONDS: 15_552_000,
  REFRESH_GRACE_SECONDS: 10,
  TOKEN_ALGORITHM: 'HS256',
  KEY_PUBLISH_SECONDS: 300,
  MAIL_FROM: 'Portcullis <portcullis@localhost>',
  MAIL_TOKEN_LIFETIME_SECONDS: 3600,
  PASSWORD_MIN_LENGTH: 8,
  PASSWORD_HASH_MEMORY_KIB: 19456,
  PASSWORD_HASH_PASSES: 2,
  PASSWORD_HASH_WAIT_SECONDS: 2,
  CORS_ORIGINS: '*',
  AUDIT_RETENTION_SECONDS: 7_776_000,
  LOG_LEVEL: 'info',
};

/** Per variable: what is read from which text, and which texts are refused. */
const cases: Record<SettingName, { good: [text: string, value: unknown][]; bad: string[] }> = {
  APP_ENV: {
    good: [
      ['testing', 'testing'],
      ['development', 'development'],
    ],
    bad: ['prod', 'Production', 'constructor', ' testing'],
  },
  HOST: {
    good: [
      ['0.0.0.0', '0.0.0.0'],
      ['::1', '::1'],
      ['::', '::'],
      ['fe80::1%eth0', 'fe80::1%eth0'],
      ['api.example.org', 'api.example.org'],
    ],
    bad: [
      ...['999.1.1.1', '1.2', '0x7f.1', 'a'.repeat(300), `${'a'.repeat(64)}.b`, 'a..b', '::1::', 'ü'],
      ...['http://localhost', 'local host', 'localhost:3000', '-x', '[::1]', 'localhost/'],
    ],
  },
  PORT: {
    good: [
      ['0', 0],
      ['65535', 65535],
      ['8080', 8080],
    ],
    bad: ['65536', '-1', '3000.5', '0x50', '1e3', 'http', ' 80', '٣'],
  },
  MAX_CONNECTIONS: {
    good: [
      ['1', 1],
      ['1000000', 1_000_000],
    ],
    bad: ['0', '-1', '1.5', '1e3', '1000001', 'many', ' 8'],
  },
  PUBLIC_URL: {
    good: [
      ['https://api.example.org', 'https://api.example.org'],
      ['http://127.0.0.1:3000/', 'http://127.0.0.1:3000/'],
      ['http://[::1]:3000', 'http://[::1]:3000'],
      ['HTTPS://API.Example.ORG:443', 'HTTPS://API.Example.ORG:443'],
      ['https://bücher.example', 'https://bücher.example'],
    ],
    bad: [
      'api.example.org',
      '/api',
      'https://api.example.org/v1',
      'https://api.example.org?x=1',
      'https://api.example.org/?',
      'https://api.example.org/#',
      'https://me:pass@api.example.org',
      'ftp://api.example.org',
      'https:api.example.org',
      ...[
        'https://h\\',
        'https://h\\x',
        'https:\\\\h',
        'https://h ',
        ' https://h',
        'https://h\t',
        'ht\ntps://h',
        'https://h:',
      ],
      ...['https://0x7f.1', 'https://127.1', 'https://%68', 'https://１.2.3.4', 'https://h@', 'https://h:99999'],
      'https://',
    ],
  },
  DATA_DIR: { good: [['/var/lib/portcullis', '/var/lib/portcullis']], bad: ['a\0b'] },
  MONGODB_URL: {
    good: [
      ['mongodb://a,b,c/portcullis?replicaSet=rs', 'mongodb://a,b,c/portcullis?replicaSet=rs'],
      ['mongodb+srv://user:word@cluster.example', 'mongodb+srv://user:word@cluster.example'],
    ],
    bad: ['localhost:27017', 'http://localhost', 'mongodb://a b', 'mongodb://'],
  },
  MIGRATE_AT_START: { good: [['no', 'no']], bad: ['true', 'NO', '0'] },
  TOKEN_SECRET: {
    good: [
      [secret, secret],
      ['ü'.repeat(16), 'ü'.repeat(16)],
    ],
    bad: [
      'open sesame',
      'SERIALIZER_TOKEN',
      'x'.repeat(31),
      'your-256-bit-secret',
      'a-string-secret-at-least-256-bits-long',
      'your-super-secret-jwt-token-with-at-least-32-characters-long',
      'Open Sesame'.repeat(5),
      `changeme${'x'.repeat(31)}`,
    ],
  },
  TOKEN_SECRET_PREVIOUS: { good: [[secret, secret]], bad: ['open sesame', 'x'.repeat(31)] },
  TOKEN_ISSUER: {
    good: [
      ['https://issuer.example.org/a', 'https://issuer.example.org/a'],
      ['us', 'us'],
    ],
    bad: ['a b', ':x', '1:x', 'ü', 'x'.repeat(201)],
  },
  TOKEN_AUDIENCE: { good: [['urn:example:api', 'urn:example:api']], bad: ['a b', 'ü'] },
  ACCESS_TOKEN_LIFETIME_SECONDS: {
    good: [
      ['1', 1],
      ['86400', 86400],
    ],
    bad: ['0', '-5', '1.5', '15m', '31536001'],
  },
  REFRESH_TOKEN_LIFETIME_SECONDS: {
    good: [
      ['1', 1],
      ['31536000', 31_536_000],
    ],
    bad: ['0', '31536001', '30d'],
  },
  SESSION_LIFETIME_SECONDS: {
    good: [
      ['1', 1],
      ['315360000', 315_360_000],
    ],
    bad: ['0', '-1', '315360001', '180d'],
  },
  TOKEN_ALGORITHM: {
    good: [
      ['HS256', 'HS256'],
      ['EdDSA', 'EdDSA'],
      ['ES256', 'ES256'],
    ],
    bad: ['none', 'RS256', 'hs256', 'HS512'],
  },
  KEY_PUBLISH_SECONDS: {
    good: [
      ['0', 0],
      ['86400', 86_400],
    ],
    bad: ['-1', '86401', '5m'],
  },
  REFRESH_GRACE_SECONDS: {
    good: [
      ['0', 0],
      ['300', 300],
    ],
    bad: ['-1', '301', '1.5'],
  },
  CLIENTS: {
    good: [
      [`reports:${'x'.repeat(32)}`, `reports:${'x'.repeat(32)}`],
      [`a.b~c_d-e:${'0'.repeat(200)},a:${'y'.repeat(32)}`, `a.b~c_d-e:${'0'.repeat(200)},a:${'y'.repeat(32)}`],
    ],
    bad: [
      'reports',
      'reports:',
      `reports:${'x'.repeat(31)}`,
      `reports:${'x'.repeat(201)}`,
      `:${'x'.repeat(32)}`,
      `a:${'x'.repeat(32)},`,
      `a:${'x'.repeat(32)}, b:${'x'.repeat(32)}`,
      `a:${'x'.repeat(31)}:`,
      `a b:${'x'.repeat(32)}`,
    ],
  },
  TRUSTED_PROXIES: {
    good: [
      ['127.0.0.1', '127.0.0.1'],
      ['127.0.0.1, 10.0.0.0/8,fd00::/8', '127.0.0.1, 10.0.0.0/8,fd00::/8'],
      ['::1/128', '::1/128'],
      ['0.0.0.0/0', '0.0.0.0/0'],
    ],
    bad: [
      'yes',
      '*',
      '10.0.0.0/33',
      '10.0.0.0/08',
      '10.0.0/8',
      '::1/129',
      '10.0.0.1,',
      'fe80::1%eth0',
      '10.0.0.0/8/8',
      '[::1]',
    ],
  },
  PASSWORD_MIN_LENGTH: { good: [['4', 4]], bad: ['0', '129', 'eight'] },
  COMMON_PASSWORDS_FILE: { good: [['common.txt', 'common.txt']], bad: ['a\0b'] },
  PASSWORD_HASH_MEMORY_KIB: { good: [['8', 8]], bad: ['7', '1048577', '19 MiB'] },
  PASSWORD_HASH_PASSES: { good: [['1', 1]], bad: ['0', '101', 'two'] },
  STORE_WAIT_SECONDS: { good: [['60', 60]], bad: ['0', '61', '1.5', 'long'] },
  PASSWORD_HASH_WAIT_SECONDS: { good: [['60', 60]], bad: ['0', '61', 'long'] },
  CORS_ORIGINS: {
    good: [
      ['*', '*'],
      ['https://a.example', ['https://a.example']],
      ['https://a.example, http://localhost:5173', ['https://a.example', 'http://localhost:5173']],
    ],
    bad: [
      'https://a.example/',
      'a.example',
      '*,https://a.example',
      'https://a.example,',
      'null',
      'https://A.example',
      'https://a.example/path',
      'https://a.example:443',
    ],
  },
  AUDIT_RETENTION_SECONDS: {
    good: [
      ['1', 1],
      ['315360000', 315_360_000],
    ],
    bad: ['0', '315360001', '90d'],
  },
  MAIL_URL: {
    good: [
      ['outbox:', 'outbox:'],
      ['smtp://mail.example.org', 'smtp://mail.example.org'],
      ['smtp://127.0.0.1:1025?tls=none', 'smtp://127.0.0.1:1025?tls=none'],
      ['smtps://user:p%40ss@mail.example.org:465/', 'smtps://user:p%40ss@mail.example.org:465/'],
    ],
    bad: [
      'outbox',
      'mail.example.org',
      'http://mail.example.org',
      'smtp://',
      'smtp://a b',
      'smtp://a/b',
      'smtp://a?tls=0',
      ...['smtp://user:50%off@h', 'smtp://%zz:p@h', 'smtp://u:%00@h', 'smtp://u:a%0Ab@h', 'smtp://u:%ff@h'],
      ...[
        'smtp://u@h',
        'smtp://:p@h',
        'smtp://u:@h',
        'smtp://u:p:q@h',
        'smtp://u:p/q@h',
        'smtp://u:p#q@h',
        'smtp://u:p?q@h',
      ],
      ...['smtp://h:0', 'smtp://h:65536', 'smtp://h:', 'smtp://h:x', 'smtp://a..b', 'smtp://-a', 'smtp://h%20x'],
      ...['smtp://[::1', 'smtp://[1]', 'smtp://1.2', 'smtp://0x7f', 'smtp://256.1.1.1', 'smtp://bücher.example'],
      ...['smtps://h?tls=none', 'smtp://h?tls=none&a=b', 'smtp://h#x', 'SMTP://h', `smtp://${'a'.repeat(64)}.b`],
    ],
  },
  MAIL_FROM: {
    good: [
      ['mail@example.org', 'mail@example.org'],
      ['The Gate <mail@example.org>', 'The Gate <mail@example.org>'],
      ['Acme, Inc. <mail@example.org>', 'Acme, Inc. <mail@example.org>'],
      ['"Support: Acme" <mail@bücher.example>', '"Support: Acme" <mail@bücher.example>'],
    ],
    bad: [
      'mail',
      'a@b, c@d',
      'Gate mail@example.org',
      'a\nb <mail@example.org>',
      '<>',
      'Support: Acme <mail@example.org>',
    ],
  },
  MAIL_TOKEN_LIFETIME_SECONDS: { good: [['60', 60]], bad: ['0', '1h'] },
  LOG_LEVEL: { good: [['silent', 'silent']], bad: ['INFO', 'verbose'] },
};

describe('settings', () => {
  it('have a default for everything that development needs', () => {
    assert.deepEqual(settingsOf({}), defaults);
  });

  it('take an empty variable for an unset one', () => {
    assert.deepEqual(settingsOf(Object.fromEntries(Object.keys(cases).map((name) => [name, '']))), defaults);
  });

  for (const [name, { good, bad }] of Object.entries(cases)) {
    it(`read ${name}, or refuse it and nothing else`, () => {
      for (const [text, value] of good) {
        assert.deepEqual(Reflect.get(settingsOf({ [name]: text }), name as SettingName), value, text);
      }
      for (const text of bad) assert.deepEqual(faultsOf({ [name]: text }), [name], text);
    });
  }

  it('set the lifetime of tokens by APP_ENV, unless it is given', () => {
    const lifetime = (environment: Record<string, string>) => settingsOf(environment).ACCESS_TOKEN_LIFETIME_SECONDS;
    assert.equal(lifetime({ APP_ENV: 'development' }), 900);
    assert.equal(lifetime({ APP_ENV: 'testing' }), 5);
    assert.equal(lifetime({ APP_ENV: 'production', TOKEN_SECRET: secret, MAIL_URL: 'outbox:' }), 3600);
    assert.equal(lifetime({ APP_ENV: 'testing', ACCESS_TOKEN_LIFETIME_SECONDS: '7' }), 7);
  });

  it('name every bad variable at once, what is expected of it, and no value', () => {
    const value = 'Zq \0!';
    const names = Object.keys(cases);
    const read = settings.read(Object.fromEntries(names.map((name) => [name, value])));
    assert.ok(!read.ok);
    assert.deepEqual(
      read.error.map((fault) => [fault.variable, describeExpectation(fault)]),
      references.map(({ name, expected }) => [name, `expected ${expected}`]),
    );
    assert.ok(!JSON.stringify(read.error).includes('Zq'));
  });
});

describe('settings in production', () => {
  const production = (more: Record<string, string>) =>
    faultsOf({ APP_ENV: 'production', TOKEN_SECRET: secret, MAIL_URL: 'smtps://mail.example.org', ...more });

  it('have no secret and no way for mails of their own', () => {
    const read = settings.read({ APP_ENV: 'production' });
    assert.ok(!read.ok);
    assert.deepEqual(
      read.error.map(({ kind, variable }) => [kind, variable]),
      [
        ['setting-missing', 'TOKEN_SECRET'],
        ['setting-missing', 'MAIL_URL'],
      ],
    );
    assert.deepEqual(production({ TOKEN_SECRET: '' }), ['TOKEN_SECRET']);
    assert.deepEqual(production({ TOKEN_SECRET: 'open sesame' }), ['TOKEN_SECRET']);
    assert.deepEqual(production({}), []);
  });

  it('refuse secrets that a program guesses, but for the one that is being replaced', () => {
    const random = randomBytes(32).toString('hex');
    for (const weak of [
      'a'.repeat(32),
      'password'.repeat(4),
      'abcdefghijklmnopqrstuvwxyz012345',
      '0123456789abcdef'.repeat(4),
    ]) {
      assert.deepEqual(production({ TOKEN_SECRET: weak }), ['TOKEN_SECRET'], weak);
      assert.deepEqual(faultsOf({ TOKEN_SECRET: weak }), [], weak);
      assert.deepEqual(production({ CLIENTS: `reports:${weak}` }), ['CLIENTS'], weak);
      assert.deepEqual(production({ CLIENTS: `reports:${random},reports:${weak}` }), ['CLIENTS'], weak);
      assert.deepEqual(production({ TOKEN_SECRET_PREVIOUS: weak }), [], weak);
    }
    assert.deepEqual(production({ CLIENTS: `reports:${random}` }), []);
    assert.deepEqual(production({ TOKEN_SECRET_PREVIOUS: secret }), ['TOKEN_SECRET_PREVIOUS']);
  });

  it('refuse a client whose secret is the one that signs tokens, or did', () => {
    const [own, other] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')];
    for (const CLIENTS of [`reports:${own}`, `reports:${other},more:${own}`, `reports:${other},reports:${own}`]) {
      assert.deepEqual(production({ TOKEN_SECRET: own, CLIENTS }), ['CLIENTS']);
      assert.deepEqual(production({ TOKEN_SECRET_PREVIOUS: own, CLIENTS }), ['CLIENTS']);
      assert.deepEqual(production({ CLIENTS }), []);
    }
  });

  it('refuse a key that signs before everyone can know it', () => {
    assert.deepEqual(production({ KEY_PUBLISH_SECONDS: '69' }), ['KEY_PUBLISH_SECONDS']);
    assert.deepEqual(production({ KEY_PUBLISH_SECONDS: '70' }), []);
  });

  it('refuse hashes that are cheaper than what OWASP asks for, by any of its rows', () => {
    const cost = (memoryKib: number, passes: number) =>
      production({ PASSWORD_HASH_MEMORY_KIB: String(memoryKib), PASSWORD_HASH_PASSES: String(passes) });
    for (const [memoryKib, passes] of [
      [47104, 1],
      [19456, 2],
      [12288, 3],
      [9216, 4],
      [7168, 5],
      [65536, 3],
    ] as const) {
      assert.deepEqual(cost(memoryKib, passes), [], `${memoryKib} ${passes}`);
      assert.deepEqual(cost(7167, passes), ['PASSWORD_HASH_MEMORY_KIB']);
    }
    assert.deepEqual(cost(19455, 2), ['PASSWORD_HASH_MEMORY_KIB']);
    assert.deepEqual(cost(19456, 1), ['PASSWORD_HASH_MEMORY_KIB']);
    assert.deepEqual(faultsOf({ PASSWORD_HASH_MEMORY_KIB: '8', PASSWORD_HASH_PASSES: '1' }), []);
  });

  it('refuse passwords of fewer than eight characters', () => {
    assert.deepEqual(production({ PASSWORD_MIN_LENGTH: '7' }), ['PASSWORD_MIN_LENGTH']);
    assert.deepEqual(production({ PASSWORD_MIN_LENGTH: '8' }), []);
  });

  it('name a variable once, whatever is wrong with it', () => {
    assert.deepEqual(production({ PASSWORD_HASH_MEMORY_KIB: '1', PASSWORD_HASH_PASSES: '1', TOKEN_SECRET: 'x' }), [
      'TOKEN_SECRET',
      'PASSWORD_HASH_MEMORY_KIB',
    ]);
  });
});

describe('documents of the settings', () => {
  it('.env.example is what the schema says, and changes nothing where it is copied to .env', async () => {
    const committed = await readFile(new URL('.env.example', root), 'utf8');
    assert.equal(committed, renderEnvExample(references), 'npm run --silent cli -- settings --env > .env.example');
    assert.deepEqual(settingsOf(parseEnv(committed) as Record<string, string>), defaults);
    assert.deepEqual(references.map(({ name }) => name).sort(), Object.keys(cases).sort());
  });

  it('the README has the table that the schema says', async () => {
    const readme = await readFile(new URL('README.md', root), 'utf8');
    const [, table] = /<!-- settings -->\n([\s\S]*)<!-- \/settings -->/.exec(readme) ?? [];
    assert.equal(table, renderSettingsTable(references), 'npm run --silent cli -- settings --markdown');
  });
});
