import type { TokenHash } from '../session/session.ts';
import type { Instant } from '../shared/instant.ts';
import type { UserId } from '../user/user.ts';
import type { MailPurpose, MailToken } from './mail-token.ts';

/**
 * The secrets that are out by mail: of each user the newest for each purpose. Every method throws `Unavailable` where the store
 * cannot answer.
 */
export interface MailTokenStore {
  /** Puts it in the place of the one that the user had for this purpose, which counts no more. */
  put(token: MailToken): Promise<void>;
  find(purpose: MailPurpose, hash: TokenHash): Promise<MailToken | undefined>;
  /** True for exactly one caller however many arrive at once: it is used up, and there no more. */
  take(purpose: MailPurpose, hash: TokenHash): Promise<boolean>;
  /** Forgets the one that the user has for this purpose, if any. */
  drop(userId: UserId, purpose: MailPurpose): Promise<void>;
  /** Forgets those whose `expiresAt` is at or before `limit` and answers how many they were. */
  sweep(limit: Instant): Promise<number>;
}
