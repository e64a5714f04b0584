import type { Branded } from '../shared/branded.ts';
import type { Instant } from '../shared/instant.ts';
import { isUuid } from '../shared/uuid.ts';
import type { Email } from './email.ts';
import type { PasswordHash } from './password-hasher.ts';

/** A user's public id, a random UUID: `sub` in tokens, `public_id` in answers. */
export type UserId = Branded<string, 'UserId'>;

export interface User {
  readonly id: UserId;
  /** As it was registered; compared without letter case, by `emailKey`. */
  readonly email: Email;
  readonly passwordHash: PasswordHash;
  readonly admin: boolean;
  /** A disabled user can neither log in nor use a token that is still out. */
  readonly disabled: boolean;
  readonly registeredAt: Instant;
}

/** The id in this text, or undefined if it is none. */
export const parseUserId = (text: string): UserId | undefined => (isUuid(text) ? (text as UserId) : undefined);
