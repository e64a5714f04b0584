import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';

/** A token taken apart by hand: no library of the server's has a part in it. */
export interface Decoded {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly parts: readonly [header: string, payload: string, signature: string];
}

export function decode(token: string): Decoded {
  assert.match(token, /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/, 'three parts of base64url without padding');
  const [header = '', payload = '', signature = ''] = token.split('.');
  return { header: read(header), payload: read(payload), parts: [header, payload, signature] };
}

const read = (part: string): Readonly<Record<string, unknown>> =>
  JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));

export const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const DIGESTS: Readonly<Record<string, string>> = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' };

/** Signs as the header says: nothing at all for `none`. */
export function sign(header: Readonly<Record<string, unknown>>, payload: unknown, secret: string): string {
  const input = `${encode(header)}.${encode(payload)}`;
  const digest = DIGESTS[String(header.alg)];
  return `${input}.${digest ? createHmac(digest, secret).update(input).digest('base64url') : ''}`;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Other spellings of a token: each decodes to the same bytes, signature included. */
export function respelt(token: string): readonly string[] {
  const { parts } = decode(token);
  const [header, payload, signature] = parts;
  const bytes = Buffer.from(signature, 'base64url');
  const others = [...ALPHABET]
    .map((letter) => signature.slice(0, -1) + letter)
    .filter((text) => text !== signature && Buffer.from(text, 'base64url').equals(bytes));
  assert.ok(others.length > 0, 'a signature of 32 bytes has spare bits');
  return [...others, `${signature}=`, `${signature}==`].map((text) => `${header}.${payload}.${text}`);
}
