import { cheapest, PATTERN_BITS, patternsIn } from './patterns.ts';
import { typedText } from './typed-text.ts';

/** How long a text is in bits: as one of a random generator, and in the shortest way that was found to say it. */
export interface Description {
  readonly random: number;
  readonly shortest: number;
}

/** Kinds of characters, with the characters of each. */
const KINDS = [
  'abcdefghijklmnopqrstuvwxyz',
  'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  '0123456789',
  ' !"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
] as const;
const LOWER = 0;
const UPPER = 1;
const DIGIT = 2;
const SYMBOL = 3;

/** How often people go from one kind to another: words are in lower case or begin with a capital, digits come together. */
const NEXT_KIND = [
  [0.8, 0.05, 0.08, 0.07],
  [0.65, 0.25, 0.05, 0.05],
  [0.1, 0.15, 0.65, 0.1],
  [0.3, 0.3, 0.25, 0.15],
] as const;
/** How many characters of the text itself count as much as that. */
const NEXT_KIND_WEIGHT = 4;

/** What generators draw from. */
const ALPHABETS = [
  { form: /^(?:[0-9a-f]+|[0-9A-F]+)$/, size: 16 },
  { form: /^(?:[a-z]+|[A-Z]+)$/, size: 26 },
  { form: /^(?:[a-z2-7]+|[A-Z2-7]+)$/, size: 32 },
  { form: /^(?:[a-z0-9]+|[A-Z0-9]+)$/, size: 36 },
  { form: /^[A-Za-z]+$/, size: 52 },
  { form: /^[A-Za-z0-9]+$/, size: 62 },
  { form: /^(?:[\w-]+|[A-Za-z0-9+/]+)=*$/, size: 64 },
  { form: /^[ -~]*$/, size: 95 },
] as const;
const HEXADECIMAL = ALPHABETS[0].form;
const HEXADECIMAL_LETTERS = 'abcdef';

/** A text of printable ASCII characters. */
export function describeText(given: string): Description {
  // One case alone says nothing, whichever it is.
  const text = /[a-z]/.test(given) ? given : given.toLowerCase();
  const size = ALPHABETS.find(({ form }) => form.test(text))?.size ?? 95;
  const letters = HEXADECIMAL.test(text) ? HEXADECIMAL_LETTERS : KINDS[LOWER];
  const { length } = text;
  const kinds = kindsOf(text);
  const counts = KINDS.map((_, kind) => kinds.filter((each) => each === kind).length);
  // Which kind is where, as drawn at random: how many there are of each, and in which of all orders.
  const order = logFactorial(length + 3) - logFactorial(3) - sum(counts.map(logFactorial));
  const literal = kinds.map((kind) => Math.log2(kind <= UPPER ? letters.length : (KINDS[kind]?.length ?? 1)));
  const random = Math.min(length * Math.log2(size), order + sum(literal));

  const patterns = patternsIn(viewsOf(text));
  const shortest = readingsOf(text).map(({ text: read, bits, letters: own = letters, backwards }) => {
    const ways = [typedBits(read, own), typedBits(read, own, true)];
    const unread = [literal, ownBits(text, letters), rowBits(text, letters)];
    const each = backwards ? ways.map((way) => [...way].reverse()) : read === text ? [...ways, ...unread] : ways;
    return bits + Math.min(order, kindBits(kindsOf(read))) + Math.min(...each.map((way) => cheapest(way, patterns)));
  });
  return { random, shortest: Math.min(...shortest) };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
const logFactorial = (n: number): number => (n < 2 ? 0 : Math.log2(n) + logFactorial(n - 1));
const kindOf = (char: string): number => KINDS.findIndex((chars) => chars.includes(char));
const kindsOf = (text: string): readonly number[] => [...text].map(kindOf);

/** Which kind is where, as people have it, with what the text itself shows on its way. */
function kindBits(kinds: readonly number[]): number {
  const seen = NEXT_KIND.map((row) => row.map((share) => share * NEXT_KIND_WEIGHT));
  let before = SYMBOL;
  let bits = 0;
  for (const kind of kinds) {
    const row = seen[before] ?? [];
    bits -= Math.log2((row[kind] ?? 0) / sum(row));
    row[kind] = (row[kind] ?? 0) + 1;
    before = kind;
  }
  return bits;
}

/** For each character, given its kind, what it takes where people type. @param across whether words go on behind what is no letter */
function typedBits(text: string, letters: string, across = false): readonly number[] {
  const { bits } = typedText();
  let before: readonly [string, string] = ['', ''];
  let kindBefore = SYMBOL;
  let symbol: string | undefined;
  return [...text].map((char) => {
    const kind = kindOf(char);
    const isLetter = kind <= UPPER;
    const isNewWord = isLetter !== kindBefore <= UPPER || (kind === UPPER && kindBefore === LOWER);
    kindBefore = kind;
    if (kind === SYMBOL) {
      const first = symbol === undefined;
      const same = symbol === char;
      symbol = char;
      return same ? -Math.log2(SAME_SYMBOL) : Math.log2(KINDS[SYMBOL].length / (first ? 1 : 1 - SAME_SYMBOL));
    }
    if (across && !isLetter) return Math.log2(KINDS[DIGIT].length);
    if (isNewWord && !across) before = ['', ''];
    const folded = char.toLowerCase();
    const taken = bits(folded, before, isLetter ? letters : KINDS[DIGIT]);
    before = [before[1], folded];
    return taken;
  });
}
const SAME_SYMBOL = 0.7;

/** For each character what it takes where some come more often than others. */
function ownBits(text: string, letters: string): readonly number[] {
  const counts = new Map<string, number>();
  return [...text].map((char) => {
    const kind = KINDS.find((each) => each.includes(char)) ?? '';
    const chars =
      letters.length < kind.length && /[a-f]/i.test(char) ? (char < 'a' ? letters.toUpperCase() : letters) : kind;
    let all = 0;
    for (const other of chars) all += 0.3 + (counts.get(other) ?? 0);
    const here = counts.get(char) ?? 0;
    counts.set(char, here + 1);
    return Math.log2(all / (0.3 + here));
  });
}

const LETTER_ROWS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'];
const SAME_ROW = 0.85;

/** For each character what it takes where hands stay in a row of the keyboard. */
function rowBits(text: string, letters: string): readonly number[] {
  let rowBefore: string | undefined;
  return [...text.toLowerCase()].map((char) => {
    const row = LETTER_ROWS.find((each) => each.includes(char));
    if (row === undefined || letters.length < 26) return Math.log2((KINDS[kindOf(char)] ?? '').length);
    const share = rowBefore === undefined ? 1 / 3 : row === rowBefore ? SAME_ROW : (1 - SAME_ROW) / 2;
    rowBefore = row;
    return Math.log2(row.length / share);
  });
}

interface Reading {
  readonly text: string;
  /** What it takes to say that the text is to be read so. */
  readonly bits: number;
  /** What its letters are among, where that is not what those of the text are among. */
  readonly letters?: string;
  readonly backwards?: boolean;
}

/** The text itself, backwards, by ROT13, and with letters for digits. */
function readingsOf(text: string): readonly Reading[] {
  const rotated = text.replaceAll(/[a-z]/gi, (letter) => {
    const first = letter <= 'Z' ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - first + 13) % 26) + first);
  });
  return [
    { text, bits: 0 },
    { text: [...text].reverse().join(''), bits: 2, backwards: true },
    { text: rotated, bits: 2, letters: KINDS[LOWER] },
    ...['i', 'l'].map((one) => withLettersForDigits(text, one)),
  ];
}

const LETTER_FOR: Readonly<Record<string, string>> = {
  ...{ '0': 'o', '3': 'e', '4': 'a', '5': 's', '7': 't', '8': 'b', '9': 'g', '@': 'a', $: 's', '!': 'i' },
};
const REPLACED = new Set([...Object.values(LETTER_FOR), 'l']);
const YEAR = /^(?:19|20)\d\d/;

function withLettersForDigits(text: string, one: string): Reading {
  let bits = 3;
  let read = '';
  const seen = { replaced: 1, kept: 1 };
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (YEAR.test(text.slice(at))) {
      read += text.slice(at, at + 4);
      at += 3;
      continue;
    }
    const letter = char === '1' ? one : LETTER_FOR[char];
    const nextTo =
      /[a-z]/i.test(`${text[at - 1] ?? ''}${text[at + 1] ?? ''}`) || LETTER_FOR[text[at - 1] ?? ''] !== undefined;
    const replaced = letter !== undefined && nextTo;
    if (replaced || REPLACED.has(char.toLowerCase())) {
      const way = replaced ? 'replaced' : 'kept';
      bits -= Math.log2(seen[way] / (seen.replaced + seen.kept));
      seen[way] += 1;
    }
    read += replaced ? letter : char;
  }
  return { text: read, bits, letters: KINDS[LOWER] };
}

const ROW = 16;
/** Where the keys are, as one number each: the one to the right is one more, the one below is a row more. */
const KEYBOARDS = [
  ['`1234567890-=', ' qwertyuiop[]\\', " asdfghjkl;'", ' zxcvbnm,./'],
  [' 1234567890', ' qwertzuiop', ' asdfghjkl', ' yxcvbnm,.-'],
  [' 1234567890', ' azertyuiop', ' qsdfghjklm', ' wxcvbn,;:!'],
].map((rows) => {
  const places = new Map<string, number>();
  for (const [y, row] of rows.entries())
    for (const [x, key] of [...row].entries()) if (key !== ' ') places.set(key, y * ROW + x);
  for (const [at, shifted] of [...'~!@#$%^&*()_+'].entries()) {
    const place = places.get('`1234567890-='[at] ?? '');
    if (place !== undefined && !places.has(shifted)) places.set(shifted, place);
  }
  return places;
});

/** A text as numbers in which what follows a rule goes on by steps: its characters, and its keys. */
const viewsOf = (text: string): readonly (readonly number[])[] => {
  const folded = [...text.toLowerCase()];
  return [
    folded.map((char) => char.charCodeAt(0)),
    ...KEYBOARDS.map((places) => folded.map((char) => places.get(char) ?? Number.NaN)),
  ];
};

/** Bytes that are no text. */
export function describeBytes(bytes: Uint8Array): Description {
  const values = [...bytes];
  const random = 8 * values.length;
  const repeated = cheapest(
    values.map(() => 8),
    patternsIn([values]),
  );
  return { random, shortest: Math.min(repeated, recurring(values), monotone(values)) };
}

/** b[i+1] = a b[i] + c, modulo 256: what counts, what doubles, and what simple generators make. */
function recurring(values: readonly number[]): number {
  let longest = 0;
  for (let factor = 0; factor < 256; factor += 1) {
    let length = 0;
    let step: number | undefined;
    for (let at = 1; at < values.length; at += 1) {
      const here = ((values[at] ?? 0) - factor * (values[at - 1] ?? 0)) & 255;
      length = here === step ? length + 1 : 1;
      step = here;
      longest = Math.max(longest, length);
    }
  }
  // Factor and step, where it begins, and how long it is.
  return 8 * (values.length - longest) + 16 + PATTERN_BITS + 2 * Math.log2(values.length);
}

/** Of r values that only rise, or only fall, all r! orders but one are left out. */
function monotone(values: readonly number[]): number {
  let most = 0;
  for (const direction of [1, -1]) {
    let saved = 0;
    let length = 1;
    for (let at = 1; at < values.length; at += 1) {
      const goesOn = ((values[at] ?? 0) - (values[at - 1] ?? 0)) * direction > 0;
      length = goesOn ? length + 1 : 1;
      saved = goesOn ? saved + Math.log2(length) : 0;
      most = Math.max(most, saved);
    }
  }
  // Which way, where it begins, and how long it is.
  return 8 * values.length - most + PATTERN_BITS + 2 * Math.log2(values.length);
}
