import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseNewPassword } from '@portcullis/domain';
import fc from 'fast-check';
import { anyText } from './support/any-text.ts';

const common = new Set(['password', 'correct horse']);
const parse = parseNewPassword({ minimumLength: 8, maximumLength: 1024, isCommon: (text) => common.has(text) });

describe('new password', () => {
  it('has 8 to 1,024 characters, counted as code points', () => {
    for (const text of ['kq7!x.z8', '😀'.repeat(8), 'kq7!x.z8'.repeat(128), '😀'.repeat(1024), ' '.repeat(8)]) {
      assert.deepEqual(parse(text, 'a@example.com'), { ok: true, value: text });
    }
    for (const text of ['', 'kq7!x.z', '😀'.repeat(7)]) {
      const error = { kind: 'password-too-short', minimumLength: 8 };
      assert.deepEqual(parse(text, 'a@example.com'), { ok: false, error });
    }
    for (const text of ['a'.repeat(1025), '😀'.repeat(1025)]) {
      const error = { kind: 'password-too-long', maximumLength: 1024 };
      assert.deepEqual(parse(text, 'a@example.com'), { ok: false, error });
    }
  });

  it('has no U+0000 and no lone surrogate, however long it is', () => {
    for (const text of [
      '\0',
      'long enough\0',
      'long\0enough',
      'long enough\ud800',
      '\udfff',
      `${'x'.repeat(100_000)}\0`,
    ]) {
      assert.deepEqual(parse(text, undefined), { ok: false, error: { kind: 'password-not-text' } });
    }
    assert.ok(parse('long\tenough\n😀', undefined).ok);
  });

  it('is no common one, in any letter case', () => {
    for (const text of ['password', 'PassWord', 'CORRECT HORSE']) {
      assert.deepEqual(parse(text, undefined), { ok: false, error: { kind: 'password-common' } });
    }
    assert.ok(parse('password ', undefined).ok);
  });

  it('is not the login, in any letter case', () => {
    for (const text of ['user@example.com', 'USER@example.com']) {
      assert.deepEqual(parse(text, 'User@Example.com'), { ok: false, error: { kind: 'password-is-login' } });
    }
    assert.ok(parse('user@example.com', 'other@example.com').ok);
    assert.ok(parse('user@example.com', undefined).ok);
  });

  it('is kept as it was given, and judged without throwing', () => {
    fc.assert(
      fc.property(anyText, fc.option(anyText, { nil: undefined }), (text, email) => {
        const parsed = parse(text, email);
        if (parsed.ok) assert.equal(parsed.value, text);
        else assert.notEqual(parsed.error.kind, undefined);
      }),
    );
  });
});
