import { countCharacters, hasUnseen } from '../shared/characters.ts';
import { err, ok, type Result } from '../shared/result.ts';

/** In characters. */
export const PERSON_NAME_MAX_LENGTH = 256;

export type PersonNameFault =
  | { readonly kind: 'person-name-has-controls' }
  | { readonly kind: 'person-name-too-long'; readonly maximumLength: number };

/** A first or last name, which may be empty. */
export function parsePersonName(text: string): Result<string, PersonNameFault> {
  if (hasUnseen(text)) return err({ kind: 'person-name-has-controls' });
  const maximumLength = PERSON_NAME_MAX_LENGTH;
  return countCharacters(text) > maximumLength ? err({ kind: 'person-name-too-long', maximumLength }) : ok(text);
}
