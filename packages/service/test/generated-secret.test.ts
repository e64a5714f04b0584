import assert from 'node:assert/strict';
import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { looksGenerated } from '../src/settings/generated-secret.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const LETTERS_AND_DIGITS = `${LETTERS}${LETTERS.toUpperCase()}0123456789`;
const drawn = (alphabet: string, length: number) =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');

const GENERATORS: Readonly<Record<string, () => string>> = {
  'openssl rand -hex 16': () => randomBytes(16).toString('hex'),
  'openssl rand -hex 32': () => randomBytes(32).toString('hex'),
  'openssl rand -hex 64, in capitals': () => randomBytes(64).toString('hex').toUpperCase(),
  'openssl rand -base64 24': () => randomBytes(24).toString('base64'),
  'openssl rand -base64 32': () => randomBytes(32).toString('base64'),
  'openssl rand -base64 48': () => randomBytes(48).toString('base64'),
  'base64url of 32 bytes': () => randomBytes(32).toString('base64url'),
  'base64 of openssl rand -hex 32': () => Buffer.from(`${randomBytes(32).toString('hex')}\n`).toString('base64'),
  'uuidgen, twice': () => `${randomUUID()}${randomUUID()}`,
  'pwgen -s 40': () => drawn(LETTERS_AND_DIGITS, 40),
  'a password manager, 32 with symbols': () => drawn(`${LETTERS_AND_DIGITS}!@#$%^&*-_.+`, 32),
  'all printable characters, 32': () => drawn(String.fromCharCode(...Array.from({ length: 94 }, (_, n) => n + 33)), 32),
  '32 letters': () => drawn(LETTERS, 32),
  '32 of base32': () => drawn(`${LETTERS.toUpperCase()}234567`, 32),
};
const ROUNDS = 250;

/** The ways in which bytes become a setting. */
const ENCODINGS = ['hex', 'base64', 'base64url'] as const;
const spelt = (bytes: Uint8Array) => ENCODINGS.map((encoding) => Buffer.from(bytes).toString(encoding));
const bytesOf = (length: number, at: (n: number) => number) => Uint8Array.from({ length }, (_, n) => at(n));

const refused = (secret: string) => assert.equal(looksGenerated(secret), false, secret);

describe('a secret that a generator made', () => {
  for (const [name, draw] of Object.entries(GENERATORS)) {
    it(`is taken from ${name}`, () => {
      const refused = Array.from({ length: ROUNDS }, draw).filter((secret) => !looksGenerated(secret));
      // Of 100,000 up to seven are refused, by chance: three of these in one run of a million.
      assert.ok(refused.length <= 2, refused.join(', '));
    });
  }

  it('is taken with the name of its format before it, and in groups', () => {
    const hex = randomBytes(32).toString('hex');
    for (const secret of [
      `base64:${randomBytes(32).toString('base64')}`,
      `prod-${hex}`,
      `Bearer ${hex}`,
      hex.replaceAll(/(..)(?!$)/g, '$1:'),
      hex.replaceAll(/(.{8})(?!$)/g, '$1-'),
    ]) {
      assert.ok(looksGenerated(secret), secret);
    }
  });
});

describe('a secret that a person made', () => {
  it('is refused where it is words, names and years, in whatever order and dress', () => {
    for (const secret of [
      ...['a'.repeat(32), 'a'.repeat(2000), 'password'.repeat(4), 'P@ssw0rd'.repeat(5), 'password'.repeat(20_000)],
      'Password1Password2Password3Password4',
      'secretsecretsecretsecretsecretsecret',
      'correct horse battery staple correct horse battery staple',
      'the quick brown fox jumps over the lazy dog',
      'this is my super secret jwt signing key',
      'please-change-this-secret-key-in-production',
      'passwordsecretadminletmeinwelcome',
      'passworddrowssappassworddrowssap',
      'your-256-bit-secret-your-256-bit-secret',
      '5up3r53cr3tJWTk3y!Ch4ng3M3N0w2024!',
      'AcmeCorpWidgetsInternalPlatform2024!',
      'Mein-Hund-heisst-Waldi-und-ist-braun-1987',
      'Ada likes to walk along the river in spring with a dog',
      'Acme-Prod-JWT-Signing-Key-2026-Q4-v2',
      'Summer2024!Winter2024!Spring2025!Autumn',
      'thisisaverylongsecretkeynobodyknows',
      'THISISAVERYLONGSECRETKEYNOBODYKNOWS',
      'LaViaDelTrenoPassaPerMilano2021!',
      'Quiero-Un-Perro-Blanco-Para-Navidad',
      'p@$$w0rd_f0r_th3_pr0duct10n_s3rv3r',
      'ProdDbJwtKey_Rev3_DoNotShare_Ops7',
      'p-a-s-s-w-o-r-d-s-e-c-r-e-t-t-o-k-e-n',
      'cnffjbeqfrpergnqzvajrypbzr-cnffjbeq',
      'k8s-prod-eu-west-1-jwt-secret-2024',
      'пароль-секрет-ключ-токен-сервер',
      'ü'.repeat(32),
      'Ключ для подписи токенов, храните его в тайне',
    ]) {
      refused(secret);
    }
  });

  it('is refused where it is a sequence, a walk over the keyboard, or numbers that everybody computes', () => {
    for (const secret of [
      'abcdefghijklmnopqrstuvwxyz0123456789',
      '0123456789abcdef0123456789abcdef',
      'fedcba9876543210fedcba9876543210',
      'acegikmoqsuwyacegikmoqsuwyacegikmoqsuwy',
      'qwertyuiopasdfghjklzxcvbnm1234567890',
      '!QAZ2wsx#EDC4rfv%TGB6yhn&UJM8ik,',
      '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.',
      'asdjfhaksdjfhqweoriuzxcmnvbasdkfjh',
      'a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6',
      'aB1!aB2@aB3#aB4$aB5%aB6^aB7&aB8*',
      '31415926535897932384626433832795028841',
      'pi=3.14159265358979323846264338327950288',
      '2.7182818284590452353602874713526624977',
      '0112358132134558914423337761098715972584',
      '1248163264128256512102420484096819216384',
      'deadbeefdeadbeefdeadbeefdeadbeef',
      '00000000-0000-0000-0000-000000000000',
      // A time and a machine; a name.
      '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
      '886313e1-3b8a-5372-9b90-0c9aee199e5d',
    ]) {
      refused(secret);
    }
  });

  it('is refused where standards print it', () => {
    for (const hex of [
      '243f6a8885a308d313198a2e03707344',
      '2b7e151628aed2a6abf7158809cf4f3c',
      '6a09e667bb67ae853c6ef372a54ff53a510e527f9b05688c1f83d9ab5be0cd19',
      Buffer.from('hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg', 'base64url').toString('hex'),
    ]) {
      for (const secret of [hex.toUpperCase(), ...spelt(Buffer.from(hex, 'hex'))]) refused(secret);
    }
  });
});

/** Known to no list of ours but by chance. */
const word = fc.constantFrom(
  ...['Acme', 'gadget', 'invoice', 'Berlin', 'sommer', 'kitchen', 'montagne', 'perro', 'braun', 'harbour', 'telefono'],
  ...['customer', 'freedom', 'yellow', 'station', 'zebra', 'viking', 'castello', 'northwind', 'payment', 'lantern'],
);
const words = fc.array(word, { minLength: 6, maxLength: 9 });
const capitalised = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
const LEET: Readonly<Record<string, string>> = { a: '4', e: '3', i: '1', o: '0', s: '5', t: '7' };
const byte = fc.integer({ min: 0, max: 255 });
const weakBytes = fc.oneof(
  // Counting, in steps or not at all.
  fc
    .tuple(byte, byte, fc.integer({ min: 24, max: 64 }))
    .map(([from, step, length]) => bytesOf(length, (n) => from + n * step)),
  // Each computed from the one before.
  fc.tuple(byte, byte, byte).map(([from, factor, step]) => {
    let value = from;
    return bytesOf(40, () => {
      value = (value * factor + step) & 255;
      return value;
    });
  }),
  // Rising only: primes, squares, anything sorted.
  fc.uint8Array({ minLength: 64, maxLength: 64 }).map((bytes) => Uint8Array.from(new Set(bytes)).sort()),
  // Two that count, each in its own direction.
  fc
    .tuple(byte, byte, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
    .map(([one, other, up, down]) => bytesOf(40, (n) => (n % 2 ? one + n * up : other - n * down))),
  // A block over and over.
  fc.uint8Array({ minLength: 1, maxLength: 8 }).map((block) => bytesOf(40, (n) => block[n % block.length] ?? 0)),
);

describe('a secret of a kind', () => {
  const property = <T>(arbitrary: fc.Arbitrary<T>, toSecrets: (value: T) => readonly string[], numRuns = 150) =>
    fc.assert(
      fc.property(arbitrary, (value) => {
        for (const secret of toSecrets(value)) refused(secret);
      }),
      // The same texts in each run: which texts are weak is an estimate, and one in some thousands is taken.
      { numRuns, seed: 2 },
    );

  it('is refused, whatever bytes in order it spells', () => property(weakBytes, spelt));

  it('is refused, whichever common word it is the digest of, and however that is spelt', () => {
    const common = fc.constantFrom(
      ...['password', '', 'secret', '123456', 'admin', 'letmein', 'test', 'hello', 'changeme', 'Password', 'ADMIN'],
      ...['hello world', 'mysecret', 'jwt-secret', 'secret_key', 'iloveyou', 'dragon', 'monkey', 'token', 'key'],
      ...['my-secret-key', 'correct horse battery staple', '0', '1234', '2024'],
    );
    const digest = fc.constantFrom('md5', 'sha1', 'sha256', 'sha512');
    property(fc.tuple(common, digest, fc.constantFrom('', '\n')), ([text, algorithm, end]) => {
      const hashed = createHash(algorithm)
        .update(text === '' ? '' : text + (text.includes(' ') || /\W|_|my/.test(text) ? '' : end))
        .digest();
      const all = [...spelt(hashed), hashed.toString('hex').toUpperCase()];
      return [
        ...all,
        ...all.flatMap((secret) => [
          Buffer.from(secret).toString('base64'),
          ...(secret.length < 42 ? [] : [`${algorithm}:${secret}`]),
        ]),
      ];
    });
  });

  it('is refused, whatever words it has, however they are joined, dressed and encoded', () => {
    const joint = fc.constantFrom('', '-', '_', '.', ' ', '!', '2024', '7');
    property(
      fc.tuple(words, joint),
      ([some, between]) => {
        const joined = some.map(capitalised).join(between);
        const leet = joined.toLowerCase().replaceAll(/[aeiost]/g, (letter) => LEET[letter] ?? letter);
        const dressed = [
          joined,
          joined.toLowerCase(),
          joined.toUpperCase(),
          `${leet}!`,
          [...joined].reverse().join(''),
        ];
        return dressed.flatMap((text) => [text, ...spelt(Buffer.from(text))]);
      },
      40,
    );
  });

  it('is refused, whatever runs of the keyboard and the alphabet it has', () => {
    const row = fc.constantFrom(
      '1234567890',
      'qwertyuiop',
      'asdfghjkl',
      'zxcvbnm',
      'qwertzuiop',
      'azertyuiop',
      LETTERS,
    );
    const run = fc
      .tuple(row, fc.nat(9), fc.integer({ min: 5, max: 10 }), fc.boolean())
      .map(([keys, from, length, back]) => {
        const part = keys.slice(from % 3, (from % 3) + length);
        return back ? [...part].reverse().join('') : part;
      });
    property(fc.array(run, { minLength: 7, maxLength: 9 }), (runs) => [runs.join(''), runs.map(capitalised).join('')]);
    const columns = fc
      .nat(3)
      .map((from) =>
        Array.from({ length: 7 }, (_, x) =>
          ['1234567890', 'qwertyuiop', 'asdfghjkl;', 'zxcvbnm,./'].map((keys) => keys[from + x]).join(''),
        ),
      );
    property(columns, (keys) => [keys.join(''), keys.map((each, n) => (n % 2 ? each.toUpperCase() : each)).join('')]);
  });

  it('is refused where a short block is there over and over, or digits alone', () => {
    property(fc.string({ minLength: 1, maxLength: 8 }), (block) => [block.repeat(Math.ceil(48 / block.length))]);
    property(fc.stringMatching(/^[0-9]{32,64}$/), (digits) => [digits, digits.replaceAll(/(.{4})/g, '$1-')]);
  });

  it('is refused where it has a character that no generator prints', () => {
    const foreign = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((text) => /[^ -~]/.test(text));
    property(foreign, (text) => [`${text}${randomBytes(8).toString('hex')}`]);
  });

  it('is judged, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        (secret) => typeof looksGenerated(secret) === 'boolean',
      ),
      { numRuns: 300 },
    );
  });
});
