import type { Clock } from '../shared/instant.ts';
import { err, ok } from '../shared/result.ts';
import type { Authenticate } from '../token/authenticate.ts';
import type { RevokedTokenStore } from '../token/revoked-token-store.ts';
import type { AccessTokenClaims, TokenCodec } from '../token/token.ts';
import type { SessionStore } from './session-store.ts';

export interface AuthenticateSessionDeps<Claims extends AccessTokenClaims> {
  readonly codec: TokenCodec<Claims>;
  readonly revokedTokens: RevokedTokenStore;
  readonly sessions: SessionStore;
  readonly clock: Clock;
}

/**
 * Whom an access token speaks for. Its revocation, its session and its user are looked up on every request, at once: the end of a
 * session, a demotion or a removal holds from the next request on. The token of a session that is over is a revoked one.
 */
export const authenticateSession =
  <Claims extends AccessTokenClaims>({
    codec,
    revokedTokens,
    sessions,
    clock,
  }: AuthenticateSessionDeps<Claims>): Authenticate<Claims> =>
  async (text) => {
    const verified = await codec.verify(text, clock());
    if (!verified.ok) return verified;
    const token = verified.value;
    const [revoked, { user, live }] = await Promise.all([
      revokedTokens.isRevoked(token.tokenId),
      sessions.find(token.userId, token.sessionId),
    ]);
    if (!user || user.disabled) return err({ kind: 'token-invalid' });
    return revoked || !live ? err({ kind: 'token-revoked' }) : ok({ token, user });
  };
