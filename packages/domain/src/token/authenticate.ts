import type { Clock } from '../shared/instant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { User } from '../user/user.ts';
import type { UserStore } from '../user/user-store.ts';
import type { RevokedTokenStore } from './revoked-token-store.ts';
import type { AccessTokenClaims, EpochClaims, TokenClaims, TokenCodec, TokenExpired, TokenInvalid } from './token.ts';

/** A token in force, and its user as the store has them now: undefined where they are gone or disabled. */
export interface TokenInForce<Claims extends TokenClaims> {
  readonly token: Claims;
  readonly user: User | undefined;
}

/** Who is asking: the user as the store has them now, and the token that they showed. */
export interface Principal<Claims extends TokenClaims = AccessTokenClaims> extends TokenInForce<Claims> {
  readonly user: User;
}

export interface TokenRevoked {
  readonly kind: 'token-revoked';
}

/** A token for other requests than this one, such as a refresh token where an access token is due. */
export interface TokenOfAnotherKind {
  readonly kind: 'token-of-another-kind';
}

export interface AuthenticateDeps<Claims extends EpochClaims> {
  readonly codec: TokenCodec<Claims>;
  readonly revokedTokens: RevokedTokenStore;
  readonly users: UserStore;
  readonly clock: Clock;
}

export type CheckToken<Claims extends EpochClaims> = (
  text: string,
  isDue?: (claims: Claims) => boolean,
) => Promise<Result<TokenInForce<Claims>, TokenInvalid | TokenExpired | TokenOfAnotherKind | TokenRevoked>>;

/**
 * What a token is worth. Revocation and the user are read on every request, so that logout, removal and demotion hold from the
 * next request on; both are asked for at once, so that a store can answer them together. A token of another epoch than its user's is
 * a revoked one, whatever its `iat`: that is whole seconds, and the user may change twice within one.
 *
 * @param isDue whether a token of this kind is expected, where a service has several.
 */
export const checkToken =
  <Claims extends EpochClaims>({ codec, revokedTokens, users, clock }: AuthenticateDeps<Claims>): CheckToken<Claims> =>
  async (text, isDue) => {
    const verified = await codec.verify(text, clock());
    if (!verified.ok) return verified;
    const token = verified.value;
    if (isDue && !isDue(token)) return err({ kind: 'token-of-another-kind' });
    const [revoked, user] = await Promise.all([revokedTokens.isRevoked(token.tokenId), users.byId(token.userId)]);
    if (revoked) return err({ kind: 'token-revoked' });
    if (!user || user.disabled) return ok({ token, user: undefined });
    return token.epoch === user.tokenEpoch ? ok({ token, user }) : err({ kind: 'token-revoked' });
  };

export type Authenticate<Claims extends TokenClaims = AccessTokenClaims> = (
  text: string,
) => Promise<Result<Principal<Claims>, TokenInvalid | TokenExpired | TokenRevoked>>;

/** Whom a token speaks for; without its user a token is invalid. */
export const authenticate = <Claims extends EpochClaims>(deps: AuthenticateDeps<Claims>): Authenticate<Claims> => {
  const check = checkToken(deps);
  return async (text) => {
    const checked = await check(text);
    if (!checked.ok) return checked.error.kind === 'token-of-another-kind' ? INVALID : err(checked.error);
    const { token, user } = checked.value;
    return user ? ok({ token, user }) : INVALID;
  };
};

const INVALID = err({ kind: 'token-invalid' });
