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
 * same token, so that a successor can be told twice and stored as its hash alone. Whoever changes the secret ends all sessions.
 */
export function hmacRefreshTokenCodec(secret: Uint8Array): RefreshTokenCodec {
  const key = Buffer.from(hkdfSync('sha256', secret, new Uint8Array(0), LABEL, KEY_BYTES));
  const macOf = (id: string): Buffer => createHmac('sha256', key).update(id).digest();

  const write = ({ userId, sessionId, generation }: RefreshTokenId): string => {
    const id = Buffer.from(JSON.stringify([userId, sessionId, generation])).toString('base64url');
    return `${id}.${macOf(id).toString('base64url')}`;
  };

  return {
    write,
    read(text) {
      if (text.length > TEXT_MAX_LENGTH) return undefined;
      const [id = '', mac = '', ...more] = text.split('.');
      const expected = Buffer.from(macOf(id).toString('base64url'));
      const shown = Buffer.from(mac);
      // As it was written: of the spellings of one token there is only one.
      if (more.length > 0 || shown.length !== expected.length || !timingSafeEqual(shown, expected)) return undefined;
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
