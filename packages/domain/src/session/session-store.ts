import type { Instant } from '../shared/instant.ts';
import type { SessionId } from '../token/token.ts';
import type { PasswordHash } from '../user/password-hasher.ts';
import type { User, UserId } from '../user/user.ts';
import type { Rotation, RotationOutcome } from './rotation.ts';
import type { Session, SessionRecord, TokenHash } from './session.ts';

/** What a request asks about its token: answered together, so that neither costs a round trip of its own. */
export interface SessionFound {
  /** As the store has them now; undefined where they are gone. */
  readonly user: User | undefined;
  /** Whether the session is there: it has not ended. */
  readonly live: boolean;
}

export interface PasswordReplacement {
  /** The one session that goes on. */
  readonly keep?: SessionId | undefined;
  /** The token epoch that the user is to be in; any, if left out. */
  readonly epoch?: number | undefined;
}

/**
 * Sessions of the users in the UserStore beside it; they go with their user. Every method throws `Unavailable` where the store
 * cannot answer. What is acknowledged is seen by every reader, on every node, from then on, and survives a restart (where the
 * adapter stores durably at all).
 */
export interface SessionStore {
  /**
   * Begins a session with its first refresh token. One atomic operation with the look at the user: false, and nothing begun, where
   * they are gone, disabled, or have another password hash by now. Beyond `SESSIONS_PER_USER` the user's session that was not used
   * for longest ends. Ids are random and never in use.
   */
  begin(session: Session, first: TokenHash, expected: PasswordHash): Promise<boolean>;
  find(userId: UserId, id: SessionId): Promise<SessionFound>;
  /** The session with its tokens' hashes; undefined where it is not there. */
  record(userId: UserId, id: SessionId): Promise<SessionRecord | undefined>;
  /**
   * Spends a refresh token for its successor, by the rule of `judgeRotation`. One atomic operation: of any number of callers who
   * show the newest token at once, exactly one is told `rotated`; of those who show a spent one, at most one `reused`.
   */
  rotate(rotation: Rotation): Promise<RotationOutcome>;
  /** In the order of `createdAt`, ties in one fixed order. */
  ofUser(userId: UserId): Promise<readonly Session[]>;
  /**
   * True for exactly one caller: the one who ended it.
   * @param lastUsedAt if given, only while it was last used then: false, and nothing ended, where it was refreshed since
   */
  end(userId: UserId, id: SessionId, lastUsedAt?: Instant): Promise<boolean>;
  /** Ends all sessions of a user, but for `keep`, moves their token epoch, and answers how many they were. One atomic operation. */
  endAll(userId: UserId, keep?: SessionId): Promise<number>;
  /**
   * Puts `next` in the place of `expected`, moves the user's token epoch and ends all sessions but `keep`: all of it or nothing.
   * False, and nothing changed, where the hash is another one, the user gone, or in another epoch than `epoch`. No session that was
   * begun with `expected` is left.
   */
  replacePassword(
    userId: UserId,
    expected: PasswordHash,
    next: PasswordHash,
    replacement?: PasswordReplacement,
  ): Promise<boolean>;
  /** Forgets the sessions whose `expiresAt` is at or before `limit` and answers how many they were. */
  sweep(limit: Instant): Promise<number>;
}
