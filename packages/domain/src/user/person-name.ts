import { countCharacters } from '../shared/characters.ts';
import { err, ok, type Result } from '../shared/result.ts';

/** In characters. */
export const PERSON_NAME_MAX_LENGTH = 256;

export type PersonNameFault =
  | { readonly kind: 'person-name-has-controls' }
  | { readonly kind: 'person-name-too-long'; readonly maximumLength: number };

/**
 * Controls, lone surrogates, separators of lines, and format characters, such as those that turn the direction of the text around
 * them. Not the joiners U+200C and U+200D: Persian and the scripts of India write names with them.
 */
const FORBIDDEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/u;

/** A first or last name, which may be empty. */
export function parsePersonName(text: string): Result<string, PersonNameFault> {
  if (FORBIDDEN.test(text)) return err({ kind: 'person-name-has-controls' });
  const maximumLength = PERSON_NAME_MAX_LENGTH;
  return countCharacters(text) > maximumLength ? err({ kind: 'person-name-too-long', maximumLength }) : ok(text);
}
