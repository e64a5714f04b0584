/** How many characters a text has: code points, as `maxLength` of JSON Schema counts, not the units of UTF-16. */
export const countCharacters = (text: string): number => [...text].length;

/** How many octets a well-formed text has in UTF-8. */
export const countOctets = (text: string): number => {
  let octets = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    octets += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return octets;
};

/**
 * What is the same for texts that differ in letter case or in the spelling of accents alone. Normalised (Unicode NFC) after the
 * case is folded and not before, since folding leaves some letters spelt in another way.
 */
export const foldCase = (text: string): string => text.toLowerCase().replaceAll('ς', 'σ').normalize('NFC');

const LAST_CODE_POINT = 0x10ffff;
const SURROGATES = { first: 0xd800, next: 0xe000 } as const;

/**
 * The least text, in the order of code points, that comes after all that begin with `prefix`; undefined where there is none. For
 * stores that look a prefix up as a range.
 */
export function endOfPrefix(prefix: string): string | undefined {
  const points = [...prefix].map((character) => character.codePointAt(0) ?? 0);
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    if (last === LAST_CODE_POINT) continue;
    const next = last + 1 === SURROGATES.first ? SURROGATES.next : last + 1;
    return String.fromCodePoint(...points, next);
  }
  return undefined;
}

// With the flag u, \p{Cs} is found only where it stands alone: half of a surrogate pair.
const LONE_SURROGATE = /\p{Cs}/u;

const CONTROL = /\p{Cc}/u;

/** Whether a text has control characters (U+0000 to U+001F, U+007F to U+009F), line ends and tabs among them. */
export const hasControls = (text: string): boolean => CONTROL.test(text);

const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/u;

/**
 * Whether a text has controls, lone surrogates, separators of lines, or format characters, such as those that turn the direction of the text
 * around them. Not the joiners U+200C and U+200D: Persian and the scripts of India write words with them, and emoji are made with them.
 */
export const hasUnseen = (text: string): boolean => UNSEEN.test(text);

/** Whether a text is well-formed Unicode. */
export const isWellFormed = (text: string): boolean => !LONE_SURROGATE.test(text);
