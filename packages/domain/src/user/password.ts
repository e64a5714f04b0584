import type { Branded } from '../shared/branded.ts';
import { countCharacters, hasUnseen } from '../shared/characters.ts';
import { err, ok, type Result } from '../shared/result.ts';

/** A password that may be set: it passed `parseNewPassword`. */
export type NewPassword = Branded<string, 'NewPassword'>;

/** What a password may have at most, in characters; far beyond any passphrase, and it bounds the work of hashing. */
export const PASSWORD_MAX_LENGTH = 1024;
/**
 * What a text may have at most to be compared with a password. It is compared once it is normalised, and before that up to four characters
 * may stand for one: a letter and three accents.
 */
export const PRESENTED_PASSWORD_MAX_LENGTH = 4 * PASSWORD_MAX_LENGTH;

export interface PasswordPolicy {
  /** In characters. */
  readonly minimumLength: number;
  readonly maximumLength: number;
  /** Whether the password, normalised and in lower case (`lowerCasedPassword`), is among those that are guessed first. */
  readonly isCommon: (lowerCased: string) => boolean;
  /** Whether the login itself will do for a password, as some contracts have it. */
  readonly mayBeLogin?: boolean;
}

export type PasswordFault =
  /**
   * Characters that nobody sees: controls, format characters but joiners, and separators of lines (RFC 8265 §4.2.2 refuses them, too).
   * Keyboards and terminals do not send them all, and hash functions and stores cut at U+0000 or replace lone surrogates.
   */
  | { readonly kind: 'password-not-text' }
  | { readonly kind: 'password-too-short'; readonly minimumLength: number }
  | { readonly kind: 'password-too-long'; readonly maximumLength: number }
  | { readonly kind: 'password-common' }
  | { readonly kind: 'password-is-login' };

/**
 * One spelling for what looks the same (RFC 8265 §4.2.2, OpaqueString): every space is U+0020, and accents are composed (Unicode NFC).
 * Letter case and compatibility characters still count.
 */
export const normalizePassword = (text: string): string => text.replaceAll(/\p{Zs}/gu, ' ').normalize('NFC');

/** As lists of common passwords are compared: normalised, in lower case. */
export const lowerCasedPassword = (text: string): string => normalizePassword(text.toLowerCase());

/** What a new password must be, once it is normalised (NIST SP 800-63B §3.1.1.2): long enough, not a common one, not the user's own login. */
export const parseNewPassword =
  (policy: PasswordPolicy) =>
  (typed: string, login: string | undefined): Result<NewPassword, PasswordFault> => {
    const { minimumLength, maximumLength } = policy;
    if (hasUnseen(typed)) return err({ kind: 'password-not-text' });
    const text = normalizePassword(typed);
    const length = countCharacters(text);
    if (length < minimumLength) return err({ kind: 'password-too-short', minimumLength });
    if (length > maximumLength) return err({ kind: 'password-too-long', maximumLength });
    const lowerCased = lowerCasedPassword(text);
    if (!policy.mayBeLogin && login !== undefined && lowerCased === lowerCasedPassword(login))
      return err({ kind: 'password-is-login' });
    if (policy.isCommon(lowerCased)) return err({ kind: 'password-common' });
    return ok(text as NewPassword);
  };
