import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { collection, field, type Instant, type ListPosition } from '@portcullis/domain';
import fc from 'fast-check';
import { CURSOR_MAX_LENGTH, cursorOf, type ListIdentity, positionIn } from '../src/collection/cursor.ts';

interface Note {
  readonly id: string;
  readonly at: Instant;
  readonly rank: number | null;
}
const fields = { id: field.text(4000), at: field.time, rank: field.optional(field.integer) };
const definition = collection<Note, 'id'>('notes', {
  fields,
  key: 'id',
  sorts: ['id', 'at', 'rank'],
  filters: ['rank'],
});
const list: ListIdentity = { definition, sort: [{ field: 'id' }, { field: 'rank', descending: true }], where: {} };
const position: fc.Arbitrary<ListPosition> = fc.record(
  {
    values: fc.tuple<[string, number | null]>(
      fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => !text.includes('\0')),
      fc.option<number>(fc.maxSafeInteger().filter((value) => !Object.is(value, -0))),
    ),
    tie: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  },
  { noNullPrototype: true },
);

describe('a cursor', () => {
  it('is a text for a URL, and the position again for the very same list (generated)', () => {
    fc.assert(
      fc.property(position, (given) => {
        const cursor = cursorOf(list, given) ?? assert.fail('too long');
        assert.match(cursor, /^[\w-]+$/);
        assert.deepEqual(positionIn(list, cursor), given);
        for (const other of [
          { ...list, where: { rank: 1 } },
          { ...list, sort: [{ field: 'id' }, { field: 'rank' }] },
          { ...list, definition: { ...definition, name: 'tags' } },
        ]) {
          assert.equal(positionIn(other, cursor), undefined);
        }
      }),
    );
  });

  it('is nothing else: no other text is a position, whatever it is (generated)', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.base64String(), fc.stringMatching(/^[\w-]{0,80}$/));
    fc.assert(fc.property(texts, (text) => assert.equal(positionIn(list, text), undefined)));
    fc.assert(
      fc.property(position, fc.nat(), fc.stringMatching(/^[\w=+/. -]$/), (given, at, character) => {
        const cursor = cursorOf(list, given) ?? assert.fail('too long');
        const where = at % (cursor.length + 1);
        for (const changed of [
          `${cursor.slice(0, where)}${character}${cursor.slice(where)}`,
          `${cursor.slice(0, where)}${character}${cursor.slice(where + 1)}`,
          cursor.slice(0, where),
        ]) {
          if (changed !== cursor) assert.equal(positionIn(list, changed), undefined, changed);
        }
      }),
    );
  });

  it('that somebody made has nothing that no record has', () => {
    for (const values of [['\0', 1], ['\ud800', 1], ['a', 1.5], ['a', '1'], ['a'], ['a', 1, 2], [null, 1]]) {
      assert.equal(positionIn(list, cursorOf(list, { values: values as never, tie: '1' }) ?? ''), undefined);
    }
    for (const tie of ['', '01', '1.0', '9223372036854775808', 'x', 1, null]) {
      assert.equal(positionIn(list, cursorOf(list, { values: ['a', 1], tie: tie as never }) ?? ''), undefined);
    }
  });

  it('is not given out where it would not fit into a request', () => {
    assert.equal(cursorOf(list, { values: ['\u{1f600}'.repeat(CURSOR_MAX_LENGTH / 4), 1], tie: '1' }), undefined);
  });
});
