import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { offsetOf, pageOf, parsePageNumber, parsePageSize, WIDGET_PAGES } from '@portcullis/domain';
import fc from 'fast-check';
import { anyText } from './support/any-text.ts';

const parseSize = parsePageSize(WIDGET_PAGES);

describe('page number', () => {
  it('is a whole number from 1 on, 1 where it was left out', () => {
    for (const [text, number] of [
      [undefined, 1],
      ['1', 1],
      ['+2', 2],
      ['007', 7],
      ['1000000', 1_000_000],
    ] as const) {
      assert.deepEqual(parsePageNumber(text), { ok: true, value: number });
    }
  });

  it('is no other text, and none so large that an offset would not be exact', () => {
    for (const value of [
      '',
      ' ',
      '1.0',
      '1e3',
      '0x1',
      ' 1',
      '1 ',
      '1\n',
      '١',
      'NaN',
      'Infinity',
      '--1',
      '9'.repeat(400),
    ]) {
      assert.deepEqual(parsePageNumber(value), { ok: false, error: { kind: 'not-an-integer', value } });
    }
    fc.assert(
      fc.property(fc.oneof(anyText, fc.bigInt().map(String)), (text) => {
        const parsed = parsePageNumber(text);
        if (!parsed.ok) return;
        for (const size of WIDGET_PAGES.sizes)
          assert.ok(Number.isSafeInteger(offsetOf({ number: parsed.value, size }) + size));
      }),
      { numRuns: 500 },
    );
  });

  it('is not zero or below', () => {
    for (const value of ['0', '-0', '00', '-1', `-${'9'.repeat(400)}`]) {
      assert.deepEqual(parsePageNumber(value), { ok: false, error: { kind: 'not-positive', value } });
    }
  });
});

describe('page size', () => {
  it('is one of those to choose from, the default where it was left out', () => {
    assert.deepEqual(parseSize(undefined), { ok: true, value: 10 });
    for (const size of [5, 10, 25, 50, 100]) assert.deepEqual(parseSize(String(size)), { ok: true, value: size });
  });

  it('tells what is no size from what is no number', () => {
    for (const value of ['7', '1', '101', '1000', '9'.repeat(20), '9'.repeat(400)]) {
      assert.deepEqual(parseSize(value), { ok: false, error: { kind: 'not-a-page-size', value } });
    }
    for (const value of ['', '5.0', 'five', '10,']) {
      assert.deepEqual(parseSize(value), { ok: false, error: { kind: 'not-an-integer', value } });
    }
    for (const value of ['0', '-5']) {
      assert.deepEqual(parseSize(value), { ok: false, error: { kind: 'not-positive', value } });
    }
  });
});

describe('page', () => {
  it('keeps the items and counts the pages, none where there is nothing', () => {
    const pages = (total: number, size: number) => pageOf({ number: 1, size }, { items: [], total }).totalPages;
    assert.deepEqual(
      [pages(0, 5), pages(1, 5), pages(5, 5), pages(6, 5), pages(100, 10), pages(101, 10)],
      [0, 1, 1, 2, 10, 11],
    );
    assert.deepEqual(pageOf({ number: 2, size: 5 }, { items: ['f', 'g'], total: 7 }), {
      number: 2,
      size: 5,
      items: ['f', 'g'],
      total: 7,
      totalPages: 2,
    });
  });

  it('is one of a row that covers every item exactly once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.constantFrom(...WIDGET_PAGES.sizes), (total, size) => {
        const all = Array.from({ length: total }, (_, n) => n);
        const { totalPages } = pageOf({ number: 1, size }, { items: [], total });
        const read = Array.from({ length: totalPages }, (_, index) => {
          const from = offsetOf({ number: index + 1, size });
          return all.slice(from, from + size);
        });
        assert.ok(read.every((items) => items.length > 0));
        assert.deepEqual(read.flat(), all);
      }),
    );
  });
});
