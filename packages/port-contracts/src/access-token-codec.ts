import assert from 'node:assert/strict';
import {
  type AccessTokenClaims,
  type AccessTokenCodec,
  CLOCK_SKEW_SECONDS,
  instant,
  ok,
  plusSeconds,
  type SessionId,
  type TokenId,
} from '@portcullis/domain';
import { type CaseOptions, type ContractCase, cases, type Disposable } from './contract-case.ts';
import { NOON, userId, uuid } from './samples.ts';

export interface AccessTokenCodecSubject extends Disposable {
  readonly codec: AccessTokenCodec;
  /** The same in everything but its key. */
  readonly stranger: AccessTokenCodec;
}

const INVALID = { ok: false, error: { kind: 'token-invalid' } } as const;
const EXPIRED = { ok: false, error: { kind: 'token-expired' } } as const;

const claims = (fields: Partial<AccessTokenClaims> = {}): AccessTokenClaims => ({
  tokenId: uuid(1) as TokenId,
  sessionId: uuid(2) as SessionId,
  userId: userId(3),
  admin: false,
  issuedAt: NOON,
  expiresAt: plusSeconds(NOON, 900),
  ...fields,
});

const contract = cases<AccessTokenCodecSubject>('contract', {
  'reads every claim as it was signed': async ({ codec }) => {
    for (const signed of [claims(), claims({ admin: true, tokenId: uuid(9) as TokenId, userId: userId(8) })]) {
      assert.deepEqual(await codec.verify(await codec.sign(signed), NOON), ok(signed));
    }
  },
  'writes the JWS compact form': async ({ codec }) => {
    assert.match(await codec.sign(claims()), /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/);
  },
  'takes a token up to the millisecond before it expires': async ({ codec }) => {
    const text = await codec.sign(claims());
    assert.equal((await codec.verify(text, instant(claims().expiresAt - 1))).ok, true);
    assert.deepEqual(await codec.verify(text, claims().expiresAt), EXPIRED);
    assert.deepEqual(await codec.verify(text, plusSeconds(claims().expiresAt, 86_400)), EXPIRED);
  },
  'believes a clock that is a little ahead, and no more': async ({ codec }) => {
    const text = await codec.sign(claims());
    assert.equal((await codec.verify(text, plusSeconds(NOON, -CLOCK_SKEW_SECONDS))).ok, true);
    assert.deepEqual(await codec.verify(text, plusSeconds(NOON, -CLOCK_SKEW_SECONDS - 1)), INVALID);
  },
  'refuses the token of another key, expired or not': async ({ codec, stranger }) => {
    const foreign = await stranger.sign(claims());
    assert.equal((await stranger.verify(foreign, NOON)).ok, true);
    assert.deepEqual(await codec.verify(foreign, NOON), INVALID);
    assert.deepEqual(await codec.verify(foreign, plusSeconds(NOON, 86_400)), INVALID);
  },
});

const races = cases<AccessTokenCodecSubject>('races', {
  'keeps concurrent callers apart': async ({ codec }) => {
    const signed = Array.from({ length: 20 }, (_, n) => claims({ tokenId: uuid(n) as TokenId, admin: n % 2 === 0 }));
    const texts = await Promise.all(signed.map((each) => codec.sign(each)));
    const read = await Promise.all(texts.map((text) => codec.verify(text, NOON)));
    assert.deepEqual(
      read,
      signed.map((each) => ok(each)),
    );
  },
});

const hostile = cases<AccessTokenCodecSubject>('hostile', {
  'refuses a token that was changed in any part': async ({ codec }) => {
    const [header = '', payload = '', signature = ''] = (await codec.sign(claims())).split('.');
    const promoted = encode({ ...decode(payload), admin: true });
    const other = (await codec.sign(claims({ userId: userId(4) }))).split('.');
    const changed = [
      [header, promoted, signature],
      [header, other[1], signature],
      [header, payload, other[2]],
      [encode({ ...decode(header), kid: 'other' }), payload, signature],
      [encode({ ...decode(header), alg: 'none' }), payload, ''],
      [encode({ ...decode(header), alg: 'none' }), promoted, signature],
      [header, payload, ''],
      [header, payload, signature, signature],
      [header, payload],
      [payload, header, signature],
    ];
    for (const parts of changed) assert.deepEqual(await codec.verify(parts.join('.'), NOON), INVALID, parts.join('.'));
  },
  'takes another spelling of a token for the same token or for none': async ({ codec }) => {
    const text = await codec.sign(claims());
    const last = text.charCodeAt(text.length - 1);
    const spellings = [1, 2, 3].map((step) => text.slice(0, -1) + String.fromCharCode(last + step));
    for (const spelling of [...spellings, `${text}=`, `${text}==`, ` ${text}`, `${text} `, `${text}\n`, `${text}\0`]) {
      const read = await codec.verify(spelling, NOON);
      assert.deepEqual(read, read.ok ? ok(claims()) : INVALID, JSON.stringify(spelling));
    }
  },
  'calls any other text invalid and never throws': async ({ codec }) => {
    const text = await codec.sign(claims());
    const texts = [
      '',
      '.',
      '..',
      '....',
      'a.b.c',
      'null',
      '{}',
      '%',
      '\0',
      '\ud800',
      'Bearer',
      `Bearer ${text}`,
      text.repeat(2),
    ];
    for (const each of [...texts, 'A'.repeat(1_000_000), `${text}${'A'.repeat(1_000_000)}`, '.'.repeat(100_000)]) {
      assert.deepEqual(await codec.verify(each, NOON), INVALID, JSON.stringify(each.slice(0, 100)));
    }
  },
});

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (part: string): object => JSON.parse(Buffer.from(part, 'base64url').toString());

/** What every AccessTokenCodec must do. */
export const accessTokenCodecContract = (options: CaseOptions<AccessTokenCodecSubject>): readonly ContractCase[] =>
  [contract, races, hostile].flatMap((section) => section(options));
