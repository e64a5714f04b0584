import type { Branded } from '../shared/branded.ts';
import { countCharacters, isWellFormed } from '../shared/characters.ts';
import { err, ok, type Result } from '../shared/result.ts';

/** A password that may be set: it passed `parseNewPassword`. */
export type NewPassword = Branded<string, 'NewPassword'>;

export interface PasswordPolicy {
  /** In characters. */
  readonly minimumLength: number;
  readonly maximumLength: number;
  /** Whether the password, in lower case, is among those that are guessed first. */
  readonly isCommon: (lowerCased: string) => boolean;
  /** Whether the login itself will do for a password, as some contracts have it. */
  readonly mayBeLogin?: boolean;
}

export type PasswordFault =
  /** U+0000 or a lone surrogate: hash functions and stores cut or replace them, and two passwords become one. */
  | { readonly kind: 'password-not-text' }
  | { readonly kind: 'password-too-short'; readonly minimumLength: number }
  | { readonly kind: 'password-too-long'; readonly maximumLength: number }
  | { readonly kind: 'password-common' }
  | { readonly kind: 'password-is-login' };

/** What a new password must be (NIST SP 800-63B §3.1.1.2): long enough, not a common one, not the user's own login. */
export const parseNewPassword =
  (policy: PasswordPolicy) =>
  (text: string, login: string | undefined): Result<NewPassword, PasswordFault> => {
    const { minimumLength, maximumLength } = policy;
    if (text.includes('\0') || !isWellFormed(text)) return err({ kind: 'password-not-text' });
    const length = countCharacters(text);
    if (length < minimumLength) return err({ kind: 'password-too-short', minimumLength });
    if (length > maximumLength) return err({ kind: 'password-too-long', maximumLength });
    const lowerCased = text.toLowerCase();
    if (!policy.mayBeLogin && lowerCased === login?.toLowerCase()) return err({ kind: 'password-is-login' });
    if (policy.isCommon(lowerCased)) return err({ kind: 'password-common' });
    return ok(text as NewPassword);
  };
