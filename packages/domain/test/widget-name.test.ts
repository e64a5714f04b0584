import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseWidgetName, WIDGET_NAME_MAX_LENGTH, WIDGET_NAME_PATTERN } from '@portcullis/domain';
import fc from 'fast-check';
import { anyText } from './support/any-text.ts';

const REFUSED: Readonly<Record<string, readonly string[]>> = {
  'nothing at all': [''],
  'capital letters': ['ABC', 'aBc', '\u212a'],
  'white space, at the end too': [' ', 'a b', ' a', 'a ', 'a\n', 'a\r', '\na', 'a\nb'],
  'other signs': ['a.b', 'a/b', 'a+b', 'a%20b', "a'", '*', '$ne', '<b>'],
  'letters and digits beyond ASCII': ['é', 'ß', 'ａ', '１', '٣', 'ı', 'ſ', 'я', '😀'],
  'control characters and lone surrogates': ['a\u0000', 'a\u200b', 'a\ud800'],
  'more than 100 characters': ['a'.repeat(101), 'a'.repeat(100_000)],
};

describe('widget name', () => {
  it('has 1 to 100 lower-case letters, digits, hyphens and underscores', () => {
    for (const name of ['a', '0', '-', '_', 'abc123', 'widget-name', 'new_widget1', '__proto__', 'a'.repeat(100)]) {
      assert.deepEqual(parseWidgetName(name), { ok: true, value: name });
    }
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9_-]{1,100}$/), (name) => {
        assert.deepEqual(parseWidgetName(name), { ok: true, value: name });
      }),
    );
  });

  for (const [rule, names] of Object.entries(REFUSED)) {
    it(`has not ${rule}`, () => {
      for (const value of names) {
        assert.deepEqual(parseWidgetName(value), { ok: false, error: { kind: 'widget-name-invalid', value } });
      }
    });
  }

  it('is what the published pattern and length say, for any text', () => {
    const pattern = new RegExp(WIDGET_NAME_PATTERN);
    fc.assert(
      fc.property(anyText, (text) => {
        assert.equal(parseWidgetName(text).ok, text.length <= WIDGET_NAME_MAX_LENGTH && pattern.test(text));
      }),
    );
  });
});
