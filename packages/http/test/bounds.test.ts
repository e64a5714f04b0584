import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ok, type Result } from '@portcullis/domain';
import {
  anyText,
  type Entries,
  jsonField,
  jsonInput,
  lookedFor,
  optional,
  required,
  textInput,
} from '@portcullis/http';
import fc from 'fast-check';
import Type, { type TSchema } from 'typebox';
import { reasons } from './support/toy-service.ts';

const words = {
  ...reasons,
  'field-null': () => 'null',
  'field-unknown': () => 'unknown',
  'fields-all-missing': () => '',
};
const asSent = (text: string | undefined): Result<string | undefined, never> => ok(text);
const sent = (text: unknown): Entries => new Map([['text', [text]]]);
/** Characters of one and of two UTF-16 units. */
const character = fc.constantFrom('a', 'é', '\ud83d\ude00');
const textUpTo = (maxLength: number) => fc.array(character, { maxLength }).map((characters) => characters.join(''));

describe('a text of a request', () => {
  it('has a bound in its schema, or its service does not start', () => {
    const unbounded: readonly TSchema[] = [
      Type.String(),
      Type.String({ minLength: 1, description: 'A text' }),
      Type.String({ pattern: '^a*$' }),
      Type.String({ format: 'uri' }),
      Type.Array(Type.String({ maxLength: 5 })),
      Type.Array(Type.String(), { maxItems: 5 }),
    ];
    for (const schema of unbounded) {
      const without = { name: 'TypeError', message: /^text: a (?:text without maxLength|list without maxItems)$/ };
      assert.throws(() => textInput({ text: required(schema, anyText) }, reasons), without);
      assert.throws(() => textInput({ text: optional(schema, asSent) }, reasons), without);
      assert.throws(() => textInput({ text: lookedFor(schema) }, reasons), without);
      assert.throws(() => jsonInput({ text: jsonField.text(schema) }, words, { unknown: 'ignored' }), without);
    }
    for (const schema of [
      Type.String({ maxLength: 0 }),
      Type.String({ format: 'uuid' }),
      Type.String({ enum: ['a', 'b'] }),
      Type.Literal('a'),
      Type.Integer(),
      Type.Boolean(),
      Type.Array(Type.Integer(), { maxItems: 1 }),
    ])
      assert.doesNotThrow(() => textInput({ text: required(schema, anyText) }, reasons));
  });

  it('is taken up to its bound, and named from the next character on, in a form and in JSON (generated)', () => {
    fc.assert(
      fc.property(fc.nat(40), textUpTo(45), (maxLength, text) => {
        const schema = Type.String({ maxLength });
        const isShort = [...text].length <= maxLength;
        const inForm = textInput({ text: required(schema, anyText) }, reasons).read(sent(text));
        const inJson = jsonInput({ text: jsonField.text(schema) }, words, { unknown: 'refused' }).read(sent(text));
        const inList = jsonInput({ text: jsonField.texts({ maxItems: 1, maxLength }) }, { ...words, ...lists }, strict);
        const refused = { ok: false, error: { text: 'field too long' } };
        assert.deepEqual(inForm, isShort ? { ok: true, value: { text } } : refused);
        assert.deepEqual(inJson, isShort ? { ok: true, value: { text } } : refused);
        assert.equal(inList.read(sent([text])).ok, isShort);
        assert.deepEqual(inList.read(sent(['', ''])), { ok: false, error: { text: 'too many' } });
        // What is only looked for is not found.
        assert.ok(textInput({ text: lookedFor(schema) }, reasons).read(sent(text)).ok);
      }),
    );
  });
});

const strict = { unknown: 'refused' } as const;
const lists = { 'field-not-a-list': () => 'no list', 'field-has-too-many': () => 'too many' };
