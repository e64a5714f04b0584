import type { PageRequest, Slice } from '../shared/page.ts';
import type { Result } from '../shared/result.ts';
import type { Email } from './email.ts';
import type { PasswordHash } from './password-hasher.ts';
import type { User, UserId } from './user.ts';

export interface EmailTaken {
  readonly kind: 'email-taken';
  readonly email: string;
}
export interface UserNotFound {
  readonly kind: 'user-not-found';
}
/** Without this user there would be no administrator left who is not disabled. */
export interface LastAdministrator {
  readonly kind: 'last-administrator';
}

/** What may be changed of a user by an administrator; what is left out stays. */
export interface AccessChange {
  readonly admin?: boolean;
  readonly disabled?: boolean;
}

/**
 * Users, by id and by email. Emails are compared by `emailKey` and kept as given. Every method throws `Unavailable`
 * where the store cannot answer; what was acknowledged survives a restart (where the adapter stores durably at all).
 */
export interface UserStore {
  /** Of any number of concurrent callers with one email, exactly one succeeds. */
  add(user: User): Promise<Result<void, EmailTaken>>;
  byId(id: UserId): Promise<User | undefined>;
  byEmail(email: Email): Promise<User | undefined>;
  /** In the order of registration, ties in one fixed order. */
  page(request: PageRequest): Promise<Slice<User>>;
  /**
   * Changes role or state and answers the user as it is then. One atomic operation: of two concurrent callers who would
   * together leave no enabled administrator, one is refused. A change that changes nothing succeeds.
   */
  changeAccess(id: UserId, change: AccessChange): Promise<Result<User, UserNotFound | LastAdministrator>>;
  /** Removes the user; the email is free again. Refuses the last enabled administrator, under concurrency too. */
  remove(id: UserId): Promise<Result<void, UserNotFound | LastAdministrator>>;
  /** Puts `next` in the place of `expected`; false, and nothing changed, where the hash is another one or the user gone. */
  replacePasswordHash(id: UserId, expected: PasswordHash, next: PasswordHash): Promise<boolean>;
}
