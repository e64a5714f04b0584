import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fromNumericDate, instant, plusSeconds, toNumericDate } from '@portcullis/domain';
import fc from 'fast-check';

const LATEST = 8.64e15;

describe('instant', () => {
  it('is a whole number of milliseconds that a date can hold', () => {
    for (const milliseconds of [0, -1, 1_795_348_800_123, LATEST, -LATEST]) {
      assert.equal(instant(milliseconds), milliseconds);
    }
    for (const milliseconds of [0.5, Number.NaN, Number.POSITIVE_INFINITY, LATEST + 1, -LATEST - 1]) {
      assert.throws(() => instant(milliseconds), RangeError);
    }
  });

  it('becomes whole seconds by dropping the fraction, before 1970 too', () => {
    assert.deepEqual(
      [0, 999, 1000, 1999, -1, -1000].map((at) => toNumericDate(instant(at))),
      [0, 0, 1, 1, -1, -1],
    );
  });

  it('comes back from whole seconds', () => {
    fc.assert(
      fc.property(fc.integer({ min: -LATEST / 1000, max: LATEST / 1000 }), (seconds) => {
        assert.equal(toNumericDate(fromNumericDate(seconds)), seconds);
      }),
    );
    for (const seconds of [0.0001, Number.NaN, LATEST]) assert.throws(() => fromNumericDate(seconds), RangeError);
  });

  it('moves by seconds and fractions of them, and stays whole', () => {
    assert.equal(plusSeconds(instant(1000), 900), 901_000);
    assert.equal(plusSeconds(instant(1000), -0.001), 999);
    assert.equal(plusSeconds(instant(0), 0.0004), 0);
    assert.throws(() => plusSeconds(instant(LATEST), 1), RangeError);
  });
});
