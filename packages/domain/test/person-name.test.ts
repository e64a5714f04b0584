import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PERSON_NAME_MAX_LENGTH, parsePersonName } from '@portcullis/domain';
import fc from 'fast-check';
import { anyText } from './support/any-text.ts';

describe('a first or last name', () => {
  it('is any name, with the joiners that scripts need', () => {
    for (const text of ['', 'Ada', 'O’Neill', 'علی‌رضا', 'ක්\u200dෂ', 'María José', '王', '👩\u200d🚀']) {
      assert.deepEqual(parsePersonName(text), { ok: true, value: text }, text);
    }
  });

  it('has no other control or format character', () => {
    const refused = { ok: false, error: { kind: 'person-name-has-controls' } };
    for (const text of [
      'a\0',
      'a\n',
      '\u001b[2J',
      'a\u009b',
      '\u202ea',
      'a\u2069',
      'a\u200e',
      '\ufeffa',
      'a\u2028',
      '\ud800',
    ]) {
      assert.deepEqual(parsePersonName(text), refused, JSON.stringify(text));
    }
    fc.assert(
      fc.property(anyText, (text) => {
        const without = text.replaceAll(/[\u200c\u200d]/g, '');
        assert.equal(parsePersonName(text).ok, !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(without));
      }),
    );
  });

  it('have a greatest length, in characters and not in the units of UTF-16', () => {
    for (const character of ['a', '\u00e9', '\ud83d\ude00']) {
      const longest = character.repeat(PERSON_NAME_MAX_LENGTH);
      assert.deepEqual(parsePersonName(longest), { ok: true, value: longest });
      const error = { kind: 'person-name-too-long', maximumLength: PERSON_NAME_MAX_LENGTH };
      assert.deepEqual(parsePersonName(`${longest}${character}`), { ok: false, error });
    }
  });
});
