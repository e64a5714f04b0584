import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { estimatedBits, isHardToGuess } from '../src/settings/entropy.ts';

const ROUNDS = 3000;

describe('how hard a secret is to guess', () => {
  it('is nothing to worry about where a random generator printed it', () => {
    const generators: Readonly<Record<string, () => string>> = {
      'openssl rand -base64 48': () => randomBytes(48).toString('base64'),
      'openssl rand -base64 32': () => randomBytes(32).toString('base64'),
      'openssl rand -base64 24': () => randomBytes(24).toString('base64'),
      'openssl rand -hex 32': () => randomBytes(32).toString('hex'),
      'openssl rand -hex 64': () => randomBytes(64).toString('hex'),
      'base64url of 24 bytes': () => randomBytes(24).toString('base64url'),
      'two UUIDs': () => `${randomUUID()}${randomUUID()}`,
    };
    for (const [name, draw] of Object.entries(generators)) {
      let least = Number.POSITIVE_INFINITY;
      for (let round = 0; round < ROUNDS; round += 1) least = Math.min(least, estimatedBits(draw()));
      assert.ok(least >= 100, `${name}: ${least}`);
    }
  });

  it('is little for what people write', () => {
    for (const secret of [
      'a'.repeat(32),
      'a'.repeat(200),
      'password'.repeat(4),
      'Password1Password2Password3Password4',
      'P@ssw0rd'.repeat(5),
      'abcdefghijklmnopqrstuvwxyz0123456789',
      '0123456789abcdef0123456789abcdef',
      'fedcba9876543210fedcba9876543210',
      'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ',
      'acegikmoqsuwyacegikmoqsuwyacegikmoqsuwy',
      'qwertyuiopasdfghjklzxcvbnm1234567890',
      'secretsecretsecretsecretsecretsecret',
      'correct horse battery staple correct horse battery staple',
      'the quick brown fox jumps over the lazy dog',
      'this is my super secret jwt signing key',
      'please-change-this-secret-key-in-production',
      'passwordsecretadminletmeinwelcome',
      'passworddrowssappassworddrowssap',
      'your-256-bit-secret-your-256-bit-secret',
      'serializer_token serializer_token',
      'open sesame open sesame open sesame',
      '12345678901234567890123456789012',
      '00000000-0000-0000-0000-000000000000',
      'deadbeefdeadbeefdeadbeefdeadbeef',
      'aaaaaaaabbbbbbbbccccccccdddddddd',
      'ü'.repeat(32),
      Buffer.from('password'.repeat(4)).toString('base64'),
      Buffer.from('password'.repeat(4)).toString('hex'),
      Buffer.from('a secret that nobody will ever guess').toString('base64'),
    ]) {
      assert.equal(isHardToGuess(secret), false, `${secret}: ${estimatedBits(secret)}`);
    }
  });

  it('is little for whatever is a short block over and over, a run, or such things one after the other', () => {
    const block = fc.string({ minLength: 1, maxLength: 8 }).map((text) => text.repeat(200 / text.length));
    const run = fc
      .tuple(fc.integer({ min: 33, max: 90 }), fc.integer({ min: -1, max: 1 }), fc.integer({ min: 10, max: 30 }))
      .map(([from, step, length]) => String.fromCharCode(...Array.from({ length }, (_, n) => from + n * step)));
    const word = fc.constantFrom(
      'password',
      'secret',
      'token',
      'admin',
      'Welcome',
      'LETMEIN',
      'qwertyuiop',
      '12345678',
    );
    const weak = fc.oneof(
      block,
      fc.array(run, { minLength: 1, maxLength: 4 }).map((runs) => runs.join('')),
      fc.array(word, { minLength: 4, maxLength: 8 }).map((words) => words.join('')),
      fc.tuple(word, fc.integer({ min: 0, max: 9999 })).map(([text, n]) => `${text}${n}`.repeat(6)),
    );
    fc.assert(
      fc.property(weak, (secret) => !isHardToGuess(secret)),
      { numRuns: 2000 },
    );
  });

  it('is a number for every text, and for a very long one', () => {
    assert.equal(isHardToGuess('password'.repeat(20_000)), false);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (secret) => estimatedBits(secret) >= 0),
      { numRuns: 500 },
    );
  });
});
