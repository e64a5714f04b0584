import assert from 'node:assert/strict';
import { it } from 'node:test';
import { mailTokenGeneratorContract } from '@portcullis/port-contracts';
import { testContract } from '@portcullis/port-contracts/node-test';
import { randomMailTokenGenerator } from '@portcullis/security';

testContract(
  'MailTokenGenerator: random',
  mailTokenGeneratorContract({
    make: async () => ({
      tokens: randomMailTokenGenerator(),
      peer: randomMailTokenGenerator(),
      dispose: async () => {},
    }),
  }),
);

it('draws 256 bits for a mail and stores their SHA-256', () => {
  const { draw, hash } = randomMailTokenGenerator();
  assert.match(draw(), /^[0-9a-f]{64}$/);
  // FIPS 180-4, in base64url.
  assert.equal(hash('abc'), 'ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
});
