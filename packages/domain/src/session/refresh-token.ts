import type { SessionId } from '../token/token.ts';
import type { UserId } from '../user/user.ts';
import type { TokenHash } from './session.ts';

/** Which refresh token it is. */
export interface RefreshTokenId {
  readonly userId: UserId;
  readonly sessionId: SessionId;
  /** From 0 on; a refresh token's successor is the next one. */
  readonly generation: number;
}

/** Writes and reads refresh tokens (RFC 6749 §1.5), opaque to those who hold them. Derived, not drawn: an id always has the same token. */
export interface RefreshTokenCodec {
  write(id: RefreshTokenId): string;
  /** Every text that `read` takes for this id, that of `write` first: more than one while the secret behind them is replaced. */
  spellings(id: RefreshTokenId): readonly string[];
  /** Which token of ours it is; undefined for any other text. */
  read(text: string): RefreshTokenId | undefined;
  /** What is stored in its place. */
  hash(text: string): TokenHash;
}
