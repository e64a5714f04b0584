import type { Clock } from '../shared/instant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { User } from '../user/user.ts';
import type { UserStore } from '../user/user-store.ts';
import type { AccessTokenClaims, AccessTokenCodec, TokenExpired, TokenInvalid } from './access-token.ts';
import type { RevokedTokenStore } from './revoked-token-store.ts';

/** Who is asking: the user as the store has them now, and the token that they showed. */
export interface Principal {
  readonly user: User;
  readonly token: AccessTokenClaims;
}

export interface TokenRevoked {
  readonly kind: 'token-revoked';
}

export interface AuthenticateDeps {
  readonly codec: AccessTokenCodec;
  readonly revokedTokens: RevokedTokenStore;
  readonly users: UserStore;
  readonly clock: Clock;
}

export type Authenticate = (
  accessToken: string,
) => Promise<Result<Principal, TokenInvalid | TokenExpired | TokenRevoked>>;

/**
 * Whom a token speaks for. Revocation and the user are read on every request, so that logout, removal and demotion hold
 * from the next request on; both are asked for at once, so that a store can answer them together.
 */
export const authenticate =
  ({ codec, revokedTokens, users, clock }: AuthenticateDeps): Authenticate =>
  async (accessToken) => {
    const verified = await codec.verify(accessToken, clock());
    if (!verified.ok) return verified;
    const token = verified.value;
    const [revoked, user] = await Promise.all([revokedTokens.isRevoked(token.tokenId), users.byId(token.userId)]);
    if (revoked) return err({ kind: 'token-revoked' });
    if (!user || user.disabled) return err({ kind: 'token-invalid' });
    return ok({ user, token });
  };
