import { countCharacters, foldCase } from '../shared/characters.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { Login, LoginKey, LoginPolicy } from './login-policy.ts';

export type UserNameFault =
  | { readonly kind: 'user-name-too-short'; readonly minimumLength: number }
  | { readonly kind: 'user-name-too-long'; readonly maximumLength: number }
  | { readonly kind: 'user-name-has-colon' }
  | { readonly kind: 'user-name-has-controls' };

export interface UserNameRules {
  /** In characters. */
  readonly minimumLength: number;
  readonly maximumLength: number;
  /** Whether `Ada` and `ada` are two users, or one who is written `ada`. */
  readonly letterCase: 'distinct' | 'lowered';
  /** Whether a name may hold a colon; one that does cannot be sent as Basic credentials (RFC 7617 §2). */
  readonly colons: boolean;
}

/** Controls, format characters, lone surrogates and separators of lines: two names that look the same, or forge a line of a list. */
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Users log in by a name of their own. However accents are spelt, it is one name (Unicode NFC). */
export const userNameLogins = (rules: UserNameRules): LoginPolicy<UserNameFault> => {
  const fold = (text: string): string => (rules.letterCase === 'lowered' ? foldCase(text) : text.normalize('NFC'));
  /** What passed for a name in earlier releases, too. */
  function measured(text: string): Result<Login, UserNameFault> {
    const { minimumLength, maximumLength } = rules;
    const length = countCharacters(text);
    if (length < minimumLength) return err({ kind: 'user-name-too-short', minimumLength });
    if (length > maximumLength) return err({ kind: 'user-name-too-long', maximumLength });
    if (!rules.colons && text.includes(':')) return err({ kind: 'user-name-has-colon' });
    return ok((rules.letterCase === 'lowered' ? text.toLowerCase() : text) as Login);
  }
  const keyOf = (login: Login) => fold(login) as LoginKey;
  return {
    parse(text) {
      const login = measured(text);
      return login.ok && FORBIDDEN.test(text) ? err({ kind: 'user-name-has-controls' }) : login;
    },
    presented(text) {
      const login = measured(text);
      return login.ok ? login.value : undefined;
    },
    keyOf,
    earlierKeyOf: keyOf,
    keyOfPrefix: fold,
  };
};
