import type { Branded } from '../shared/branded.ts';
import type { Result } from '../shared/result.ts';

/** What a user logs in with, an email address or a user name, spelt as it was given: it passed its service's policy. */
export type Login = Branded<string, 'Login'>;

/** What all spellings of one login have in common; a store's unique index is on it. */
export type LoginKey = Branded<string, 'LoginKey'>;

/** What a service takes for a login. A parameter of the use cases; stores know the key alone. */
export interface LoginPolicy<Fault> {
  readonly parse: (text: string) => Result<Login, Fault>;
  readonly keyOf: (login: Login) => LoginKey;
}
