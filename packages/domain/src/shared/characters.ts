/** How many characters a text has: code points, as `maxLength` of JSON Schema counts, not the units of UTF-16. */
export const countCharacters = (text: string): number => [...text].length;
