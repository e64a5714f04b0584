import type { Branded } from '../shared/branded.ts';
import type { Instant } from '../shared/instant.ts';
import type { Result } from '../shared/result.ts';
import type { UserId } from '../user/user.ts';

/** `jti` (RFC 7519 §4.1.7): one token, however it is spelt. */
export type TokenId = Branded<string, 'TokenId'>;
/** `sid`: the login that the token belongs to. */
export type SessionId = Branded<string, 'SessionId'>;

/** What every token says, however its service writes it. Times are whole seconds, since `iat` and `exp` are written so. */
export interface TokenClaims {
  readonly tokenId: TokenId;
  readonly userId: UserId;
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
}

/** What a token says where no session stands behind it: it counts as long as its user is in the same epoch. */
export interface EpochClaims extends TokenClaims {
  /** The user's `tokenEpoch` when the token was issued. A token that does not say has epoch 0. */
  readonly epoch: number;
}

/** What an access token says (RFC 9068 §2.2). */
export interface AccessTokenClaims extends TokenClaims {
  readonly sessionId: SessionId;
  /** The role when the token was issued. Informs the client and gives nobody a right: the user's record decides. */
  readonly admin: boolean;
}

export interface TokenInvalid {
  readonly kind: 'token-invalid';
}
export interface TokenExpired {
  readonly kind: 'token-expired';
}

/** Writes and reads signed tokens of one service (JWS compact form, RFC 7515 §7.1). Knows keys, and nothing of users. */
export interface TokenCodec<Claims extends TokenClaims> {
  sign(claims: Claims): Promise<string>;
  /**
   * The claims of a token that we signed, for us, and that has not expired at `now`. Any other text is `token-invalid`:
   * malformed, another key, algorithm, type, issuer or audience, a claim missing or of the wrong type, issued in the future.
   */
  verify(text: string, now: Instant): Promise<Result<Claims, TokenInvalid | TokenExpired>>;
}

export type AccessTokenCodec = TokenCodec<AccessTokenClaims>;
