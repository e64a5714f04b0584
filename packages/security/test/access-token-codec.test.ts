import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it, mock } from 'node:test';
import { type AccessTokenCodec, CLOCK_SKEW_SECONDS, instant, ok, plusSeconds } from '@portcullis/domain';
import { accessTokenCodecContract } from '@portcullis/port-contracts';
import { testContract } from '@portcullis/port-contracts/node-test';
import { secretKey } from '@portcullis/security';
import fc from 'fast-check';
import { AUDIENCE, claims, forge, ISSUER, NOON, openCodec, secret, takeApart, uuid } from './support/tokens.ts';

const INVALID = { ok: false, error: { kind: 'token-invalid' } };
const EXPIRED = { ok: false, error: { kind: 'token-expired' } };
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

testContract(
  'AccessTokenCodec: jose',
  accessTokenCodecContract({
    make: async () => ({
      codec: (await openCodec()).codec,
      stranger: (await openCodec({ key: secret(2) })).codec,
      dispose: async () => {},
    }),
  }),
);

/** A codec, a token of its own and what that is made of. Forged from the same parts, the token is the same. */
async function open() {
  const { codec, ring } = await openCodec();
  const token = await codec.sign(claims(3));
  const { header, payload } = takeApart(token);
  assert.equal(forge(header, payload), token);
  assert.deepEqual(await codec.verify(token, NOON), ok(claims(3)));
  return { codec, ring, token, header, payload };
}

async function refused(codec: AccessTokenCodec, token: string): Promise<void> {
  assert.deepEqual(await codec.verify(token, NOON), INVALID, token.slice(0, 600));
}

describe('a token as it is written', () => {
  it('has the header and the claims of an RFC 9068 access token, and no others', async () => {
    const { header, payload, ring } = await open();
    assert.deepEqual(header, { alg: 'HS256', typ: 'at+jwt', kid: ring.signing.kid });
    assert.deepEqual(payload, {
      iss: ISSUER,
      aud: AUDIENCE,
      sub: uuid(1),
      jti: uuid(3),
      sid: uuid(2),
      admin: false,
      iat: NOON / 1000,
      exp: NOON / 1000 + 900,
    });
  });
});

describe('a token with another header', () => {
  const changes: Record<string, object> = {
    'no algorithm': { alg: 'none' },
    'HS512 with the right key': { alg: 'HS512' },
    'an asymmetric algorithm': { alg: 'RS256' },
    'the algorithm in another case': { alg: 'hs256' },
    'the type of an id token': { typ: 'JWT' },
    'the type spelt out': { typ: 'application/at+jwt' },
    'no type': { typ: undefined },
    'no key id': { kid: undefined },
    'an unknown key id': { kid: 'unknown' },
    'a key id of another type': { kid: 1 },
    'critical extensions': { crit: ['exp'], exp: NOON / 1000 + 900 },
    'an unencoded payload': { crit: ['b64'], b64: false },
    'a key sent along': { jwk: { kty: 'oct', k: Buffer.from(secret(1)).toString('base64url') } },
    'a place to fetch a key from': { jku: 'https://attacker.example/jwks.json' },
  };
  for (const [name, change] of Object.entries(changes)) {
    it(`is refused: ${name}`, async () => {
      const { codec, header, payload } = await open();
      const changed = { ...header, ...change };
      await refused(codec, forge(changed, payload));
      await refused(codec, forge(changed, payload, secret(1), 'sha512'));
      await refused(codec, forge(changed, payload).replace(/[^.]*$/, ''));
    });
  }

  it('is refused: a parameter given twice, in either order', async () => {
    const { codec, header, payload } = await open();
    const rest = `"typ":"at+jwt","kid":"${header.kid}"`;
    await refused(codec, forge(`{"alg":"none","alg":"HS256",${rest}}`, payload));
    await refused(codec, forge(`{"alg":"HS256","alg":"none",${rest}}`, payload));
  });

  it('is refused: the key id of another key in the ring', async () => {
    const [first, second] = [await secretKey(secret(1)), await secretKey(secret(2))];
    const { codec } = await openCodec({ keyRing: () => ({ signing: first, verifying: [second] }) });
    const { payload } = takeApart(await codec.sign(claims(3)));
    const header = { alg: 'HS256', typ: 'at+jwt', kid: second.kid };
    await refused(codec, forge(header, payload, secret(1)));
    assert.equal((await codec.verify(forge(header, payload, secret(2)), NOON)).ok, true);
  });
});

describe('a token with other claims, rightly signed', () => {
  const notUuids = [
    null,
    7,
    '',
    'user',
    uuid(1).replace('-', ''),
    `${uuid(10).slice(0, -1)}A`,
    [uuid(1)],
    `${uuid(1)}\n`,
  ];
  const notNumericDates = [null, '1900000000', 1.5, -1, 1e300, 8.64e12 + 1, true, [1_900_000_000]];
  const wrong: Record<string, readonly unknown[]> = {
    iss: [null, 1, '', 'https://widgets.example/', [ISSUER]],
    aud: [null, 1, '', 'https://other.example', [AUDIENCE], [AUDIENCE, 'https://other.example']],
    sub: notUuids,
    jti: notUuids,
    sid: notUuids,
    admin: [null, 0, 1, 'false', 'true', [], {}],
    iat: notNumericDates,
    exp: notNumericDates,
  };
  for (const [claim, values] of Object.entries(wrong)) {
    it(`is refused without ${claim}, or where it is of another type or for others`, async () => {
      const { codec, header, payload } = await open();
      const { [claim]: _, ...others } = payload;
      await refused(codec, forge(header, others));
      for (const value of values) await refused(codec, forge(header, { ...payload, [claim]: value }));
    });
  }

  it('is taken where a claim that we do not know is added', async () => {
    const { codec, header, payload } = await open();
    assert.deepEqual(await codec.verify(forge(header, { ...payload, scope: 'read' }), NOON), ok(claims(3)));
  });

  it('is refused where a claim is given twice, whichever is the right one', async () => {
    const { codec, header, payload } = await open();
    const text = JSON.stringify(payload);
    await refused(codec, forge(header, text.replace('{', '{"admin":true,')));
    await refused(codec, forge(header, text.replace('}', ',"admin":true}')));
  });

  it('is refused where the payload is no object, or not the JSON that we would write', async () => {
    const { codec, header, payload } = await open();
    const text = JSON.stringify(payload);
    const texts = ['', 'null', '[]', '"text"', '1', '{}', `[${text}]`, `${text} `, `\ufeff${text}`, `${text}${text}`];
    for (const each of texts) await refused(codec, forge(header, each));
    const notUtf8 = Buffer.from(text.replace('}', ',"x":"?"}'));
    notUtf8[notUtf8.length - 3] = 0xff;
    await refused(codec, forge(header, notUtf8));
  });
});

describe('a token signed by somebody else', () => {
  it('is refused under another key, under an empty one, and with the signature of another token', async () => {
    const { codec, token, header, payload } = await open();
    await refused(codec, forge(header, payload, secret(2)));
    await refused(codec, forge(header, payload, new Uint8Array(0)));
    await refused(codec, forge(header, { ...payload, admin: true }).replace(/[^.]*$/, token.split('.')[2] ?? ''));
  });
});

describe('the spelling of a token', () => {
  it('is one: no other last character of any part will do', async () => {
    const { codec, token } = await open();
    const parts = token.split('.');
    for (const [index, part] of parts.entries()) {
      for (const last of ALPHABET) {
        const spelling = parts.with(index, part.slice(0, -1) + last).join('.');
        if (spelling !== token) await refused(codec, spelling);
      }
    }
  });

  it('leaves no room for padding, white space, or the other base64', async () => {
    const { codec, token } = await open();
    const parts = token.split('.');
    for (const extra of ['=', '==', ' ', '\t', '\n', '\r\n', '\0', '\u00a0', '\ufeff', '%20', '+', '/']) {
      await refused(codec, extra + token);
      for (const [index, part] of parts.entries()) await refused(codec, parts.with(index, part + extra).join('.'));
    }
  });

  it('has three parts, each with something in it', async () => {
    const { codec, token } = await open();
    const [header = '', payload = '', signature = ''] = token.split('.');
    const texts = [`${token}.`, `.${token}`, `${token}.${signature}`, `${header}.${payload}`, `${header}.${payload}.`];
    const jwe = [header, payload, signature, payload, signature].join('.');
    for (const text of [...texts, jwe, `${header}..${signature}`, `.${payload}.${signature}`, header, `${header}x`]) {
      await refused(codec, text);
    }
  });

  it('is short: what is longer than any token of ours is refused, even rightly signed', async () => {
    const { codec, header, payload } = await open();
    const padded = (length: number) => forge(header, { ...payload, pad: 'x'.repeat(length) });
    assert.equal((await codec.verify(padded(2000), NOON)).ok, true);
    await refused(codec, padded(4000));
    await refused(codec, 'A'.repeat(100_000));
    await refused(codec, `${'A'.repeat(100_000)}.${'A'.repeat(100_000)}.${'A'.repeat(100_000)}`);
  });

  it('is refused after any change of one character', async () => {
    const { codec, token } = await open();
    const character = fc.oneof(
      fc.constantFrom(...ALPHABET, '.', '=', ' ', '\0'),
      fc.string({ unit: 'binary', maxLength: 2 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), character, async (at, instead) => {
        fc.pre(token[at] !== instead);
        await refused(codec, token.slice(0, at) + instead + token.slice(at + 1));
      }),
      { numRuns: 300 },
    );
  });

  it('is refused as any other text is, without a fault', async () => {
    const { codec } = await open();
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.string({ unit: fc.constantFrom(...ALPHABET) }), { maxLength: 6 }).map((parts) => parts.join('.')),
      fc.json().map((json) => forge(json, json)),
    );
    await fc.assert(
      fc.asyncProperty(text, (each) => refused(codec, each)),
      { numRuns: 300 },
    );
  });
});

describe('the time', () => {
  it('is judged by the instant given: valid up to exp, expired from then on', async () => {
    const { codec, token } = await open();
    const { expiresAt } = claims(3);
    assert.equal((await codec.verify(token, instant(expiresAt - 1))).ok, true);
    assert.deepEqual(await codec.verify(token, expiresAt), EXPIRED);
  });

  it('makes a token expired only if nothing else is wrong with it', async () => {
    const { codec, header, payload } = await open();
    const late = plusSeconds(NOON, 86_400);
    assert.deepEqual(await codec.verify(forge(header, payload), late), EXPIRED);
    const wrong = [
      forge(header, payload, secret(2)),
      forge({ ...header, alg: 'HS512' }, payload, secret(1), 'sha512'),
      forge(header, { ...payload, aud: 'https://other.example' }),
      forge(header, { ...payload, jti: 1 }),
      forge(header, { ...payload, admin: undefined }),
      forge(header, { ...payload, iat: late / 1000 + 86_400 }),
    ];
    for (const each of wrong) assert.deepEqual(await codec.verify(each, late), INVALID);
  });

  it('makes a token invalid that was issued further ahead than clocks differ', async () => {
    const { codec } = await open();
    const issued = async (aheadSeconds: number) => {
      const issuedAt = plusSeconds(NOON, aheadSeconds);
      return codec.verify(await codec.sign(claims(4, { issuedAt, expiresAt: plusSeconds(issuedAt, 900) })), NOON);
    };
    assert.equal((await issued(CLOCK_SKEW_SECONDS)).ok, true);
    assert.deepEqual(await issued(CLOCK_SKEW_SECONDS + 1), INVALID);
  });
});

describe('a fault', () => {
  it('of the cryptography is thrown, never taken for a wrong token', async () => {
    const { codec } = await openCodec();
    const token = await codec.sign(claims(3));
    const broken = mock.method(crypto.subtle, 'verify', () => Promise.reject(new Error('no engine')));
    await assert.rejects(codec.verify(token, NOON)).finally(() => broken.mock.restore());
    assert.equal((await codec.verify(token, NOON)).ok, true);
  });

  it('of a key that cannot verify is thrown', async () => {
    const { codec, token, ring } = await open();
    const hmac = { name: 'HMAC', hash: 'SHA-256' };
    const verifyWith = await crypto.subtle.importKey('raw', secret(1), hmac, false, ['sign']);
    const unfit = { signing: { ...ring.signing, verifyWith }, verifying: [] };
    await assert.rejects((await openCodec({ keyRing: () => unfit })).codec.verify(token, NOON), TypeError);
    assert.equal((await codec.verify(token, NOON)).ok, true);
  });
});

describe('a secret key', () => {
  it('has 32 bytes or more (RFC 7518 §3.2)', async () => {
    await assert.rejects(secretKey(new Uint8Array(31)), (fault: Error) => {
      assert.ok(fault instanceof RangeError);
      assert.doesNotMatch(fault.message, /0,0/);
      return true;
    });
    assert.equal((await secretKey(new Uint8Array(32))).algorithm, 'HS256');
  });

  it('has an id that is the same wherever the key is, and another for another key', async () => {
    const { kid } = await secretKey(secret(1));
    assert.match(kid, /^[A-Za-z0-9_-]{16}$/);
    assert.equal((await secretKey(secret(1))).kid, kid);
    assert.notEqual((await secretKey(secret(2))).kid, kid);
  });

  it('has an id that is no hash of the bare key, and does not give the key away again', async () => {
    const { kid, signWith } = await secretKey(secret(1));
    const k = Buffer.from(secret(1)).toString('base64url');
    for (const input of [secret(1), JSON.stringify({ k, kty: 'oct' })]) {
      assert.ok(!createHash('sha256').update(input).digest('base64url').startsWith(kid));
    }
    await assert.rejects(crypto.subtle.exportKey('raw', signWith));
  });
});
