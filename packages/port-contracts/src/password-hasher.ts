import assert from 'node:assert/strict';
import type { PasswordHash, PasswordHasher } from '@portcullis/domain';
import { type CaseOptions, type ContractCase, cases, type Disposable } from './contract-case.ts';

export interface PasswordHasherSubject extends Disposable {
  readonly hasher: PasswordHasher;
  /** A hash made with other parameters than the hasher's, as an older release has left them in a store. */
  readonly outdated: { readonly password: string; readonly hash: PasswordHash };
}

const contract = cases<PasswordHasherSubject>('contract', {
  'verifies the password that was hashed and no other': async ({ hasher }) => {
    const hash = await hasher.hash('correct horse battery');
    assert.equal(await hasher.verify('correct horse battery', hash), true);
    for (const other of ['correct horse batter', 'correct horse battery ', 'Correct horse battery', '']) {
      assert.equal(await hasher.verify(other, hash), false, JSON.stringify(other));
    }
  },
  'writes the PHC string format': async ({ hasher }) => {
    assert.match(
      await hasher.hash('correct horse'),
      /^\$[a-z0-9-]{1,32}(?:\$v=[0-9]+)?\$[a-z0-9-]+=[^$]+\$[^$]+\$[^$]+$/,
    );
  },
  'never gives the same hash twice': async ({ hasher }) => {
    assert.notEqual(await hasher.hash('correct horse'), await hasher.hash('correct horse'));
  },
  'counts every character of a long password': async ({ hasher }) => {
    const stem = 'p'.repeat(1023);
    const hash = await hasher.hash(`${stem}1`);
    assert.equal(await hasher.verify(`${stem}1`, hash), true);
    assert.equal(await hasher.verify(`${stem}2`, hash), false);
    assert.equal(await hasher.verify(stem.slice(0, 72), hash), false);
  },
  'takes any script': async ({ hasher }) => {
    const hash = await hasher.hash('пароль-密碼-🔑');
    assert.equal(await hasher.verify('пароль-密碼-🔑', hash), true);
    assert.equal(await hasher.verify('пароль-密碼-🔒', hash), false);
  },
  'refuses every password where there is no hash': async ({ hasher }) => {
    for (const password of ['correct horse', '']) assert.equal(await hasher.verify(password, undefined), false);
  },
  'tells a hash of today from an outdated one': async ({ hasher, outdated }) => {
    assert.equal(hasher.isCurrent(await hasher.hash('correct horse')), true);
    assert.equal(hasher.isCurrent(outdated.hash), false);
    assert.equal(hasher.isVerifiable(outdated.hash), true);
  },
  'still verifies an outdated hash': async ({ hasher, outdated }) => {
    assert.equal(await hasher.verify(outdated.password, outdated.hash), true);
    assert.equal(await hasher.verify(`${outdated.password}.`, outdated.hash), false);
  },
});

const races = cases<PasswordHasherSubject>('races', {
  'keeps concurrent callers apart': async ({ hasher }) => {
    const passwords = ['one for all', 'two by two', 'three at once'];
    const hashes = await Promise.all(passwords.map((password) => hasher.hash(password)));
    const verdicts = await Promise.all(
      passwords.flatMap((password) => hashes.map((hash) => hasher.verify(password, hash))),
    );
    assert.deepEqual(verdicts, [true, false, false, false, true, false, false, false, true]);
  },
  'does what a source asks for before most of what another one asked for earlier': async ({ hasher }) => {
    let done = 0;
    const many = Array.from({ length: 40 }, async (_, n) => {
      await orRefused(hasher.hash('correct horse', { source: ['192.0.2.1'], subject: `${n}` }));
      done += 1;
    });
    await hasher.hash('correct horse', { source: ['198.51.100.1'], subject: 'ada' });
    assert.ok(done < 20, `${done} of 40 were before it`);
    await Promise.all(many);
  },
});

const hostile = cases<PasswordHasherSubject>('hostile', {
  'confuses no two passwords over NUL, lone surrogates or spelling': async ({ hasher }) => {
    const lookalikes = ['ab\0c', 'ab\0d', 'ab', 'ab\ud800', 'ab\udbff', 'ab\ufffd', 'ab ', 'ab\u200b'];
    for (const [index, password] of lookalikes.entries()) {
      const hash = await orRefused(hasher.hash(password));
      if (hash === undefined) continue;
      assert.equal(await hasher.verify(password, hash), true, JSON.stringify(password));
      const other = lookalikes[(index + 1) % lookalikes.length] ?? '';
      assert.notEqual(await orRefused(hasher.verify(other, hash)), true, JSON.stringify([password, other]));
    }
  },
  'lets nobody in by a text that is no hash, and says that it is none': async ({ hasher }) => {
    for (const text of [
      '',
      'secret',
      '$argon2id$',
      '$argon2id$v=19$m=8,t=1,p=1$$',
      '$2b$04$',
      '\0',
      '$'.repeat(10_000),
    ]) {
      assert.equal(hasher.isVerifiable(text as PasswordHash), false, JSON.stringify(text));
      for (const password of ['secret', '']) {
        assert.notEqual(await orRefused(hasher.verify(password, text as PasswordHash)), true, JSON.stringify(text));
      }
    }
  },
});

/** Undefined where the call was refused by a throw, which is as good as an answer here. */
const orRefused = <T>(call: Promise<T>): Promise<T | undefined> => call.catch(() => undefined);

/** What every PasswordHasher must do. */
export const passwordHasherContract = (options: CaseOptions<PasswordHasherSubject>): readonly ContractCase[] =>
  [contract, races, hostile].flatMap((section) => section(options));
