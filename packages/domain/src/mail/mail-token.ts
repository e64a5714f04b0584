import { collection } from '../collection/collection-definition.ts';
import { field, ownText } from '../collection/field.ts';
import type { TokenHash } from '../session/session.ts';
import type { Instant } from '../shared/instant.ts';
import type { LoginKey } from '../user/login-policy.ts';
import type { UserId } from '../user/user.ts';

/** What whoever reads the mail may do. */
export type MailPurpose = 'verify-email' | 'reset-password';

/** Of each user there are at most so many secrets for each purpose: all that are out are good. */
export const MAIL_TOKENS_PER_PURPOSE = 5;

/** A secret that was sent by mail, as it is stored: who shows it has read the mail. */
export interface MailToken {
  readonly hash: TokenHash;
  readonly purpose: MailPurpose;
  readonly userId: UserId;
  /** The address that it was sent to. Of a user who has another one by now it shows nothing. */
  readonly loginKey: LoginKey;
  /** The user's `tokenEpoch` when it was drawn. In any other epoch it is void, as their access tokens are. */
  readonly epoch: number;
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
}

/** From it the stores derive how they keep the secrets of mails. */
export const mailTokenRecords = collection<MailToken, 'hash'>('mailTokens', {
  fields: {
    ...{ hash: ownText, purpose: ownText, userId: field.reference, loginKey: ownText },
    ...{ epoch: field.integer, issuedAt: field.time, expiresAt: field.time },
  },
  key: 'hash',
});

/** Draws the secrets of mails, and hashes them. */
export interface MailTokenGenerator {
  /** A new one: at least 128 bits that nobody can guess (NIST SP 800-63B-4 §3.1.3.2), fit for a mail to be copied from. */
  draw(): string;
  /** What is stored in its place. */
  hash(text: string): TokenHash;
}
