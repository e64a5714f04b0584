import type { TokenHash } from '../session/session.ts';
import type { Instant } from '../shared/instant.ts';
import type { UserId } from '../user/user.ts';
import type { MailPurpose, MailToken } from './mail-token.ts';

/**
 * The secrets that are out by mail: of each user at most `MAIL_TOKENS_PER_PURPOSE` for each purpose. Every method throws
 * `Unavailable` where the store cannot answer.
 */
export interface MailTokenStore {
  /**
   * Adds a token beside the others of the user. Where there are as many as there may be, it takes the place of the one that was
   * issued first, if that was at or before `replaceable`; else false, and nothing changed. To put the same hash again changes
   * nothing, and is true. The number is kept, and no younger one replaced, however many callers there are.
   */
  put(token: MailToken, replaceable: Instant): Promise<boolean>;
  find(purpose: MailPurpose, hash: TokenHash): Promise<MailToken | undefined>;
  /**
   * Uses a token up: true for exactly one caller of it, however many arrive at once. Once that is answered, the others that the
   * user had for this purpose are gone as well.
   */
  take(purpose: MailPurpose, hash: TokenHash): Promise<boolean>;
  /** Forgets those that the user has for this purpose. */
  drop(userId: UserId, purpose: MailPurpose): Promise<void>;
  /** Forgets those whose `expiresAt` is at or before `limit` and answers how many they were. */
  sweep(limit: Instant): Promise<number>;
}
