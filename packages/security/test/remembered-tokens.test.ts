import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { type AccessTokenCodec, CLOCK_SKEW_SECONDS, ok, plusSeconds } from '@portcullis/domain';
import { type KeyRing, secretKey } from '@portcullis/security';
import { claims, forge, NOON, openCodec, secret, takeApart } from './support/tokens.ts';

const INVALID = { ok: false, error: { kind: 'token-invalid' } };
const EXPIRED = { ok: false, error: { kind: 'token-expired' } };

/** Signature checks by the platform: what remembering is there to save, and the only trace that it leaves. */
let checks = mock.fn<typeof crypto.subtle.verify>();
beforeEach(() => {
  checks = mock.method(crypto.subtle, 'verify');
});
afterEach(() => mock.restoreAll());

async function checksDuring(work: () => Promise<unknown>): Promise<number> {
  const before = checks.mock.callCount();
  await work();
  return checks.mock.callCount() - before;
}

const signed = (codec: AccessTokenCodec, count: number) =>
  Promise.all(Array.from({ length: count }, (_, n) => codec.sign(claims(n))));

describe('a verified token', () => {
  it('is remembered: its signature is checked once, and the claims stay the same', async () => {
    const { codec } = await openCodec();
    const [token = ''] = await signed(codec, 1);
    assert.equal(await checksDuring(() => codec.verify(token, NOON)), 1);
    const again = async () => assert.deepEqual(await codec.verify(token, NOON), ok(claims(0)));
    assert.equal(await checksDuring(again), 0);
  });

  it('is refused once it has expired, and before it can have been issued', async () => {
    const { codec } = await openCodec();
    const [token = ''] = await signed(codec, 1);
    assert.equal((await codec.verify(token, NOON)).ok, true);
    assert.deepEqual(await codec.verify(token, claims(0).expiresAt), EXPIRED);
    assert.deepEqual(await codec.verify(token, plusSeconds(NOON, -CLOCK_SKEW_SECONDS - 1)), INVALID);
    assert.equal((await codec.verify(token, NOON)).ok, true);
  });

  it('vouches for no other: what was forged from it is refused', async () => {
    const { codec } = await openCodec();
    const [token = ''] = await signed(codec, 1);
    const { header, payload } = takeApart(token);
    const [head = '', body = '', signature = ''] = token.split('.');
    const promoted = Buffer.from(JSON.stringify({ ...payload, admin: true })).toString('base64url');
    assert.equal((await codec.verify(token, NOON)).ok, true);
    const forged = [
      [head, promoted, signature].join('.'),
      [head, body, signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))].join('.'),
      forge(header, payload, secret(2)),
      `${token}=`,
      `${token}\ud800`,
    ];
    for (const each of forged) assert.deepEqual(await codec.verify(each, NOON), INVALID);
  });

  it('cannot be changed by one request for the next', async () => {
    const { codec } = await openCodec();
    const [token = ''] = await signed(codec, 1);
    const read = await codec.verify(token, NOON);
    assert.ok(read.ok);
    assert.throws(() => Object.assign(read.value, { admin: true }), TypeError);
    assert.deepEqual(await codec.verify(token, NOON), ok(claims(0)));
  });
});

describe('a refused token', () => {
  it('is not remembered, forged or expired', async () => {
    const { codec } = await openCodec();
    const [token = ''] = await signed(codec, 1);
    const { header, payload } = takeApart(token);
    const forged = forge(header, payload, secret(2));
    for (const _ of [1, 2]) assert.equal(await checksDuring(() => codec.verify(forged, NOON)), 1);
    for (const _ of [1, 2]) assert.equal(await checksDuring(() => codec.verify(token, claims(0).expiresAt)), 1);
  });
});

describe('the memory', () => {
  it('is bounded', async () => {
    const { codec } = await openCodec({ rememberedTokens: 8 });
    const tokens = await signed(codec, 40);
    for (const token of tokens) await codec.verify(token, NOON);
    const again = await checksDuring(() => Promise.all(tokens.map((token) => codec.verify(token, NOON))));
    assert.ok(again >= 32, `${40 - again} of 40 were remembered`);
  });

  it('keeps what is in use, however many others come', async () => {
    const { codec } = await openCodec({ rememberedTokens: 8 });
    const [used = '', ...others] = await signed(codec, 40);
    await codec.verify(used, NOON);
    for (const token of others) {
      await codec.verify(token, NOON);
      assert.equal(await checksDuring(() => codec.verify(used, NOON)), 0);
    }
  });
});

describe('another key ring', () => {
  async function openRing() {
    const [first, second] = [await secretKey(secret(1)), await secretKey(secret(2))];
    const rings = {
      first: { signing: first, verifying: [second] },
      rotated: { signing: second, verifying: [first] },
      retired: { signing: second, verifying: [] },
    } satisfies Record<string, KeyRing>;
    let ring: KeyRing = rings.first;
    const { codec } = await openCodec({ keyRing: () => ring });
    const use = (name: keyof typeof rings) => {
      ring = rings[name];
    };
    return { codec, use };
  }

  it('ends nothing where the old key still verifies', async () => {
    const { codec, use } = await openRing();
    const before = await codec.sign(claims(1));
    use('rotated');
    const after = await codec.sign(claims(2));
    assert.notEqual(takeApart(after).header.kid, takeApart(before).header.kid);
    assert.deepEqual(await codec.verify(before, NOON), ok(claims(1)));
    assert.deepEqual(await codec.verify(after, NOON), ok(claims(2)));
    use('first');
    assert.deepEqual(await codec.verify(after, NOON), ok(claims(2)));
  });

  it('ends the tokens of a retired key at once, remembered ones too', async () => {
    const { codec, use } = await openRing();
    const token = await codec.sign(claims(1));
    assert.equal((await codec.verify(token, NOON)).ok, true);
    use('retired');
    assert.deepEqual(await codec.verify(token, NOON), INVALID);
  });

  it('does not remember what was being verified under the one before', async () => {
    const { codec, use } = await openRing();
    const token = await codec.sign(claims(1));
    let finish = (_right: boolean): void => {};
    const slow = new Promise<boolean>((resolve) => {
      finish = resolve;
    });
    checks.mock.mockImplementationOnce(() => slow);
    const underWay = codec.verify(token, NOON);
    use('retired');
    assert.equal((await codec.verify(await codec.sign(claims(2)), NOON)).ok, true);
    finish(true);
    await underWay;
    assert.deepEqual(await codec.verify(token, NOON), INVALID);
  });
});
