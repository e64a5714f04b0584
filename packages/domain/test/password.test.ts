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

  it('has no control, format character or separator of lines, wherever and however many they are (generated)', () => {
    const refused = { ok: false, error: { kind: 'password-not-text' } };
    const points = Array.from({ length: 0x110000 }, (_, point) => String.fromCodePoint(point));
    // By the category alone, and not by the expression that the rule is.
    const unseen = points.filter(
      (text) => /^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]$/u.test(text) && !'\u200c\u200d'.includes(text),
    );
    assert.ok(unseen.length > 200);
    for (const text of unseen) {
      for (const typed of [text.repeat(9), `iron bars${text}`, `${text}iron bars`, `iron${text}bars and oak`]) {
        assert.deepEqual(parse(typed, undefined), refused, JSON.stringify(typed));
      }
    }
    fc.assert(
      fc.property(anyText, fc.constantFrom(...unseen), anyText, (before, text, after) => {
        assert.deepEqual(parse(`${before}${text}${after}`, undefined), refused);
      }),
    );
  });

  it('may have what people write: spaces, joiners and emoji that are made of several characters', () => {
    for (const text of [
      'e\u0301 mit \u00a0 Raum',
      '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 1',
      '👩\u200d💻❤\ufe0f'.repeat(3),
    ]) {
      assert.ok(parse(text, undefined).ok, text);
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
