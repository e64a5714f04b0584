import { Buffer } from 'node:buffer';
import { createHmac, hash, hkdfSync, timingSafeEqual } from 'node:crypto';
import {
  isUuid,
  type RefreshTokenCodec,
  type RefreshTokenId,
  type SessionId,
  type TokenHash,
  type UserId,
} from '@portcullis/domain';

/** RFC 5869 §3.2: keys of one secret for other purposes have other labels. */
const LABEL = 'portcullis refresh token';
const KEY_BYTES = 32;
const LAST_GENERATION = Number.MAX_SAFE_INTEGER - 1;
const TEXT_MAX_LENGTH = 512;

/**
 * Refresh tokens as an id and its HMAC-SHA-256, under a key that is derived from the secret (HKDF, RFC 5869). An id always has the
 * same token, so that a successor can be told twice and stored as its hash alone.
 *
 * @param previous is read as well, and writes nothing: a session goes on and has a token of the new secret at its next refresh. Without
 * it another secret ends all sessions.
 */
export function hmacRefreshTokenCodec(secret: Uint8Array, previous?: Uint8Array): RefreshTokenCodec {
  const keyOf = (bytes: Uint8Array) => Buffer.from(hkdfSync('sha256', bytes, new Uint8Array(0), LABEL, KEY_BYTES));
  const key = keyOf(secret);
  const keys = previous ? [key, keyOf(previous)] : [key];
  const macOf = (id: string, by: Buffer): string => createHmac('sha256', by).update(id).digest('base64url');
  const write = ({ userId, sessionId, generation }: RefreshTokenId, by: Buffer): string => {
    const id = Buffer.from(JSON.stringify([userId, sessionId, generation])).toString('base64url');
    return `${id}.${macOf(id, by)}`;
  };

  return {
    write: (id) => write(id, key),
    spellings: (id) => keys.map((by) => write(id, by)),
    read(text) {
      if (text.length > TEXT_MAX_LENGTH) return undefined;
      const [id = '', mac = '', ...more] = text.split('.');
      const shown = Buffer.from(mac);
      // As it was written: under one key a token has one spelling.
      const isBy = (by: Buffer): boolean => {
        const expected = Buffer.from(macOf(id, by));
        return shown.length === expected.length && timingSafeEqual(shown, expected);
      };
      if (more.length > 0 || !keys.some(isBy)) return undefined;
      return idIn(Buffer.from(id, 'base64url').toString());
    },
    hash: (text) => hash('sha256', text, 'base64url') as TokenHash,
  };
}

/** What we wrote and signed. */
function idIn(text: string): RefreshTokenId | undefined {
  const [userId, sessionId, generation] = JSON.parse(text) as [UserId, SessionId, number];
  return isUuid(sessionId) && generation <= LAST_GENERATION ? { userId, sessionId, generation } : undefined;
}
