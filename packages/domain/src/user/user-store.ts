import type { PreconditionFailed } from '../collection/conditional.ts';
import type { Instant } from '../shared/instant.ts';
import type { PageRequest, Slice } from '../shared/page.ts';
import type { Refusal, Result } from '../shared/result.ts';
import type { LoginKey } from './login-policy.ts';
import type { HashParameters, PasswordHash } from './password-hasher.ts';
import type { User, UserId, UserState } from './user.ts';

export interface LoginTaken {
  readonly kind: 'login-taken';
  readonly login: string;
}
export interface UserNotFound {
  readonly kind: 'user-not-found';
}
/** Without this user there would be no administrator left who is not disabled. */
export interface LastAdministrator {
  readonly kind: 'last-administrator';
}

/** The user is not in the state that the caller saw. */
export type UserChanged = Refusal<'changed'>;

/** Why a user is not changed or removed where there was a precondition. */
export type AccessRefusal = UserNotFound | LastAdministrator | PreconditionFailed;

/** What may be changed of a user by an administrator; what is left out stays. */
export interface AccessChange {
  readonly admin?: boolean;
  readonly disabled?: boolean;
}

/** What a user logs in with, to be set at once. */
export type Credentials = Pick<User, 'login' | 'loginKey' | 'passwordHash'>;

/**
 * Users, by id and by login. Logins are compared by their key alone and kept as given. Every method throws `Unavailable`
 * where the store cannot answer; what was acknowledged survives a restart (where the adapter stores durably at all).
 */
export interface UserStore {
  /**
   * Of any number of concurrent callers with one login key, exactly one succeeds. An id that is in use is a fault, unless the
   * login is taken as well: so the same user may be added again, and is told.
   */
  add(user: User): Promise<Result<void, LoginTaken>>;
  byId(id: UserId): Promise<User | undefined>;
  byLogin(key: LoginKey): Promise<User | undefined>;
  /** In the order of registration, ties in one fixed order. */
  page(request: PageRequest): Promise<Slice<User>>;
  /** Those whose login key begins with this text, in the order of keys, by code points. */
  search(keyPrefix: string, request: PageRequest): Promise<Slice<User>>;
  /**
   * Everyone, in the order of pages. For services whose contract has no pages. Who is there throughout is there once. They are read in
   * parts of `RECORDS_AT_ONCE`, each within the time that a call has.
   * @param admit is told each user as it is read, in order; what it throws ends the reading, and is thrown
   */
  all(admit?: (user: User) => void): Promise<readonly User[]>;
  /**
   * Changes role or state and answers the user as it is then. One atomic operation: of two concurrent callers who would
   * together leave no enabled administrator, one is refused. The same operation moves the token epoch, and ends all sessions of a
   * user who is disabled. A change that changes nothing succeeds and moves nothing.
   * @param seen if given, only while the user is in this state; looked at before all else but whether the user is there. The store
   *   compares as it changes: of any number of callers who saw one state and ask for another one, exactly one succeeds.
   */
  changeAccess(
    id: UserId,
    change: AccessChange,
    seen?: UserState,
  ): Promise<Result<User, UserNotFound | LastAdministrator | UserChanged>>;
  /**
   * Removes the user; the login is free again. Refuses the last enabled administrator, under concurrency too.
   * @param seen as of `changeAccess`
   */
  remove(id: UserId, seen?: UserState): Promise<Result<void, UserNotFound | LastAdministrator | UserChanged>>;
  /**
   * Notes since when the user's login is verified; the first time counts. False, and nothing changed, where the user is gone, has
   * another login by now, or is in another token epoch. One atomic operation.
   */
  verifyLogin(id: UserId, expected: Pick<User, 'loginKey' | 'tokenEpoch'>, at: Instant): Promise<boolean>;
  /**
   * Sets login and password hash, moves the token epoch, has another login verified no more, and answers the user as it is then. One
   * atomic operation: of any number of callers for one login key exactly one has it afterwards, and the user's own key is no obstacle to itself.
   */
  replaceCredentials(id: UserId, credentials: Credentials): Promise<Result<User, UserNotFound | LoginTaken>>;
  /**
   * Puts `next` in the place of the login key `expected`, and leaves everything else as it is, the login and since when it is
   * verified included. False, and nothing changed, if another user has `next`, the key is another one, or the user is gone.
   */
  rekey(id: UserId, expected: LoginKey, next: LoginKey): Promise<boolean>;
  /** How the password hashes of all users are made (`hashParametersOf`), each way once, in any order. Asked at every login. */
  hashParametersInUse(): Promise<readonly HashParameters[]>;
  /**
   * Puts `next` in the place of `expected`, for the same password: the token epoch stays. False, and nothing changed, where the hash
   * is another one or the user gone.
   */
  replacePasswordHash(id: UserId, expected: PasswordHash, next: PasswordHash): Promise<boolean>;
}
