import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Login, type UserNameRules, userNameLogins } from '@portcullis/domain';
import fc from 'fast-check';
import { anyText } from './support/any-text.ts';

const RULES: UserNameRules = { minimumLength: 2, maximumLength: 8, letterCase: 'distinct', colons: true };
const LOWERED: UserNameRules = { ...RULES, letterCase: 'lowered', colons: false };

const logins = userNameLogins(RULES);
const lowered = userNameLogins(LOWERED);
const key = (policy: typeof logins, text: string) => policy.keyOf(text as Login);

const HIDDEN = [
  'a\0',
  'a\nb',
  '\u001b[2J',
  'a\u0085',
  '\u202eab',
  '\u2066ab',
  'a\u200bb',
  'a\u200db',
  'a\u00adb',
  'a\u2028b',
  'a\ud800',
];

describe('user name', () => {
  it('has as many characters as the rules say, counted as code points', () => {
    for (const text of ['ab', '😀😀', 'abcdefgh', '😀'.repeat(8), '  ', '__proto__'.slice(0, 8)]) {
      assert.deepEqual(logins.parse(text), { ok: true, value: text });
    }
    for (const text of ['', 'a', '😀']) {
      assert.deepEqual(logins.parse(text), { ok: false, error: { kind: 'user-name-too-short', minimumLength: 2 } });
    }
    for (const text of ['abcdefghi', '😀'.repeat(9), 'a'.repeat(100_000)]) {
      assert.deepEqual(logins.parse(text), { ok: false, error: { kind: 'user-name-too-long', maximumLength: 8 } });
    }
  });

  it('has no control or format character, and yet is looked for with one: an earlier release registered it', () => {
    for (const policy of [logins, lowered]) {
      for (const text of HIDDEN) {
        const refused = { ok: false, error: { kind: 'user-name-has-controls' } };
        assert.deepEqual(policy.parse(text), refused, JSON.stringify(text));
        assert.equal(policy.presented(text), policy === logins ? text : text.toLowerCase(), JSON.stringify(text));
      }
    }
    fc.assert(
      fc.property(anyText, (text) => {
        if (/[\p{Cc}\p{Cf}\p{Cs}]/u.test(text)) assert.equal(logins.parse(text).ok, false);
      }),
    );
  });

  it('has a colon only where the rules allow it', () => {
    assert.deepEqual(logins.parse('a:b'), { ok: true, value: 'a:b' });
    for (const text of ['a:b', '::', ':ab', 'ab:']) {
      assert.deepEqual(lowered.parse(text), { ok: false, error: { kind: 'user-name-has-colon' } });
    }
  });

  it('is kept as it was given, or in lower case where the rules say so', () => {
    assert.deepEqual(logins.parse('Ada'), { ok: true, value: 'Ada' });
    assert.deepEqual(lowered.parse('Ada'), { ok: true, value: 'ada' });
    assert.deepEqual(lowered.parse('ÜNÏ'), { ok: true, value: 'ünï' });
  });

  it('is one name in any letter case, or one for each, as the rules say', () => {
    for (const [one, other] of [
      ['Ada', 'ada'],
      ['JÜRGEN', 'jürgen'],
      ['ΟΔΟΣ', 'οδος'],
    ] as const) {
      assert.equal(key(lowered, one), key(lowered, other));
      assert.notEqual(key(logins, one), key(logins, other));
    }
  });

  it('is one name however its accents are spelt', () => {
    for (const policy of [logins, lowered]) {
      assert.equal(key(policy, 'ju\u0308rgen'), key(policy, 'j\u00fcrgen'));
      for (const other of ['jurgen', 'j\u00fcrgen ', '\uff4a\u00fcrgen']) {
        assert.notEqual(key(policy, 'j\u00fcrgen'), key(policy, other));
      }
    }
  });

  it('has the key of the text that it was parsed from, and is judged without throwing', () => {
    for (const rules of [RULES, LOWERED]) {
      const policy = userNameLogins({ ...rules, minimumLength: 0, maximumLength: 1000 });
      fc.assert(
        fc.property(anyText, (text) => {
          const parsed = policy.parse(text);
          if (parsed.ok) assert.equal(policy.keyOf(parsed.value), key(policy, text));
          else assert.match(parsed.error.kind, /^user-name-has-(?:colon|controls)$/);
          assert.equal(key(policy, key(policy, text)), key(policy, text));
        }),
        { numRuns: 1000 },
      );
    }
  });
});
