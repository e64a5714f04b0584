/** How many characters a text has: code points, as `maxLength` of JSON Schema counts, not the units of UTF-16. */
export const countCharacters = (text: string): number => [...text].length;

/**
 * What is the same for texts that differ in letter case or in the spelling of accents alone. Normalised (Unicode NFC) after the
 * case is folded and not before, since folding leaves some letters spelt in another way.
 */
export const foldCase = (text: string): string => text.toLowerCase().replaceAll('ς', 'σ').normalize('NFC');
