/**
 * Characters that a terminal obeys, or that show a text in another order than it has: controls, line and paragraph separators, and
 * invisible format characters but for the two joiners, which scripts need (U+200C and U+200D).
 */
const OBEYED = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]|(?![\u200c\u200d])\p{Cf}/gu;

/** Bold and colours, as Select Graphic Rendition (ECMA-48 §8.3.117): what reports and the log are dressed with. None hides a text. */
const ESCAPE = '\u001b';
const RENDITION = new RegExp(`(${ESCAPE}\\[(?:1|22|3\\d|4[19]|9\\d)m)`);

/** A text on one line, with U+FFFD for each character that a terminal would obey. */
export const printable = (text: string): string => text.replaceAll(OBEYED, '\ufffd');

/** The same for a line that has colours. */
export const printableInColour = (line: string): string =>
  line
    .split(RENDITION)
    .map((part, index) => (index % 2 === 1 ? part : printable(part)))
    .join('');

/** The same for each line of a text. */
export const printableLines = (text: string, line = printable): string => text.split('\n').map(line).join('\n');

/** `\u001b` (RFC 8259 §7), of a character beyond U+FFFF as its two units. */
const escaped = (character: string): string =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');

/** JSON for a program, or for a terminal: what a terminal would obey is escaped, and so stays what it is. */
export const printableJson = (value: unknown, indent?: number): string =>
  // A line end stands between members alone; one in a string is escaped already.
  JSON.stringify(value, undefined, indent).replaceAll(OBEYED, (character) =>
    character === '\n' ? character : escaped(character),
  );
