import type { Emit } from '../event/event.ts';
import type { Clock } from '../shared/instant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { TokenRevoked } from './authenticate.ts';
import type { RevokedTokenStore } from './revoked-token-store.ts';
import type { TokenClaims } from './token.ts';

export interface LogOutDeps {
  readonly revokedTokens: RevokedTokenStore;
  readonly clock: Clock;
  readonly emit: Emit;
}

export type LogOut = (shown: { readonly token: TokenClaims }) => Promise<Result<void, TokenRevoked>>;

/** Takes the token shown out of force. Of two logouts at once one succeeds; to the other the token is revoked already. */
export const logOut =
  ({ revokedTokens, clock, emit }: LogOutDeps): LogOut =>
  async ({ token }) => {
    const won = await revokedTokens.revoke({ tokenId: token.tokenId, revokedAt: clock(), expiresAt: token.expiresAt });
    if (!won) return err({ kind: 'token-revoked' });
    emit({ event: { kind: 'token-revoked', userId: token.userId, tokenId: token.tokenId }, at: clock() });
    return ok(undefined);
  };
