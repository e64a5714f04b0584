import type { Clock } from '../shared/instant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { TokenRevoked } from './authenticate.ts';
import type { RevokedTokenStore } from './revoked-token-store.ts';
import type { TokenClaims } from './token.ts';

export type LogOut = (shown: { readonly token: TokenClaims }) => Promise<Result<void, TokenRevoked>>;

/** Takes the token shown out of force. Of two logouts at once one succeeds; to the other the token is revoked already. */
export const logOut =
  ({ revokedTokens, clock }: { readonly revokedTokens: RevokedTokenStore; readonly clock: Clock }): LogOut =>
  async ({ token }) => {
    const won = await revokedTokens.revoke({ tokenId: token.tokenId, revokedAt: clock(), expiresAt: token.expiresAt });
    return won ? ok(undefined) : err({ kind: 'token-revoked' });
  };
