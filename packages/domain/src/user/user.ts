import { collection } from '../collection/collection-definition.ts';
import type { Version } from '../collection/collection-store.ts';
import { field, ownText } from '../collection/field.ts';
import type { Branded } from '../shared/branded.ts';
import type { Instant } from '../shared/instant.ts';
import { isUuid } from '../shared/uuid.ts';
import type { Login, LoginKey } from './login-policy.ts';
import type { PasswordHash } from './password-hasher.ts';

/** A user's public id, never given out twice: a random UUID, or where a service counts its users the number as text. */
export type UserId = Branded<string, 'UserId'>;

/** Where ids of new users come from. */
export type NewUserId = () => UserId | Promise<UserId>;

export interface User {
  readonly id: UserId;
  /** As it was registered; compared by `loginKey`. */
  readonly login: Login;
  readonly loginKey: LoginKey;
  readonly passwordHash: PasswordHash;
  readonly admin: boolean;
  /** A disabled user can neither log in nor use a token that is still out. */
  readonly disabled: boolean;
  readonly registeredAt: Instant;
  /** Since when the login is known to be an address of theirs; null while nobody has shown it. */
  readonly verifiedAt: Instant | null;
  /**
   * Which tokens count: those that name this epoch. A whole number from 0 on. The store moves it forward by 1 in the same operation
   * in which it changes the password, the role or the state of the user, or ends all their sessions. It never goes back.
   */
  readonly tokenEpoch: number;
  /** As given, null where it was not. */
  readonly firstName: string | null;
  readonly lastName: string | null;
}

export const isEnabledAdministrator = ({ admin, disabled }: Pick<User, 'admin' | 'disabled'>): boolean =>
  admin && !disabled;

/** The user, of whom no token that is out counts any more. */
export const inNextEpoch = (user: User): User => ({ ...user, tokenEpoch: user.tokenEpoch + 1 });

/** From it the stores derive how they keep users. The lists of a `UserStore` go by its order and by its sorts. */
export const userRecords = collection<User, 'id'>('users', {
  fields: {
    ...{ id: field.reference, login: ownText, loginKey: ownText, passwordHash: ownText },
    ...{ admin: field.boolean, disabled: field.boolean },
    ...{ registeredAt: field.time, verifiedAt: field.optional(field.time), tokenEpoch: field.integer },
    ...{ firstName: field.optional(ownText), lastName: field.optional(ownText) },
  },
  key: 'id',
  ...{ unique: ['loginKey'], kept: ['registeredAt'] },
  ...{ order: ['registeredAt', 'id'], filters: ['loginKey'], sorts: ['loginKey'] },
});

/**
 * What tells one state of a user from another: each change that anyone can see moves one of these. The pair never comes back, since the
 * epoch only goes forward, and a verification is only undone together with a new epoch.
 */
export type UserState = Pick<User, 'tokenEpoch' | 'verifiedAt'>;

export const isInState = (user: UserState, { tokenEpoch, verifiedAt }: UserState): boolean =>
  user.tokenEpoch === tokenEpoch && user.verifiedAt === verifiedAt;

/** Names the state of a user, among all that the user is ever in. */
export const userVersion = ({ tokenEpoch, verifiedAt }: UserState): Version =>
  `${tokenEpoch}-${verifiedAt ?? ''}` as Version;

/** The id in this text, or undefined if it is none. */
export const parseUserId = (text: string): UserId | undefined => (isUuid(text) ? (text as UserId) : undefined);
