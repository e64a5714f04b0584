import type { Branded } from '../shared/branded.ts';
import type { Result } from '../shared/result.ts';

/** What a user logs in with, an email address or a user name, spelt as it was given: it passed its service's policy. */
export type Login = Branded<string, 'Login'>;

/** What all spellings of one login have in common; a store's unique index is on it. */
export type LoginKey = Branded<string, 'LoginKey'>;

/** What a service takes for a login. A parameter of the use cases; stores know the key alone. */
export interface LoginPolicy<Fault> {
  /** Reads a login to register. */
  readonly parse: (text: string) => Result<Login, Fault>;
  /** Reads a login to look for: also one that an earlier release registered and `parse` refuses now. Undefined if it never was one. */
  readonly presented: (text: string) => Login | undefined;
  readonly keyOf: (login: Login) => LoginKey;
  /** The key by which an earlier release stored the login; mostly the same. */
  readonly earlierKeyOf: (login: Login) => LoginKey;
  /** What the keys of all logins that begin with this text begin with. */
  readonly keyOfPrefix: (text: string) => string;
}

export type LoginKeys = Pick<LoginPolicy<never>, 'keyOf' | 'earlierKeyOf'>;
