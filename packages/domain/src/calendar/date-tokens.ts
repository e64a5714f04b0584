const DIGIT = /^\p{Nd}$/u;

/** The value of a decimal digit of any script. Unicode has them in runs from 0 to 9, one run behind another in places. */
function digitValue(digit: string): number {
  const point = digit.codePointAt(0) ?? 0;
  let before = 0;
  while (DIGIT.test(String.fromCodePoint(point - before - 1))) before += 1;
  return before % 10;
}

/** The decimal digits of every script as those of ASCII, as Python's `int` reads them. */
const withAsciiDigits = (text: string): string => text.replaceAll(/\p{Nd}/gu, (digit) => String(digitValue(digit)));

/**
 * A word or a number, each with what dots join to it, or one other character. A comma is part of a number behind two digits or
 * more. Every repetition begins with another character than what comes before it, so the time is linear.
 */
const CHUNK = /(?:\p{L}+|\d{2,},\d*|\d+)(?:\.(?:\p{L}+|\d+)?)*|[\s\S]/gu;

/** White space as in Python: with the next line of ISO 6429, without the byte order mark. */
const SPACE = /^(?!\ufeff)[\s\u0085]$/;

const SEPARATORS = /([.,])/;

/** dateutil looks at what follows a letter before it splits, so a single letter at the very end stays with its number. */
const NUMBER_WITH_LAST_LETTER = /^[\d.,]*\.\p{L}$/u;

/**
 * The tokens of a text, as dateutil's `_timelex` splits it: words, numbers, single other characters, and a blank for any white
 * space. A dot is a decimal point or a separator, by what is around it; a comma that is a decimal point becomes a dot.
 */
export function tokensOf(text: string): readonly string[] {
  const chunks = withAsciiDigits(text).match(CHUNK) ?? [];
  return chunks.flatMap((chunk, index) => tokensOfChunk(chunk, index === chunks.length - 1));
}

function tokensOfChunk(chunk: string, last: boolean): readonly string[] {
  if (SPACE.test(chunk)) return [' '];
  if (chunk.length === 1) return [chunk];
  const letters = /\p{L}/u.test(chunk) && !(last && NUMBER_WITH_LAST_LETTER.test(chunk));
  const dots = chunk.split('.').length - 1;
  if (letters || dots > 1 || /[.,]$/.test(chunk)) return chunk.split(SEPARATORS).filter((token) => token !== '');
  return [dots === 0 ? chunk.replace(',', '.') : chunk];
}
