import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { normalizePassword, parseNewPassword } from '@portcullis/domain';
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

  it('is normalised before its length, the login and the list are looked at', () => {
    const policy = { minimumLength: 3, maximumLength: 4, isCommon: (text: string) => text === 'caf\u00e9' };
    const judge = parseNewPassword(policy);
    const kind = (text: string, login?: string) => {
      const judged = judge(text, login);
      return judged.ok ? judged.value : judged.error.kind;
    };
    assert.equal(kind('e\u0301e\u0301'), 'password-too-short');
    assert.equal(kind('e\u0301e\u0301e\u0301e\u0301'), '\u00e9\u00e9\u00e9\u00e9');
    assert.equal(kind('CAFE\u0301'), 'password-common');
    assert.equal(kind('ete\u0301', 'et\u00e9'), 'password-is-login');
    assert.equal(kind('a\u00a0\u3000b'), 'a  b');
  });

  it('is kept but for its spelling, and judged without throwing', () => {
    fc.assert(
      fc.property(anyText, fc.option(anyText, { nil: undefined }), (text, email) => {
        const parsed = parse(text, email);
        if (parsed.ok) assert.equal(parsed.value, normalizePassword(text));
        else assert.notEqual(parsed.error.kind, undefined);
      }),
    );
  });
});
