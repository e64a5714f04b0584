import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isHostName } from '@portcullis/domain';
import fc from 'fast-check';

const octet = fc.integer({ min: 0, max: 255 });
const label = fc.stringMatching(/^[a-z0-9_](?:[a-z0-9_-]{0,20}[a-z0-9_])?$/);

describe('a host name', () => {
  it('is a whole IPv4 address, and no other number', () => {
    fc.assert(fc.property(fc.tuple(octet, octet, octet, octet), (octets) => isHostName(octets.join('.'))));
    const number = fc.oneof(
      fc.nat(999),
      fc.nat(),
      fc.nat(0xffff).map((n) => `0x${n.toString(16)}`),
      fc.constant('0x'),
    );
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 5 }), (numbers) => {
        const whole = numbers.length === 4 && numbers.every((each) => typeof each === 'number' && each <= 255);
        return isHostName(numbers.join('.')) === whole;
      }),
    );
    for (const text of ['127.0.0.01', '1.2.3.4.', '1.2.3', '999.1.1.1', '1.2.3.256', 'a.1'])
      assert.ok(!isHostName(text), text);
  });

  it('is labels of letters, digits, hyphens and underscores, of at most 63 characters and 253 together', () => {
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 6 }), (labels) => isHostName([...labels, 'x'].join('.'))),
    );
    for (const text of ['h', 'mongo_1', 'a-b.example.org', `${'a'.repeat(63)}.b`, `${'a.'.repeat(126)}b`])
      assert.ok(isHostName(text), text);
    for (const text of [
      '',
      '.',
      'a.',
      '.a',
      'a..b',
      '-a',
      'a-',
      'a b',
      'ü',
      'a'.repeat(64),
      'a.'.repeat(127),
      '[::1]',
      '::1',
    ]) {
      assert.ok(!isHostName(text), text);
    }
  });
});
