import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { hashParametersOf, type PasswordHash, Unavailable } from '@portcullis/domain';
import { estimatedMs, storedHash, type Work, workOf } from '@portcullis/security';
import fc from 'fast-check';
import { openHasher, unhurried } from './support/hashers.ts';

const PASSWORD = 'correct horse';
const HEX = 'ab'.repeat(64);
const BCRYPT_REST = 'abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e';
const ARGON2_REST = 'c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNo';

const hash = (parameters: string): PasswordHash => {
  const rests = { $argon: ARGON2_REST, pbkdf2: `SaltSalt$${HEX.slice(64)}`, scrypt: `SaltSalt$${HEX}` };
  const rest = rests[parameters.slice(0, 6) as keyof typeof rests] ?? BCRYPT_REST;
  return `${parameters}$${rest}` as PasswordHash;
};
const ways = (...hashes: readonly PasswordHash[]) => hashes.map(hashParametersOf);

/** A hasher, and what it handed to its thread. */
function counted(t: TestContext) {
  const handed: (readonly Work[])[] = [];
  const hasher = openHasher(t, { onWork: (works) => handed.push(works) });
  const workFor = async (password: string, stored: PasswordHash | undefined, inUse: readonly PasswordHash[]) => {
    handed.length = 0;
    const verified = await hasher.verify(password, stored, { inUse: ways(...inUse) });
    return { verified, works: handed.flat() };
  };
  return { hasher, workFor };
}

describe('what a hash costs', () => {
  const hasher = unhurried();
  const fault = (parameters: string) => hasher.faultOf(hash(parameters))?.kind;

  it('is bounded by time and by memory, for every format', () => {
    const cases: Readonly<Record<string, 'hash-too-dear' | 'hash-unreadable' | undefined>> = {
      $2b$14: undefined,
      $2b$15: 'hash-too-dear',
      $2y$31: 'hash-too-dear',
      $2b$32: 'hash-unreadable',
      $2b$03: 'hash-unreadable',
      'pbkdf2:sha256:1000000': undefined,
      'pbkdf2:sha256:9999999': 'hash-too-dear',
      'pbkdf2:sha256:99999999999': 'hash-unreadable',
      'scrypt:32768:8:1': undefined,
      'scrypt:262144:8:16': 'hash-too-dear',
      'scrypt:1048576:8:1': 'hash-too-dear',
      'scrypt:2:1:999999999': 'hash-too-dear',
      'scrypt:1:8:1': 'hash-unreadable',
      'scrypt:32768:1:1': undefined,
      'scrypt:65536:1:1': 'hash-unreadable',
      'scrypt:524288:1:1': 'hash-unreadable',
      'scrypt:65536:2:1': undefined,
      'scrypt:2:8:170000': 'hash-too-dear',
      'scrypt:2:131072:8': 'hash-too-dear',
      'scrypt:1000:8:1': 'hash-unreadable',
      '$argon2id$v=19$m=65536,t=3,p=4': undefined,
      '$argon2id$v=16$m=65536,t=3,p=4': undefined,
      '$argon2id$v=19$m=1048576,t=20,p=1': 'hash-too-dear',
      '$argon2id$v=19$m=1048576,t=1,p=1': 'hash-too-dear',
      '$argon2id$v=19$m=8,t=4294967295,p=1': 'hash-too-dear',
      '$argon2id$v=19$m=99999999999999,t=1,p=1': 'hash-unreadable',
      '$argon2id$v=19$m=1,t=1,p=1': 'hash-unreadable',
      '$argon2id$v=19$m=8,t=0,p=1': 'hash-unreadable',
      '$argon2id$v=19$m=08,t=1,p=1': 'hash-unreadable',
      '$argon2id$v=19$m=64,t=1,p=9': 'hash-unreadable',
      '$argon2id$v=19$m=9999,t=1,p=65': 'hash-unreadable',
      '$argon2id$v=18$m=64,t=1,p=1': 'hash-unreadable',
    };
    for (const [parameters, kind] of Object.entries(cases)) assert.equal(fault(parameters), kind, parameters);
  });

  it('refuses salts and digests that the library would not take', () => {
    const [parameters, salt, digest] = ['$argon2id$v=19$m=8,t=1,p=1', 'c2FsdHNhbHQ', 'c29tZSBoYXNoIG9mIGE'];
    assert.ok(storedHash(`${parameters}$${salt}$${digest}`));
    for (const [wrongSalt, wrongDigest] of [
      ['c2FsdA', digest],
      [salt, 'YWJj'],
      [salt, `${digest.slice(0, -1)}F`],
      [salt, `${digest}AA`],
      ['A'.repeat(1000), digest],
      [salt, 'A'.repeat(1000)],
      [salt, ''],
      ['', digest],
    ]) {
      assert.equal(storedHash(`${parameters}$${wrongSalt}$${wrongDigest}`), undefined, `${wrongSalt} ${wrongDigest}`);
    }
  });

  it('is found for any numbers, and what is not refused can be verified without a fault', async (t) => {
    const { hasher, workFor } = counted(t);
    const number = fc.oneof(
      fc.nat(40),
      fc.constantFrom(0, 1, 2, 8, 64, 1024, 32_768, 2 ** 31, 2 ** 32, 1e15),
      fc.nat(),
    );
    const parameters = fc.oneof(
      fc.tuple(number, number, number).map(([m, time, p]) => `$argon2id$v=19$m=${m},t=${time},p=${p}`),
      fc.tuple(number, number, number).map(([N, r, p]) => `scrypt:${N}:${r}:${p}`),
      number.map((iterations) => `pbkdf2:sha256:${iterations}`),
      fc.nat(99).map((cost) => `$2b$${String(cost).padStart(2, '0')}`),
    );
    const judged = fc.asyncProperty(parameters, async (text) => {
      const stored = hash(text);
      const work = workOf(text);
      const isDear = work !== undefined && estimatedMs(work) > 20;
      const { works, verified } = isDear ? { works: [work], verified: false } : await workFor('wrong', stored, []);
      assert.equal(verified, false);
      assert.ok(works.every((each) => Number.isFinite(estimatedMs(each)) && estimatedMs(each) >= 0));
      if (hasher.isVerifiable(stored)) assert.ok(work && estimatedMs(work) <= 1000, text);
      assert.equal(hasher.faultOf(stored) === undefined, hasher.isVerifiable(stored));
    });
    await fc.assert(judged, { numRuns: 300 });
  });

  it('bounds what a login may cost by all hashes in use before an import', () => {
    const { milliseconds, maximumMilliseconds } = hasher.costOfLogin(
      ways(hash('$2b$14'), hash('pbkdf2:sha256:4000000')),
    );
    assert.ok(milliseconds > maximumMilliseconds);
    const usual = hasher.costOfLogin(ways(hash('$2b$12'), hash('scrypt:32768:8:1'), hash('pbkdf2:sha256:1000000')));
    assert.ok(usual.milliseconds < usual.maximumMilliseconds);
  });
});

describe('a stored hash that is too dear, or none at all', () => {
  it('lets nobody in, costs what every login costs, and is no fault', async (t) => {
    const { workFor, hasher } = counted(t);
    const inUse = [hash('$2b$05'), hash('scrypt:262144:8:16')];
    const expected = await workFor(PASSWORD, undefined, inUse);
    assert.equal(expected.works.length, 2);
    for (const text of [
      ...[hash('scrypt:262144:8:16'), hash('$argon2id$v=19$m=1048576,t=20,p=1'), hash('$argon2id$v=19$m=1,t=1,p=1')],
      ...['', 'x', '$'.repeat(1000), `${hash('$2b$05')}\n`, '$argon2id$v=19$m=99999999999999,t=1,p=1$c2FsdA$c29tZQ'],
    ]) {
      assert.deepEqual(await workFor(PASSWORD, text as PasswordHash, inUse), expected, text);
      assert.equal(hasher.isCurrent(text as PasswordHash), false);
    }
  });
});

describe('the work of a login', () => {
  const IN_USE = [
    ...[hash('$2b$04'), hash('$2b$06'), hash('$2y$05'), hash('pbkdf2:sha256:10'), hash('pbkdf2:sha256:1000')],
    ...[hash('scrypt:16:8:1'), hash('scrypt:16:8:3'), hash('scrypt:64:1:1')],
    ...[hash('$argon2id$v=19$m=64,t=1,p=1'), hash('$argon2id$v=19$m=64,t=4,p=1'), hash('$argon2id$v=19$m=16,t=2,p=2')],
  ];

  it('is the same for an unknown user, a native one and one of each kind of imported hash', async (t) => {
    const { hasher, workFor } = counted(t);
    const { works } = await workFor(PASSWORD, undefined, IN_USE);
    assert.deepEqual(
      works.map(({ line: { scheme }, amount }) => [scheme, amount]),
      [
        ['argon2id', 2],
        ['argon2id', 4],
        ['bcrypt', 64],
        ['pbkdf2-sha256', 1000],
        ['scrypt', 3],
        ['scrypt', 1],
      ],
    );
    const native = await hasher.hash(PASSWORD);
    for (const stored of [native, ...IN_USE]) {
      // A NUL is refused by some formats, and must not be refused any sooner.
      for (const password of ['wrong', '', `${PASSWORD}\0`, 'x'.repeat(1000), 'lone \ud800']) {
        assert.deepEqual(await workFor(password, stored, IN_USE), { verified: false, works }, stored);
      }
    }
    assert.deepEqual(await workFor(PASSWORD, native, IN_USE), { verified: true, works });
  });

  it('is done, and not only counted: in processor time as well', async (t) => {
    const { hasher } = counted(t);
    const native = await hasher.hash(PASSWORD);
    const dear = hash('$2b$11');
    const inUse = ways(dear, hash('scrypt:4096:8:3'));
    const costOf = async (stored: PasswordHash | undefined): Promise<number> => {
      const before = process.cpuUsage();
      await hasher.verify('wrong', stored, { inUse });
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    // The first one starts the threads. A hundredth is what a login costs without the work of the others.
    await costOf(undefined);
    const [unknown, known, own] = [await costOf(undefined), await costOf(dear), await costOf(native)];
    for (const cost of [unknown, own]) {
      assert.ok(cost > known / 4 && cost < known * 4, `${unknown}, ${known} and ${own} µs`);
    }
  });

  it('is today\u2019s alone where nothing else is in use', async (t) => {
    const { hasher, workFor } = counted(t);
    const native = await hasher.hash(PASSWORD);
    const { works } = await workFor(PASSWORD, native, [native]);
    assert.deepEqual(
      works.map(({ amount }) => amount),
      [1],
    );
    assert.deepEqual((await workFor('wrong', undefined, [])).works, works);
  });

  it('depends on what is in use and on nothing else, whatever that is', async (t) => {
    const { workFor } = counted(t);
    const any = fc.oneof(
      fc.integer({ min: 4, max: 7 }).map((cost) => hash(`$2b$0${cost}`)),
      fc.integer({ min: 1, max: 3000 }).map((iterations) => hash(`pbkdf2:sha256:${iterations}`)),
      fc
        .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 4 }))
        .map(([power, r, p]) => hash(`scrypt:${2 ** power}:${r}:${p}`)),
      fc
        .tuple(fc.integer({ min: 32, max: 256 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))
        .map(([m, time, p]) => hash(`$argon2id$v=19$m=${m},t=${time},p=${p}`)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(any, { minLength: 1, maxLength: 5 }), fc.string(), async (inUse, password) => {
        const unknown = await workFor(password, undefined, inUse);
        for (const stored of inUse) {
          assert.deepEqual((await workFor(password, stored, inUse)).works, unknown.works);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('the wait', () => {
  it('is estimated from what is queued, not from what was hashed before', async (t) => {
    const hasher = openHasher(t, { maximumWaitMs: 100 });
    const dear = hash('$2b$12');
    await hasher.verify('a dear one', dear);
    // After a dear one, two cheap ones at once: neither waits long.
    await Promise.all([hasher.verify('wrong', undefined), hasher.verify('wrong', undefined)]);
    const accepted = [hasher.verify('a dear one', dear), hasher.verify('next', dear)];
    await assert.rejects(hasher.verify('wrong', undefined), (fault) => {
      assert.ok(fault instanceof Unavailable && fault.retryAfterSeconds >= 1);
      return true;
    });
    assert.deepEqual(await Promise.all(accepted), [false, false]);
  });
});
