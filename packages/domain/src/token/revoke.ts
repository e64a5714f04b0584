import type { Emit } from '../event/event.ts';
import type { RefreshTokenCodec } from '../session/refresh-token.ts';
import type { SessionStore } from '../session/session-store.ts';
import type { Clock } from '../shared/instant.ts';
import type { RevokedTokenStore } from './revoked-token-store.ts';
import type { AccessTokenCodec } from './token.ts';

export interface RevokeDeps {
  readonly codec: AccessTokenCodec;
  readonly refreshTokens: RefreshTokenCodec;
  readonly sessions: SessionStore;
  readonly revokedTokens: RevokedTokenStore;
  readonly clock: Clock;
  readonly emit: Emit;
}

export type Revoke = (token: string) => Promise<void>;

/**
 * Takes a token out of force (RFC 7009 §2.1): an access token alone, a refresh token with its session and all that came of it, spent
 * ones included. What is none of ours, or over, is out of force already (§2.2).
 */
export const revoke =
  ({ codec, refreshTokens, sessions, revokedTokens, clock, emit }: RevokeDeps): Revoke =>
  async (token) => {
    const shown = refreshTokens.read(token);
    if (shown) {
      const { userId, sessionId } = shown;
      const ended = await sessions.end(userId, sessionId);
      if (ended) emit({ event: { kind: 'session-ended', userId, sessionId }, at: clock() });
      return;
    }
    const verified = await codec.verify(token, clock());
    if (!verified.ok) return;
    const { userId, tokenId, expiresAt } = verified.value;
    const won = await revokedTokens.revoke({ tokenId, revokedAt: clock(), expiresAt });
    if (won) emit({ event: { kind: 'token-revoked', userId, tokenId }, at: clock() });
  };
