import { err, ok, type Result } from '../shared/result.ts';

export interface PersonNameInvalid {
  readonly kind: 'person-name-has-controls';
}

/**
 * Controls, lone surrogates, separators of lines, and format characters, such as those that turn the direction of the text around
 * them. Not the joiners U+200C and U+200D: Persian and the scripts of India write names with them.
 */
const FORBIDDEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/u;

/** A first or last name, which may be empty. */
export const parsePersonName = (text: string): Result<string, PersonNameInvalid> =>
  FORBIDDEN.test(text) ? err({ kind: 'person-name-has-controls' }) : ok(text);
