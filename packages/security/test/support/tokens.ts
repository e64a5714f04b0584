import { createHmac } from 'node:crypto';
import {
  type AccessTokenClaims,
  fromNumericDate,
  instant,
  parseUserId,
  type SessionId,
  type TokenId,
} from '@portcullis/domain';
import { type JoseAccessTokenCodecOptions, joseAccessTokenCodec, secretKey } from '@portcullis/security';

export const NOON = instant(Date.UTC(2030, 0, 1, 12));
export const ISSUER = 'https://widgets.example';
export const AUDIENCE = 'https://widgets.example/api/v1';

export const uuid = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

export function claims(n: number, fields: Partial<AccessTokenClaims> = {}): AccessTokenClaims {
  const userId = parseUserId(uuid(1));
  if (!userId) throw new TypeError('not a user id');
  return {
    tokenId: uuid(n) as TokenId,
    sessionId: uuid(2) as SessionId,
    userId,
    admin: false,
    issuedAt: NOON,
    expiresAt: fromNumericDate(NOON / 1000 + 900),
    ...fields,
  };
}

/** A secret of 32 equal bytes. */
export const secret = (byte: number): Uint8Array<ArrayBuffer> => new Uint8Array(32).fill(byte);

/** A codec on one key that never changes. */
export async function openCodec(
  options: Partial<JoseAccessTokenCodecOptions> & { readonly key?: Uint8Array<ArrayBuffer> } = {},
) {
  const { key = secret(1), ...rest } = options;
  const ring = { signing: await secretKey(key), verifying: [] };
  const codec = joseAccessTokenCodec({ keyRing: () => ring, issuer: ISSUER, audience: AUDIENCE, ...rest });
  return { codec, ring };
}

type Json = Readonly<Record<string, unknown>>;

/** The parts of a token, to be changed and put together again. */
export function takeApart(token: string): { readonly header: Json; readonly payload: Json } {
  const [header = '', payload = ''] = token.split('.');
  const decode = (part: string): Json => JSON.parse(Buffer.from(part, 'base64url').toString());
  return { header: decode(header), payload: decode(payload) };
}

/** Puts a token together and signs it, without jose. Header and payload as objects, or as the very text or bytes. */
export function forge(
  header: Json | string,
  payload: Json | string | Uint8Array,
  key: Uint8Array = secret(1),
  hash: 'sha256' | 'sha512' = 'sha256',
): string {
  const encode = (part: Json | string | Uint8Array): string =>
    Buffer.from(typeof part === 'string' || part instanceof Uint8Array ? part : JSON.stringify(part)).toString(
      'base64url',
    );
  const input = `${encode(header)}.${encode(payload)}`;
  const hmac = createHmac(hash, key);
  return `${input}.${hmac.update(input).digest('base64url')}`;
}
