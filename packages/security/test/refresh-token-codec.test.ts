import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { it } from 'node:test';
import { refreshTokenCodecContract } from '@portcullis/port-contracts';
import { testContract } from '@portcullis/port-contracts/node-test';
import { hmacRefreshTokenCodec } from '@portcullis/security';
import { secret, uuid } from './support/tokens.ts';

testContract(
  'RefreshTokenCodec: HMAC while its secret is replaced',
  refreshTokenCodecContract({
    make: async () => ({
      codec: hmacRefreshTokenCodec(secret(1), secret(3)),
      peer: hmacRefreshTokenCodec(secret(1), secret(3)),
      stranger: hmacRefreshTokenCodec(secret(2)),
      dispose: async () => {},
    }),
  }),
);

testContract(
  'RefreshTokenCodec: HMAC',
  refreshTokenCodecContract({
    make: async () => ({
      codec: hmacRefreshTokenCodec(secret(1)),
      peer: hmacRefreshTokenCodec(secret(1)),
      stranger: hmacRefreshTokenCodec(secret(2)),
      dispose: async () => {},
    }),
  }),
);

it('reads what the previous secret wrote, and writes by the current one', () => {
  const [before, between, after] = [
    hmacRefreshTokenCodec(secret(1)),
    hmacRefreshTokenCodec(secret(2), secret(1)),
    hmacRefreshTokenCodec(secret(2)),
  ];
  const id = { userId: uuid(1) as never, sessionId: uuid(2) as never, generation: 0 };
  assert.deepEqual(between.read(before.write(id)), id);
  assert.equal(between.write(id), after.write(id));
  assert.deepEqual(between.spellings(id), [after.write(id), before.write(id)]);
  assert.equal(after.read(before.write(id)), undefined);
});

it('is not signed with the secret itself, which signs access tokens', () => {
  const codec = hmacRefreshTokenCodec(secret(1));
  const [id = ''] = codec.write({ userId: uuid(1) as never, sessionId: uuid(2) as never, generation: 0 }).split('.');
  const mac = createHmac('sha256', secret(1)).update(id).digest('base64url');
  assert.equal(codec.read(`${id}.${mac}`), undefined);
});
