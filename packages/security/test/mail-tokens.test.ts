import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { randomMailTokens } from '@portcullis/security';

describe('a secret for a mail', () => {
  it('is 256 bits in hexadecimal, another one each time', () => {
    const tokens = randomMailTokens();
    const drawn = Array.from({ length: 100 }, () => tokens.draw());
    for (const text of drawn) assert.match(text, /^[0-9a-f]{64}$/);
    assert.equal(new Set(drawn).size, 100);
  });

  it('is stored as a hash that nothing is to be read from', () => {
    const { hash } = randomMailTokens();
    // SHA-256 of nothing and of `abc` (FIPS 180-4), in base64url.
    assert.equal(hash(''), '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU');
    assert.equal(hash('abc'), 'ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
  });
});
